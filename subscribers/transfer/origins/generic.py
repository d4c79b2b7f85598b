"""A CSV of no system we know: columns by the names people give them."""

from subscribers.transfer.origins.origin import Fate, Origin

_LEFT = (
    "archived", "canceled", "cancelled", "deleted", "disabled", "erased", "inactive", "left",
    "nonsubscribed", "removed", "unsubscribe", "unsubscribed",
)  # fmt: skip
_BLOCKED = ("blacklisted", "blocked", "blocklisted", "suppressed")

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
        "left_at": ("left at", "unsubscribed at"),
        "last_engaged_at": ("last engaged at", "last engaged", "last opened at"),
        "state": ("state", "status", "subscription status", "member status"),
        "tags": ("tags", "labels"),
        "attributes": ("attributes",),
    },
    words={
        **dict.fromkeys(_LEFT, Fate.UNSUBSCRIBED),
        **dict.fromkeys(_BLOCKED, Fate.BLOCKED),
        **dict.fromkeys(("bounce", "bounced", "cleaned"), Fate.BOUNCED),
        **dict.fromkeys(("complained", "complaint", "spam"), Fate.COMPLAINED),
        **dict.fromkeys(("pending", "unactivated", "unconfirmed"), Fate.PENDING),
        "paused": Fate.PAUSED,
    },
    # A column called "state" may as well hold CA and NY.
    others=Fate.ACTIVE,
)  # fmt: skip
