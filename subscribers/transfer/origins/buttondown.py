"""Buttondown's export of subscribers, by the fields of its API (docs.buttondown.com).

Its types tell paying readers apart, and whoever gets mails at all; `subscriber_type` and `email`
are the names of before 2025. Who was held back by its firewall never joined.
"""

from subscribers.transfer.origins.origin import Fate, Origin, head

_MAILED = (
    "churning", "gifted", "past due", "paused", "premium", "regular", "trialed", "unpaid",
)  # fmt: skip
_NOT = ("blocked", "churned", "deleted", "disabled", "removed", "spammy", "unsubscribed")

BUTTONDOWN = Origin(
    name="Buttondown",
    signs=(
        head("email", "subscriber type"),
        head("email address", "subscriber type"),
        head("email address", "type", "creation date"),
    ),
    fields={
        "email": ("email address", "email"),
        "state": ("type", "subscriber type"),
        "asked_at": ("creation date",),
        "asked_ip": ("ip address",),
        "joined_at": ("creation date",),
        "left_at": ("unsubscription date", "undeliverability date"),
        "last_engaged_at": ("last click date", "last clicked date"),
        "tags": ("tags",),
        "attributes": ("metadata",),
    },
    words={
        **dict.fromkeys(_MAILED, Fate.ACTIVE),
        **dict.fromkeys(_NOT, Fate.UNSUBSCRIBED),
        **dict.fromkeys(("unactivated", "upcoming"), Fate.PENDING),
        **dict.fromkeys(("undeliverable", "malformed", "disposable"), Fate.BOUNCED),
        "complained": Fate.COMPLAINED,
    },
    attributes=("notes",),
)
