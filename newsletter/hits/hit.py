"""One answered click or open, and the line of the log that says it, both ways."""

from enum import StrEnum
from typing import NamedTuple

PIXEL = 0
WAITING = "waiting"
_FIELDS = 8


class Visitor(StrEnum):
    """Who made a hit, as far as can be told; figures show the three apart (RULES M-1)."""

    PERSON = "person"
    MACHINE = "machine"
    UNKNOWN = "unknown"


class Hit(NamedTuple):
    """One answered click or open.

    `number` counts the hits of one log, `at` is in Unix milliseconds, `link` is the link's number
    or PIXEL. `subscriber_id` is NOBODY's unless the person agreed. `reason` is the rule's word.
    """

    number: int
    at: int
    issue_id: int
    link: int
    subscriber_id: int
    visitor: Visitor
    reason: str


class Line(NamedTuple):
    """A line of the log: a hit, or what became of one that was waiting for its verdict."""

    hit: Hit
    is_verdict: bool = False


def written(line: Line) -> bytes:
    """Return a line as the log holds it, its newline at the end."""
    mark = "=" if line.is_verdict else "+"
    number, at, issue_id, link, subscriber_id, visitor, reason = line.hit
    return f"{mark} {number} {at} {issue_id} {link} {subscriber_id} {visitor} {reason}\n".encode()


def read(line: bytes) -> Line | None:
    """Return what a line says, or None for one that is none of ours."""
    fields = line.decode("ascii", "replace").split(" ")
    if len(fields) != _FIELDS or fields[0] not in ("+", "="):
        return None
    try:
        numbers = [int(field) for field in fields[1:6]]
        hit = Hit(*numbers, Visitor(fields[6]), fields[7])  # type: ignore[call-arg, arg-type] # the five numbers in their order
    except ValueError:
        return None
    return Line(hit, fields[0] == "=")
