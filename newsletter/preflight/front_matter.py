"""Whether a post is ready to be read by others: no draft, not of tomorrow, not over."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from newsletter.findings import Finding
from newsletter.preflight.checked import Checked


def check_draft(checked: Checked) -> Iterator[Finding]:
    """Find a post that its own front matter calls a draft."""
    if checked.digest.draft:
        yield checked.finding("draft", "The post is marked as a draft.")


def check_date(checked: Checked) -> Iterator[Finding]:
    """Find a date that is still to come, or a last day that is over."""
    digest = checked.digest
    when = _moment(digest.publishes or digest.date, checked)
    if when and when > checked.now:
        yield checked.finding(
            "date-in-future", f"The post is dated {when:%Y-%m-%d}, which is still to come."
        )
    until = _moment(digest.expires, checked)
    if until and until <= checked.now:
        yield checked.finding(
            "expired", f"The post expired on {until:%Y-%m-%d}, so the site shows it no more."
        )


def _moment(when: date | None, checked: Checked) -> datetime | None:
    """Return when a day begins, or a time is; a naive one is in the List's time zone."""
    if when is None:
        return None
    if not isinstance(when, datetime):
        when = datetime.combine(when, time.min)
    if when.tzinfo is None:
        zone = ZoneInfo(checked.masthead.time_zone) if checked.masthead else UTC
        when = when.replace(tzinfo=zone)
    return when
