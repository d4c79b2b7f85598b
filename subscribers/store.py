"""The store's front door. Who takes a session never commits; every moment is passed in."""

from subscribers.audience import audience, count_audience, find, mailable, search
from subscribers.evidence import Visit, recent_requests, story
from subscribers.lists import add_list, edit_list, find_list, lists
from subscribers.membership import (
    SignUp,
    add,
    confirm,
    pause,
    resume,
    sign_up,
    undo_unsubscribe,
    unsubscribe,
)
from subscribers.suppressions import is_suppressed, suppress, unsuppress

__all__ = [
    "SignUp",
    "Visit",
    "add",
    "add_list",
    "audience",
    "confirm",
    "count_audience",
    "edit_list",
    "find",
    "find_list",
    "is_suppressed",
    "lists",
    "mailable",
    "pause",
    "recent_requests",
    "resume",
    "search",
    "sign_up",
    "story",
    "suppress",
    "undo_unsubscribe",
    "unsubscribe",
    "unsuppress",
]
