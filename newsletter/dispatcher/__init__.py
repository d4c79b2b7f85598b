"""A frozen issue on its way: audience, claim, send, commit, sweep, finish.

The ledger is the truth (ENGINE §5). A claim is durable before the provider is called, no
transaction is open during the call, each result is committed as it comes, and every write is
fenced by (attempt, owner): whoever lost its lease changes nothing any more.
"""

from newsletter.dispatcher.audience import freeze
from newsletter.dispatcher.claim import Claim, Claimed, claim
from newsletter.dispatcher.latecomers import send_latest
from newsletter.dispatcher.schedule import Announce, resume_due, start_due
from newsletter.dispatcher.sender import Sender
from newsletter.dispatcher.silence import resend_silent
from newsletter.dispatcher.sweep import sweep
from newsletter.dispatcher.watching import WATCH_EVERY, watch

__all__ = [
    "WATCH_EVERY",
    "Announce",
    "Claim",
    "Claimed",
    "Sender",
    "claim",
    "freeze",
    "resend_silent",
    "resume_due",
    "send_latest",
    "start_due",
    "sweep",
    "watch",
]
