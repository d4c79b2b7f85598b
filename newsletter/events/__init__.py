"""What the outside says of deliveries: recorded once, and moving state only forward.

A post of reports is kept as it came (`keep`) and read a moment later (`catch_up`); mails of an
inbox are looked through (`Postbox`). Each report is recorded once by its source and name, and
those that are new have their consequences (`rules`).
"""

from newsletter.events.elsewhere import let_in, read_lists
from newsletter.events.goodbyes import note_goodbye, take_back_goodbye
from newsletter.events.inbox import Looked, Postbox
from newsletter.events.posts import catch_up, keep
from newsletter.events.proving import prove_by_earlier
from newsletter.events.recording import record
from newsletter.events.rules import CONSEQUENCES, Consequence, consequence

__all__ = [
    "CONSEQUENCES",
    "Consequence",
    "Looked",
    "Postbox",
    "catch_up",
    "consequence",
    "keep",
    "let_in",
    "note_goodbye",
    "prove_by_earlier",
    "read_lists",
    "record",
    "take_back_goodbye",
]
