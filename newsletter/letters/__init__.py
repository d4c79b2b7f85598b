"""Letters: a mail to one person, written as a row with what causes it, sent by the worker.

They have a lane of their own and never wait behind an issue. A letter's sealed name is that of
delivery (0, letter): no issue has number 0.
"""

from newsletter.letters.question import ask, silent
from newsletter.letters.queue import MOST_ATTEMPTS, sweep, waiting, write
from newsletter.letters.sender import LetterSender
from newsletter.letters.stuck import stuck
from newsletter.letters.unanswered import EVERY, forget_unanswered

__all__ = [
    "EVERY",
    "MOST_ATTEMPTS",
    "LetterSender",
    "ask",
    "forget_unanswered",
    "silent",
    "stuck",
    "sweep",
    "waiting",
    "write",
]
