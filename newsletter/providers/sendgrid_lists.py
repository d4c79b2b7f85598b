"""What SendGrid keeps of whom it mails no more: bounces, complaints, goodbyes (v3 Suppressions)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, runtime_checkable

import orjson

from newsletter.errors import ProviderMisused

# The most that one answer holds.
PAGE = 500
LONGEST_DETAIL = 300


class Kept(StrEnum):
    """A list that SendGrid keeps, by its name in the API; UNSUBSCRIBES are those from everything."""

    BOUNCES = "bounces"
    SPAM_REPORTS = "spam_reports"
    UNSUBSCRIBES = "unsubscribes"


class Suppressed(NamedTuple):
    """An address on a list, since when, and what SendGrid says of it."""

    email: str
    at: datetime
    detail: str = ""


@runtime_checkable
class Keeper(Protocol):
    """A provider that keeps such lists; every call raises ProviderError."""

    def suppressed(self, kept: Kept, *, since: datetime, until: datetime) -> Iterator[Suppressed]:
        """Yield who came onto a list between two moments, both included."""
        ...

    def let_in(self, email: str) -> None:
        """Take an address off every list; harmless for one that is on none."""
        ...


def read_page(body: bytes) -> list[Suppressed]:
    """Return the addresses of an answer; raises ProviderMisused for what is none.

    An entry that makes no sense is left out; its words are hostile (RULES WH-7).
    """
    try:
        entries: Any = orjson.loads(body)
    except ValueError:
        entries = None
    if not isinstance(entries, list):
        raise ProviderMisused("SendGrid's list of suppressions is none", "look at SENDGRID_HOST")
    return [one for one in map(_entry, entries) if one is not None]


def _entry(entry: Any) -> Suppressed | None:
    try:
        at = datetime.fromtimestamp(int(entry["created"]), UTC)
        words = f"{entry.get('status', '')} {entry.get('reason', '')}"
        said = "".join(char if char.isprintable() else " " for char in words[:LONGEST_DETAIL])
        return Suppressed(str(entry["email"]), at, " ".join(said.split()))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        return None
