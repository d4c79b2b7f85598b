"""What the API says when it does not do something: problem details (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import Response
from fastapi.exceptions import RequestValidationError

from subscribers.errors import SegmentRefused, SubscriberError

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """A call that is not done; `more` are further members of the answer."""

    def __init__(
        self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status, self.headers, self.more = status, headers, more


def answer(problem: Problem) -> Response:
    """Return a problem as it is sent."""
    told = {
        "status": problem.status,
        "title": HTTPStatus(problem.status).phrase,
        "detail": str(problem),
        **problem.more,
    }
    # Half a character may stand in what was asked, and cannot be written.
    data = orjson.dumps(_written(told))
    return Response(data, problem.status, problem.headers, MEDIA_TYPE)


def of_error(error: Exception) -> Problem:
    """Return what an error of ours, or of what was asked, is to a program."""
    match error:
        case Problem():
            return error
        case SegmentRefused():
            return Problem(422, error.reason, position=error.at, mend=error.mend)
        case SubscriberError():
            return Problem(404, str(error))
        case RequestValidationError():
            wrong = [
                {"at": ".".join(str(part) for part in one["loc"]), "detail": one["msg"]}
                for one in error.errors()
            ]
            return Problem(422, "this cannot be asked like that", errors=wrong)
    return Problem(500, "a defect of ours; its log names it")


def _written(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case Mapping():
            return {_written(key): _written(one) for key, one in value.items()}
        case Sequence():
            return [_written(one) for one in value]
    return value
