"""A CSV of no system we know: columns by the names people give them."""

from subscribers.transfer.origins.origin import NO, YES, Fate, Mark, Origin

_MAILED = (
    "active", "comped", "confirmed", "customer", "enabled", "free", "member", "ok", "opt in",
    "opted in", "optin", "paid", "premium", "regular", "subscribed", "subscriber", "true", "valid",
    "verified", "yes",
)  # fmt: skip
_LEFT = (
    "archived", "canceled", "cancelled", "deleted", "disabled", "erased", "false", "inactive",
    "left", "no", "nonsubscribed", "not subscribed", "opt out", "opted out", "optout", "removed",
    "unsub", "unsubscribe", "unsubscribed",
)  # fmt: skip
_BLOCKED = ("banned", "blacklisted", "blocked", "blocklisted", "suppressed")
_BOUNCED = (
    "bounce",
    "bounced",
    "cleaned",
    "hard bounce",
    "hard bounced",
    "invalid",
    "undeliverable",
)
_COMPLAINED = ("abuse", "complained", "complaint", "marked as spam", "spam", "spam complaint")
_UNCONFIRMED = ("not confirmed", "pending", "unactivated", "unconfirmed", "unverified")
# Columns that say by themselves what somebody is.
_MARKS = (
    *(Mark(one, YES, Fate.UNSUBSCRIBED) for one in (
        "deleted", "deleted at", "opt out", "opted out", "optout", "unsubscribed",
    )),
    *(Mark(one, YES, Fate.BLOCKED) for one in _BLOCKED),
    # So our own export says it.
    *(Mark("suppressed", one, one) for one in (Fate.BOUNCED, Fate.COMPLAINED)),
    *(Mark(one, YES, Fate.BOUNCED) for one in ("bounced", "bounced at", "hard bounced")),
    *(Mark(one, YES, Fate.COMPLAINED) for one in ("complained", "complained at")),
    *(Mark(one, NO, Fate.UNSUBSCRIBED) for one in (
        "active", "enabled", "is active", "is subscribed", "subscribed",
    )),
    *(Mark(one, NO, Fate.PENDING) for one in ("confirmed", "is confirmed", "verified")),
)  # fmt: skip

GENERIC = Origin(
    name="",
    fields={
        "email": ("email", "e mail", "email address", "e mail address", "emailaddress", "mail",
                  "subscriber", "address"),
        "name": ("name", "full name", "fullname", "display name"),
        "first_name": ("first name", "firstname", "given name"),
        "last_name": ("last name", "lastname", "surname", "family name"),
        "confirmed_at": ("confirmed at", "confirm time", "optin time", "opt in time", "optin at"),
        "confirmed_ip": ("confirmed ip", "confirm ip", "optin ip", "opt in ip"),
        "joined_at": ("joined at", "subscribed at", "subscribe date", "signup date", "created at",
                      "date added", "joined"),
        "left_at": ("left at", "unsubscribed at", "unsubscribe date", "unsub time",
                    "opted out at"),
        "last_engaged_at": ("last engaged at", "last engaged", "last opened at"),
        "state": ("state", "status", "subscription status", "member status"),
        "tags": ("tags", "labels"),
        "attributes": ("attributes",),
    },
    words={
        **dict.fromkeys(_LEFT, Fate.UNSUBSCRIBED),
        **dict.fromkeys(_BLOCKED, Fate.BLOCKED),
        **dict.fromkeys(_MAILED, Fate.ACTIVE),
        **dict.fromkeys(_BOUNCED, Fate.BOUNCED),
        **dict.fromkeys(_COMPLAINED, Fate.COMPLAINED),
        **dict.fromkeys(_UNCONFIRMED, Fate.PENDING),
        "paused": Fate.PAUSED,
    },
    # A column called "state" may as well hold CA and NY.
    regions=True,
    marks=_MARKS,
)  # fmt: skip
