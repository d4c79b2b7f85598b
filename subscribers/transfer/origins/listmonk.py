"""listmonk's export of subscribers (`cmd/subscribers.go`, 4.x to 6.x).

Its status is the person's, not the subscription's: `disabled` gets nothing, `blocklisted` left for
good or bounced. Who left one list only is `enabled`, and told by the filter of the export alone.
"""

from subscribers.transfer.origins.origin import Fate, Origin, head

LISTMONK = Origin(
    name="listmonk",
    signs=(head("uuid", "email", "name", "attributes", "status"),),
    fields={
        "email": ("email",),
        "name": ("name",),
        "attributes": ("attributes",),
        "state": ("status",),
        "joined_at": ("created at",),
    },
    words={
        "enabled": Fate.ACTIVE,
        "disabled": Fate.UNSUBSCRIBED,
        "blocklisted": Fate.BLOCKED,
        "blacklisted": Fate.BLOCKED,
    },
)
