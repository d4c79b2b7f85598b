"""What follows from a report, in one table; docs/bounces-and-complaints.md explains it."""

from collections.abc import Mapping
from typing import NamedTuple

from newsletter.message import Cause, EventType
from subscribers.models import SuppressionReason

# So many issues in a row of which the person got none (RULES WH-9).
IN_A_ROW = 3


class Consequence(NamedTuple):
    """What a report does to a person.

    `suppress` is the reason for which the address is mailed no more, once `after` issues in a
    row ended so; `leaves`: the subscription to the issue's list ends.
    """

    suppress: SuppressionReason | None = None
    after: int = 1
    leaves: bool = False


NOTHING = Consequence()
_DEAD = Consequence(SuppressionReason.BOUNCED)
_AWAY = Consequence(SuppressionReason.BOUNCED, after=IN_A_ROW)
_COMPLAINT = Consequence(SuppressionReason.COMPLAINED, leaves=True)
_GOODBYE = Consequence(leaves=True)

CONSEQUENCES: Mapping[tuple[EventType, Cause], Consequence] = {
    (EventType.BOUNCED, Cause.ADDRESS): _DEAD,
    (EventType.BOUNCED, Cause.MAILBOX): _AWAY,
    (EventType.BOUNCED, Cause.UNCLEAR): _AWAY,
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
# The causes for which issues in a row are counted.
AWAY = frozenset(cause for (_, cause), one in CONSEQUENCES.items() if one.after > 1)


def consequence(kind: EventType, cause: Cause) -> Consequence | None:
    """Return what follows from a report of this kind and cause, None for nothing."""
    found = CONSEQUENCES.get((kind, cause), NOTHING)
    return None if found == NOTHING else found
