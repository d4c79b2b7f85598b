"""The store's front door. Who takes a session never commits; every moment is passed in."""

from subscribers.audience import (
    audience,
    count_audience,
    mailable,
    sample_audience,
    segment_of,
)
from subscribers.evidence import Visit, all_requests, recent_requests, story
from subscribers.forgetting import forget_request
from subscribers.lists import add_list, edit_list, find_list, lists
from subscribers.marks import set_attributes, tag, tags_of, untag
from subscribers.membership import (
    UNDO_WITHIN,
    SignUp,
    add,
    confirm,
    pause,
    resume,
    sign_up,
    undo_unsubscribe,
    unsubscribe,
)
from subscribers.people import find, search
from subscribers.suppressions import is_suppressed, suppress, unsuppress

__all__ = [
    "UNDO_WITHIN",
    "SignUp",
    "Visit",
    "add",
    "add_list",
    "all_requests",
    "audience",
    "confirm",
    "count_audience",
    "edit_list",
    "find",
    "find_list",
    "forget_request",
    "is_suppressed",
    "lists",
    "mailable",
    "pause",
    "recent_requests",
    "resume",
    "sample_audience",
    "search",
    "segment_of",
    "set_attributes",
    "sign_up",
    "story",
    "suppress",
    "tag",
    "tags_of",
    "undo_unsubscribe",
    "unsubscribe",
    "unsuppress",
    "untag",
]
