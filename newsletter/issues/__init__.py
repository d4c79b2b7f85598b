"""An issue's life: drafted, tested, scheduled (frozen), sending, paused, sent or cancelled.

Whoever calls holds the session and commits; each step is logged with who, when and why.
"""

from newsletter.issues.agreed import agreed
from newsletter.issues.amending import amend, corrected_at, earlier_texts, mended
from newsletter.issues.away import is_away_for_long
from newsletter.issues.doubt import in_doubt, is_in_doubt, settle_one
from newsletter.issues.drafts import Drafted, Outcome, draft, foreseen, is_closed
from newsletter.issues.ending import finish, is_open, is_waiting
from newsletter.issues.figures import Progress, Recipient, progress, recipients
from newsletter.issues.frozen import (
    GOODBYE_HEADERS,
    counting_of,
    email_of,
    frozen_email,
    provider_counts,
    require_countable,
    with_embedded,
)
from newsletter.issues.heard import Heard, heard
from newsletter.issues.life import cancel, pause, require_imprint, resume, schedule, start
from newsletter.issues.packing import pack_closed, packed_people
from newsletter.issues.reach import reached, require_still
from newsletter.issues.repair import retry, settle
from newsletter.issues.repointing import leads_through_us, links_of, repoint, repointable
from newsletter.issues.restored import hold_restored
from newsletter.issues.shelf import find_issue, latest, newest, steps
from newsletter.issues.stepping import log
from newsletter.issues.telling import DOUBT, tell
from newsletter.issues.tested import record_test, require_test

__all__ = [
    "DOUBT",
    "GOODBYE_HEADERS",
    "Drafted",
    "Heard",
    "Outcome",
    "Progress",
    "Recipient",
    "agreed",
    "amend",
    "cancel",
    "corrected_at",
    "counting_of",
    "draft",
    "earlier_texts",
    "email_of",
    "find_issue",
    "finish",
    "foreseen",
    "frozen_email",
    "heard",
    "hold_restored",
    "in_doubt",
    "is_away_for_long",
    "is_closed",
    "is_in_doubt",
    "is_open",
    "is_waiting",
    "latest",
    "leads_through_us",
    "links_of",
    "log",
    "mended",
    "newest",
    "pack_closed",
    "packed_people",
    "pause",
    "progress",
    "provider_counts",
    "reached",
    "recipients",
    "record_test",
    "repoint",
    "repointable",
    "require_countable",
    "require_imprint",
    "require_still",
    "require_test",
    "resume",
    "retry",
    "schedule",
    "settle",
    "settle_one",
    "start",
    "steps",
    "tell",
    "with_embedded",
]
