"""The API on lists and their segments."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from newsletter import segments
from newsletter.access import Scope
from newsletter.app import App
from newsletter.web.api import schema
from newsletter.web.api.guard import Guarded, may, require
from subscribers import store

router = APIRouter(prefix=schema.PREFIX, route_class=Guarded, responses=schema.PROBLEMS)

FILTER = 'As in `tag:vip and city = "Pune"`; empty: everybody on the list.'
SAMPLE = (
    "How many people are shown, where the token may see any; "
    f"{segments.SAMPLE} of them when nothing is said."
)
Filter = Annotated[str, Query(description=FILTER)]
Sample = Annotated[int | None, Query(ge=0, le=segments.LARGEST_SAMPLE, description=SAMPLE)]


class ListTold(BaseModel):
    """A list, and how many of its people may be mailed now."""

    slug: str
    name: str
    count: int


class Lists(BaseModel):
    """All lists, by slug."""

    lists: list[ListTold]


class Asked(BaseModel):
    """A filter, and how many people are to be shown."""

    model_config = ConfigDict(extra="forbid", strict=True)

    filter: str = Field(default="", description=FILTER)
    sample: int | None = Field(default=None, ge=0, le=segments.LARGEST_SAMPLE, description=SAMPLE)


class Person(BaseModel):
    """One of the people in a segment."""

    email: str
    name: str


class Told(BaseModel):
    """Whom a filter means: in words, counted, and some of them by address."""

    list: str
    filter: str
    explanation: str
    count: int
    sample: Sequence[Person]


@router.get("/lists")
def lists(request: Request) -> Lists:
    """Return all lists, and how many of their people may be mailed now."""
    house: App = request.app.state.house
    with house.database.read() as session:
        return Lists(
            lists=[
                ListTold(slug=one.slug, name=one.name, count=store.count_audience(session, one.id))
                for one in store.lists(session)
            ]
        )


@router.get("/lists/{slug}/segment")
def segment(request: Request, slug: str, filter: Filter = "", sample: Sample = None) -> Told:
    """Return whom a filter means; a filter that names people is better posted than in an address."""
    return _told(request, slug, filter, sample)


@router.post("/lists/{slug}/segment")
def posted_segment(request: Request, slug: str, asked: Asked) -> Told:
    """Return whom a filter means, that stands in the body and in no log."""
    return _told(request, slug, asked.filter, asked.sample)


@router.get("/openapi.json", include_in_schema=False)
def openapi() -> Response:
    """Return the API's description (OpenAPI 3.1)."""
    return Response(schema.written(router.routes), media_type="application/json")


def _told(request: Request, slug: str, text: str, sample: int | None) -> Told:
    if sample:
        require(request, Scope.PEOPLE, "ask with sample=0, or make one with --people")
    most = segments.SAMPLE if sample is None else sample
    house: App = request.app.state.house
    with house.database.read() as session:
        list_ = store.find_list(session, slug)
        found = segments.find(session, list_, text, limit=most if may(request, Scope.PEOPLE) else 0)
        people = [Person(email=one.email or "", name=one.name) for one in found.people]
    return Told(
        list=list_.slug,
        filter=text,
        explanation=f"people {found.told}",
        count=found.count,
        sample=people,
    )
