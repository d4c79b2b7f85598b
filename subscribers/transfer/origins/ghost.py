"""Ghost's export of members (4.x to 6.x: `products` became `tiers`).

`subscribed_to_emails` is false for who left every newsletter, and for whom Ghost stopped mailing.
"""

from subscribers.transfer.origins.origin import ANYTHING, Fate, Mark, Origin, head

GHOST = Origin(
    name="Ghost",
    signs=(head("email", "subscribed to emails", "complimentary plan"),),
    fields={
        "email": ("email",),
        "name": ("name",),
        "joined_at": ("created at",),
        "left_at": ("deleted at",),
        "tags": ("labels",),
    },
    marks=(
        Mark("subscribed to emails", "false", Fate.UNSUBSCRIBED),
        Mark("deleted at", ANYTHING, Fate.UNSUBSCRIBED),
    ),
    attributes=("tiers", "products", "complimentary plan", "note"),
)
