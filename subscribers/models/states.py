"""The words in the rows of the store."""

from enum import StrEnum


class OptIn(StrEnum):
    """How people join: with a confirmation letter, or at once."""

    DOUBLE = "double"
    SINGLE = "single"


class TrackingMode(StrEnum):
    """What a list counts of clicks, or of opens; INDIVIDUAL only of people who agreed to it."""

    OFF = "off"
    AGGREGATE = "aggregate"
    INDIVIDUAL = "individual"


class CountedBy(StrEnum):
    """Who counts clicks and opens: we, or the provider that carries the mails."""

    OWN = "own"
    PROVIDER = "provider"


class SubscriptionState(StrEnum):
    """Where a subscription stands; only ACTIVE is mailed."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    UNSUBSCRIBED = "unsubscribed"


class ConsentKind(StrEnum):
    """What a line of evidence says."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    LEFT = "left"
    CAME_BACK = "came_back"
    PAUSED = "paused"
    RESUMED = "resumed"
    IMPORTED = "imported"
    KEPT = "kept"
    ADDED = "added"
    UNSUPPRESSED = "unsuppressed"
    CHANGED = "changed"
    STAYS = "stays"
    TRACKING_ALLOWED = "tracking_allowed"
    TRACKING_WITHDRAWN = "tracking_withdrawn"
    ERASED = "erased"


class SuppressionReason(StrEnum):
    """Why an address is not mailed, whoever asks."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    MANUAL = "manual"
    ERASED = "erased"
