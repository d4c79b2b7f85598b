"""The rows of the newsletter, and the words that stand in them."""

from newsletter.models.access import (
    NEVER_BACKED_UP,
    Admin,
    AdminSession,
    ApiToken,
    LoginAttempt,
)
from newsletter.models.house import Alert, Instance, KeyFingerprint, SentDay, Turn, WorkerSeen
from newsletter.models.issue import Issue, IssueStep, StoredAsset, TestSend, Variant
from newsletter.models.ledger import (
    ITS_BATCH,
    ITS_EXCEPTION,
    ITS_STATE,
    VIEWS,
    Batch,
    Delivery,
    DeliveryException,
)
from newsletter.models.letters import Letter, LetterBody
from newsletter.models.packed import PackedDelivery
from newsletter.models.reports import (
    TROUBLE,
    EventPost,
    HitSegment,
    IssueFigures,
    StoredEvent,
    Tally,
)
from newsletter.models.states import BatchState, DeliveryState, HoldReason, IssueState, LetterKind

__all__ = [
    "ITS_BATCH",
    "ITS_EXCEPTION",
    "ITS_STATE",
    "NEVER_BACKED_UP",
    "TROUBLE",
    "VIEWS",
    "Admin",
    "AdminSession",
    "Alert",
    "ApiToken",
    "Batch",
    "BatchState",
    "Delivery",
    "DeliveryException",
    "DeliveryState",
    "EventPost",
    "HitSegment",
    "HoldReason",
    "Instance",
    "Issue",
    "IssueFigures",
    "IssueState",
    "IssueStep",
    "KeyFingerprint",
    "Letter",
    "LetterBody",
    "LetterKind",
    "LoginAttempt",
    "PackedDelivery",
    "SentDay",
    "StoredAsset",
    "StoredEvent",
    "Tally",
    "TestSend",
    "Turn",
    "Variant",
    "WorkerSeen",
]
