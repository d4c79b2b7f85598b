"""The store's front door. Who takes a session never commits; every moment is passed in."""

from subscribers.address_change import (
    address_since,
    ask_to_move,
    correct_address,
    forget_old_changes,
    move,
    note_change,
    open_change,
)
from subscribers.audience import (
    audience,
    count_audience,
    mailable,
    sample_audience,
    segment_of,
)
from subscribers.erasure import erase, was_erased
from subscribers.evidence import Visit, story
from subscribers.forgetting import forget_request
from subscribers.limits import network_of, take_attempt
from subscribers.lists import add_list, edit_list, find_list, lists, may_write
from subscribers.marks import set_attributes, tag, tags_of, untag
from subscribers.membership import (
    UNDO_WITHIN,
    add,
    confirm,
    pause,
    resume,
    undo_unsubscribe,
    unsubscribe,
)
from subscribers.people import find, search
from subscribers.replay import is_same_person, replay
from subscribers.signing_up import SignUp, sign_up
from subscribers.signs_of_life import engaged, stay
from subscribers.suppressions import (
    hidden,
    is_barred,
    is_suppressed,
    suppress,
    suppress_many,
    suppressed_at,
    suppression_of,
    unsuppress,
)
from subscribers.tracking_consent import asks_for_tracking, set_tracking

__all__ = [
    "UNDO_WITHIN",
    "SignUp",
    "Visit",
    "add",
    "add_list",
    "address_since",
    "ask_to_move",
    "asks_for_tracking",
    "audience",
    "confirm",
    "correct_address",
    "count_audience",
    "edit_list",
    "engaged",
    "erase",
    "find",
    "find_list",
    "forget_old_changes",
    "forget_request",
    "hidden",
    "is_barred",
    "is_same_person",
    "is_suppressed",
    "lists",
    "mailable",
    "may_write",
    "move",
    "network_of",
    "note_change",
    "open_change",
    "pause",
    "replay",
    "resume",
    "sample_audience",
    "search",
    "segment_of",
    "set_attributes",
    "set_tracking",
    "sign_up",
    "stay",
    "story",
    "suppress",
    "suppress_many",
    "suppressed_at",
    "suppression_of",
    "tag",
    "tags_of",
    "take_attempt",
    "undo_unsubscribe",
    "unsubscribe",
    "unsuppress",
    "untag",
    "was_erased",
]
