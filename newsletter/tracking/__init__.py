"""Slots become addresses: when an issue is compiled, and for the views everybody may see.

Tracking is put in here and nowhere else, so the frozen HTML never holds a rewritten link, and an
issue that counts nothing has not one byte of it in its mails (RULES M-3).
"""

from newsletter.tracking.addressing import address, hrefs
from newsletter.tracking.counting import (
    READING,
    Counting,
    counting,
    counts_by_name,
    is_counted,
    tagged,
    to_count,
    utm,
)
from newsletter.tracking.sample import NEUTRAL, headed, sample

__all__ = [
    "NEUTRAL",
    "READING",
    "Counting",
    "address",
    "counting",
    "counts_by_name",
    "headed",
    "hrefs",
    "is_counted",
    "sample",
    "tagged",
    "to_count",
    "utm",
]
