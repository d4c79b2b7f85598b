"""What a delivery status says became of a mail (RFC 3464), in our words."""

import re
from typing import NamedTuple

from newsletter.bounces.mail import Headers, Mail
from newsletter.bounces.words import said
from newsletter.message import Cause, EventType
from newsletter.status_codes import cause_of, enhanced

KINDS = ("message/delivery-status", "message/global-delivery-status")
_ACTIONS = {
    "failed": EventType.BOUNCED,
    "delayed": EventType.DEFERRED,
    "delivered": EventType.DELIVERED,
    "relayed": EventType.DELIVERED,
    "expanded": EventType.DELIVERED,
}
_BY_CLASS = {"5": EventType.BOUNCED, "4": EventType.DEFERRED, "2": EventType.DELIVERED}
# It says no more than that it failed.
_VAGUE = re.compile(r"[45]\.0\.0")


class Fate(NamedTuple):
    """What became of a mail: `words` are those of whoever tells it."""

    type: EventType
    cause: Cause = Cause.NONE
    words: str = ""


def fate_by_status(mail: Mail) -> Fate | None:
    """Return what a report says, None for one that says nothing of a recipient.

    Each mail of ours has one recipient; where theirs is several people, it reached somebody
    unless all of them failed.
    """
    blocks = [block for part in mail.of_kind(*KINDS) for block in part.blocks]
    fates = [fate for fate in (_fate(block, mail) for block in blocks) if fate is not None]
    order = (EventType.DELIVERED, EventType.DEFERRED, EventType.BOUNCED)
    return min(fates, key=lambda fate: order.index(fate.type), default=None)


def _fate(block: Headers, mail: Mail) -> Fate | None:
    status, words = _value(block, "status"), _value(block, "diagnostic-code")
    if "status" not in block and "action" not in block:
        return None
    kind = _ACTIONS.get(_value(block, "action").lower()) or _BY_CLASS.get(enhanced(status)[:1])
    if kind is None:
        return None
    # "smtp; 550 5.1.1 …": whose words they are does not matter.
    words = words.partition(";")[2].strip() or words or said(mail)
    if _VAGUE.match(status) and enhanced(words):
        status = enhanced(words)
    if kind is not EventType.BOUNCED:
        return Fate(kind, words=f"{status} {words}")
    return Fate(kind, cause_of(status, words), f"{status} {words}")


def _value(block: Headers, name: str) -> str:
    return next(iter(block.get(name, ())), "")
