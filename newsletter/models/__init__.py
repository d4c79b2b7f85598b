"""The rows of the newsletter, and the words that stand in them."""

from newsletter.models.ledger import (
    VIEWS,
    Batch,
    Delivery,
    DeliveryException,
    Instance,
    Issue,
    IssueStep,
    KeyFingerprint,
    Letter,
    LetterBody,
    SentDay,
    StoredAsset,
    TestSend,
    Turn,
    WorkerSeen,
)
from newsletter.models.reports import TROUBLE, HitSegment, StoredEvent, Tally
from newsletter.models.states import BatchState, DeliveryState, HoldReason, IssueState, LetterKind

__all__ = [
    "TROUBLE",
    "VIEWS",
    "Batch",
    "BatchState",
    "Delivery",
    "DeliveryException",
    "DeliveryState",
    "HitSegment",
    "HoldReason",
    "Instance",
    "Issue",
    "IssueState",
    "IssueStep",
    "KeyFingerprint",
    "Letter",
    "LetterBody",
    "LetterKind",
    "SentDay",
    "StoredAsset",
    "StoredEvent",
    "Tally",
    "TestSend",
    "Turn",
    "WorkerSeen",
]
