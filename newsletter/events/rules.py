"""What follows from a report, in one table; docs/bounces-and-complaints.md explains it."""

from collections.abc import Mapping
from typing import NamedTuple

from newsletter.issues.away import AWAY
from newsletter.message import Cause, EventType
from subscribers.models import SuppressionReason


class Consequence(NamedTuple):
    """What a report does to a person.

    `suppress` is the reason for which the address is mailed no more, `after_a_row` of issues that
    ended so (`issues.is_away_for_long`); `leaves`: the subscription to the issue's list ends.
    """

    suppress: SuppressionReason | None = None
    after_a_row: bool = False
    leaves: bool = False


NOTHING = Consequence()
_DEAD = Consequence(SuppressionReason.BOUNCED)
_AWAY = Consequence(SuppressionReason.BOUNCED, after_a_row=True)
_COMPLAINT = Consequence(SuppressionReason.COMPLAINED, leaves=True)
_GOODBYE = Consequence(leaves=True)

CONSEQUENCES: Mapping[tuple[EventType, Cause], Consequence] = {
    (EventType.BOUNCED, Cause.ADDRESS): _DEAD,
    **{(EventType.BOUNCED, cause): _AWAY for cause in AWAY},
    (EventType.BOUNCED, Cause.BLOCK): NOTHING,
    (EventType.REJECTED, Cause.ADDRESS): _DEAD,
    (EventType.REJECTED, Cause.COMPLAINT): _COMPLAINT,
    (EventType.REJECTED, Cause.GOODBYE): _GOODBYE,
    (EventType.REJECTED, Cause.BLOCK): NOTHING,
    (EventType.REJECTED, Cause.UNCLEAR): NOTHING,
    (EventType.COMPLAINED, Cause.NONE): _COMPLAINT,
    (EventType.UNSUBSCRIBED, Cause.NONE): _GOODBYE,
}
# Most reports are of other kinds, and nothing follows from them whatever they say.
HEAVY = frozenset(kind for (kind, _), one in CONSEQUENCES.items() if one != NOTHING)


def consequence(kind: EventType, cause: Cause) -> Consequence | None:
    """Return what follows from a report of this kind and cause, None for nothing."""
    found = CONSEQUENCES.get((kind, cause), NOTHING)
    return None if found == NOTHING else found
