"""Whether a post is ready to be read by others: no draft, and not of tomorrow."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from newsletter.findings import Finding
from newsletter.preflight.checked import Checked


def check_draft(checked: Checked) -> Iterator[Finding]:
    """Find a post that its own front matter calls a draft."""
    if checked.digest.draft:
        yield checked.finding("draft", "The post is marked as a draft.")


def check_date(checked: Checked) -> Iterator[Finding]:
    """Find a date that is still to come; a naive one is in the List's time zone."""
    when = checked.digest.date
    if when is None:
        return
    if not isinstance(when, datetime):
        when = datetime.combine(when, time.min)
    if when.tzinfo is None:
        zone = ZoneInfo(checked.masthead.time_zone) if checked.masthead else UTC
        when = when.replace(tzinfo=zone)
    if when > checked.now:
        yield checked.finding(
            "date-in-future", f"The post is dated {when:%Y-%m-%d}, which is still to come."
        )
