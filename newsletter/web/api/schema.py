"""The API's description of itself, for whoever holds a token."""

from collections.abc import Sequence
from typing import Any

import orjson
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from starlette.routing import BaseRoute

from newsletter.access import CALLS_A_MINUTE
from newsletter.web.api.problems import MEDIA_TYPE

PREFIX = "/api/v1"


class ProblemTold(BaseModel):
    """Why something was not done (RFC 9457).

    `position` is the character of the filter that is wrong, from 0; `errors` are those of a
    question that cannot be read.
    """

    status: int
    title: str
    detail: str
    mend: str = ""
    position: int | None = None
    errors: list[dict[str, str]] = []


_MEANINGS = {
    401: "No token, or one that does not open.",
    403: "The token may not do that.",
    404: "There is no such list.",
    422: "The question, or its filter, cannot be read; `position` is the character.",
    429: "Too often in one minute; `Retry-After` says for how long.",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": told,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, told in _MEANINGS.items()
}


def written(routes: Sequence[BaseRoute]) -> bytes:
    """Return the description of these routes as JSON."""
    told = get_openapi(
        title="Broadsheet",
        version="1",
        description=f"Lists, and whom a filter means. At most {CALLS_A_MINUTE} calls a minute.",
        routes=routes,
    )
    parts = told.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = ProblemTold.model_json_schema()
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    told["security"] = [{"token": []}]
    return orjson.dumps(told, option=orjson.OPT_INDENT_2)
