"""One answered click or open, and the line of the log that says it, both ways."""

from enum import StrEnum
from typing import NamedTuple

from newsletter.message import Visitor

WAITING = "waiting"
BUSY = "busy"
HOUR_MS = 3_600_000
_FIELDS = 8


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


class Says(StrEnum):
    """What a line is: a hit, the verdict on one person's, or on so many that name nobody."""

    HIT = "+"
    VERDICT = "="
    VERDICTS = "*"


class Line(NamedTuple):
    """A line of the log; of VERDICTS the hit's `number` is how many and `at` begins their hour."""

    says: Says
    hit: Hit


_VISITORS = {str(visitor): visitor for visitor in Visitor}
_SAYS = {str(says): says for says in Says}


def written(line: Line) -> bytes:
    """Return a line as the log holds it, its newline at the end."""
    number, at, issue_id, link, subscriber_id, visitor, reason = line.hit
    return (
        f"{line.says} {number} {at} {issue_id} {link} {subscriber_id} {visitor} {reason}\n".encode()
    )


def read(line: bytes) -> Line | None:
    """Return what a line says, or None for one that is none of ours."""
    fields = line.decode("ascii", "replace").split(" ")
    if len(fields) != _FIELDS:
        return None
    says, number, at, issue_id, link, subscriber_id, visitor, reason = fields
    try:
        return Line(
            _SAYS[says],
            Hit(
                int(number),
                int(at),
                int(issue_id),
                int(link),
                int(subscriber_id),
                _VISITORS[visitor],
                reason,
            ),
        )
    except (ValueError, KeyError):
        return None
