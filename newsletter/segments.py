"""Whom a filter means: said in words, counted, and some of them shown.

The one place behind `subscribers find --segment`, the admin's page and the API.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from newsletter import engagement
from subscribers import store
from subscribers.models import List, Subscriber

EVERYBODY = "on the list"
SAMPLE, LARGEST_SAMPLE = 10, 100


@dataclass(frozen=True, slots=True)
class Found:
    """Who may be mailed now; `told` is a phrase after "people", `people` some of them by address."""

    told: str
    count: int
    people: Sequence[Subscriber]


def find(
    session: Session, list_: List, text: str, *, limit: int = SAMPLE, after: str = ""
) -> Found:
    """Return whom a filter means on a list, everybody for an empty one.

    `after` is an address's key behind which the sample begins. Raises SegmentRefused, which knows
    the character that is wrong.
    """
    narrowed = engagement.narrowed(session, list_, text)
    told = EVERYBODY if narrowed is None else engagement.told(text)
    count = store.count_audience(session, list_.id, narrowed)
    shown = limit and store.sample_audience(session, list_.id, narrowed, limit=limit, after=after)
    return Found(told, count, shown or ())
