"""Substack's list of emails, in the ZIP of its export (`email_list.NAME.csv`).

`email_disabled` is a reader who switched mails off, or whose address failed. Who pays, by which
plan and until when is kept as attributes: nobody is charged from here.
"""

from subscribers.transfer.origins.origin import Fate, Mark, Origin, head

SUBSTACK = Origin(
    name="Substack",
    signs=(
        head("email", "active subscription", "expiry", "email disabled"),
        head("email", "expiry", "email disabled", "type"),
    ),
    fields={"email": ("email",), "name": ("name",), "joined_at": ("created at",)},
    marks=(Mark("email disabled", "true", Fate.UNSUBSCRIBED),),
    attributes=("active subscription", "plan", "expiry", "type", "first payment at"),
)
