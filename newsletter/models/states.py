"""The words that stand in rows: where an issue, a batch, a delivery is, and why one is held."""

from enum import StrEnum


class IssueState(StrEnum):
    """draft → tested → scheduled → sending ⇄ paused → sent | cancelled."""

    DRAFT = "draft"
    TESTED = "tested"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"


class HoldReason(StrEnum):
    """Why an issue is paused; only PROVIDER and NOT_LIVE resume by themselves."""

    OPERATOR = "operator"
    PROVIDER = "provider"
    CREDENTIALS = "credentials"
    COMPLAINTS = "complaints"
    BOUNCES = "bounces"
    FIRST_WAVE = "first-wave"
    LATE = "late"
    NOT_LIVE = "not-live"
    RESTORED = "restored"


class BatchState(StrEnum):
    """Where a provider call stands; SENDING has an owner and a lease."""

    PENDING = "pending"
    SENDING = "sending"
    SUBMITTED = "submitted"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"


class DeliveryState(StrEnum):
    """What is true of one recipient: the batch's states, and SKIPPED (left or suppressed since)."""

    PENDING = "pending"
    SENDING = "sending"
    SUBMITTED = "submitted"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    SKIPPED = "skipped"


class LetterKind(StrEnum):
    """The letters: mails to one person that are no issue."""

    CONFIRM = "confirm"
    WELCOME = "welcome"
    FRESH_LINK = "fresh_link"
    NEW_ADDRESS = "new_address"
    OLD_ADDRESS = "old_address"
    STILL_WANT = "still_want"
