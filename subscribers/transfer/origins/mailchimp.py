"""Mailchimp's export of an audience: four files, told apart by their columns and names.

Only a double opt-in leaves a CONFIRM_IP: who was brought in has a CONFIRM_TIME too, the moment of
that import, which proves nothing. "Cleaned" are addresses that bounced.
"""

from subscribers.transfer.origins.origin import ANYTHING, Fate, Mark, Origin, head

MAILCHIMP = Origin(
    name="Mailchimp",
    signs=(
        head("email address", "member rating", "optin time", "confirm time"),
        head("email address", "optin time", "confirm time", "leid", "euid"),
    ),
    fields={
        "email": ("email address",),
        "name": ("full name", "name"),
        "first_name": ("first name", "fname"),
        "last_name": ("last name", "lname"),
        "asked_at": ("optin time",),
        "asked_ip": ("optin ip",),
        "confirmed_at": ("confirm time",),
        "confirmed_ip": ("confirm ip",),
        "joined_at": ("confirm time", "optin time"),
        "left_at": ("unsub time", "clean time"),
        "tags": ("tags",),
    },
    proof_needs="confirm ip",
    marks=(
        Mark("unsub time", ANYTHING, Fate.UNSUBSCRIBED),
        Mark("clean time", ANYTHING, Fate.BOUNCED),
    ),
    files={
        "unsubscribed": Fate.UNSUBSCRIBED,
        "nonsubscribed": Fate.UNSUBSCRIBED,
        "cleaned": Fate.BOUNCED,
    },
)
