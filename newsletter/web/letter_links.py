"""What the link of a letter names, also when it is too old."""

from collections.abc import Callable
from datetime import datetime

from newsletter.errors import LinkInvalid
from newsletter.links import LONG_AGO
from subscribers.database import now


def named(read: Callable[[str, datetime], int], token: str) -> tuple[int, bool]:
    """Return what a token names, and whether it is too old: its page says so.

    `read` is a reader of `Links`. Raises LinkInvalid for what was never ours, whose page is that
    of nothing at all.
    """
    try:
        return read(token, now()), False
    except LinkInvalid:
        return read(token, LONG_AGO), True
