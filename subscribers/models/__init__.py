"""The rows of the store: lists, subscribers, subscriptions, consent, suppressions."""

from subscribers.models.evidence import Attempt, Consent, Import
from subscribers.models.lists import List, Subscription
from subscribers.models.people import KEY, AddressChange, Subscriber, SubscriberTag, Suppression
from subscribers.models.states import (
    ConsentKind,
    CountedBy,
    OptIn,
    SubscriptionState,
    SuppressionReason,
    TrackingMode,
)

__all__ = [
    "KEY",
    "AddressChange",
    "Attempt",
    "Consent",
    "ConsentKind",
    "CountedBy",
    "Import",
    "List",
    "OptIn",
    "Subscriber",
    "SubscriberTag",
    "Subscription",
    "SubscriptionState",
    "Suppression",
    "SuppressionReason",
    "TrackingMode",
]
