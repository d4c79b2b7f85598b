"""Kit's (ConvertKit's) export of subscribers, by the fields of its API v4 and its pages' words.

"Cold" is somebody who did not open lately, which says nothing about who wants mail (RULES M-2).
"""

from subscribers.transfer.origins.origin import Fate, Origin, head

KIT = Origin(
    name="Kit",
    signs=(
        head("first name", "email address", "state", "created at"),
        head("subscriber id", "first name", "email"),
        head("id", "first name", "email", "status", "created at"),
    ),
    fields={
        "email": ("email address", "email"),
        "first_name": ("first name",),
        "state": ("state", "status"),
        "joined_at": ("created at", "subscribed at"),
        "left_at": ("cancelled at",),
        "tags": ("tags",),
    },
    words={
        **dict.fromkeys(("active", "confirmed", "cold"), Fate.ACTIVE),
        **dict.fromkeys(("inactive", "unconfirmed"), Fate.PENDING),
        **dict.fromkeys(("cancelled", "canceled", "unsubscribed"), Fate.UNSUBSCRIBED),
        "bounced": Fate.BOUNCED,
        "complained": Fate.COMPLAINED,
    },
)
