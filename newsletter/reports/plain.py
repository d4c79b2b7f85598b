"""A report as plain values, for programs; and as rows, for a spreadsheet."""

import csv
from collections.abc import Iterator
from itertools import chain
from typing import Any, TextIO

from newsletter.reports.figures import Shares
from newsletter.reports.growth import Growth
from newsletter.reports.outcome import Outcome
from newsletter.reports.report import Report, Summary
from subscribers.transfer.formulas import defused

HEAD = ("section", "name", "of", "visitor", "n")
MAILS = (
    "recipients",
    "open",
    "submitted",
    "in_doubt",
    "skipped",
    "delivered",
    "deferred",
    "silent",
    "complained",
    "hearable",
    "unsubscribed",
)
Row = tuple[str, str, str, str, int]


def as_plain(report: Report) -> dict[str, Any]:
    """Return a report as JSON may hold it; what is not known is null, and why in `not_known`."""
    issue = report.summary.issue
    return {
        "issue": issue.key,
        "list": issue.list_slug,
        "subject": issue.subject,
        "state": issue.state,
        "started": issue.started_at,
        "finished": issue.finished_at,
        "counted": {
            "clicks": issue.click_tracking,
            "opens": issue.open_tracking,
            "by": issue.counted_by,
        },
        "recipients": report.progress.total,
        "open": report.progress.open,
        "in_doubt": report.progress.in_doubt,
        "skipped": report.progress.skipped,
        **_outcome(report.summary.outcome),
        "clicks": report.summary.clicks,
        "opens": report.summary.opens,
        "people": report.readers,
        "reasons": [
            {"what": what, "visitor": visitor, "reason": reason, "n": n}
            for what, visitor, reason, n in report.reasons
        ],
        "links": [
            {
                "number": link.number,
                "url": link.url,
                "words": link.label,
                "story": link.story,
                "clicks": clicks,
            }
            for link, clicks in report.links
        ],
        "stories": [one._asdict() for one in report.stories],
        "domains": [one._asdict() for one in report.domains],
        "over_time": [one._asdict() for one in report.hours],
        "growth": {
            "mailable": report.mailable,
            "before": _growth(report.growth_before),
            "since": _growth(report.growth_since),
        },
        "earlier": [_summary(one) for one in report.earlier],
        "not_known": list(report.not_known),
    }


def write_csv(report: Report, file: TextIO) -> None:
    """Write a report as rows of one number each; cells that a spreadsheet would run are quoted."""
    out = csv.writer(file)
    out.writerow(HEAD)
    for *words, n in _rows(as_plain(report)):
        out.writerow([*map(defused, words), n])


def _rows(plain: dict[str, Any]) -> Iterator[Row]:
    return chain(_of_mails(plain), _of_clicks(plain), _of_times(plain), _of_the_list(plain))


def _of_mails(plain: dict[str, Any]) -> Iterator[Row]:
    for name in MAILS:
        if plain[name] is not None:
            yield "outcome", name, "", "", plain[name]
    for name in ("refused", "bounced", "rejected"):
        for cause, n in plain[name].items():
            yield "outcome", name, cause, "", n
    for one in plain["domains"]:
        for name, n in one.items():
            if name != "domain" and n is not None:
                yield "domain", one["domain"], name, "", n


def _of_clicks(plain: dict[str, Any]) -> Iterator[Row]:
    for what in ("clicks", "opens"):
        yield from _shares(what, "all", "", plain[what])
    for what, shares in plain["people"].items():
        yield from _shares("people", what, "", shares)
    for one in plain["links"]:
        yield from _shares("link", one["url"], one["words"], one["clicks"])
    for one in plain["stories"]:
        yield from _shares("story", str(one["story"] or ""), one["words"], one["clicks"])
    for one in plain["reasons"]:
        yield "reason", one["what"], one["reason"], one["visitor"], one["n"]


def _shares(section: str, name: str, of: str, shares: Shares | None) -> Iterator[Row]:
    for visitor, n in (shares or {}).items():
        yield section, name, of, visitor, n


def _of_times(plain: dict[str, Any]) -> Iterator[Row]:
    for one in plain["over_time"]:
        yield "hour", str(one["hour"]), one["word"], one["visitor"], one["n"]


def _of_the_list(plain: dict[str, Any]) -> Iterator[Row]:
    for when in ("before", "since"):
        for name in ("joined", "left", "bounced"):
            yield "growth", when, name, "", plain["growth"][when][name]
    yield "growth", "now", "mailable", "", plain["growth"]["mailable"]
    for one in plain["earlier"]:
        for name in ("submitted", "came_back", "complained", "unsubscribed"):
            yield "earlier", one["issue"], name, "", one[name]
        for name in ("clicks", "opens"):
            yield from _shares("earlier", one["issue"], name, one[name])


def _outcome(found: Outcome) -> dict[str, Any]:
    return {
        "submitted": found.submitted,
        "delivered": found.delivered,
        "deferred": found.deferred,
        "silent": found.silent,
        "refused": _causes(found.refused),
        "bounced": _causes(found.bounced),
        "rejected": _causes(found.rejected),
        "came_back": found.came_back,
        "complained": found.complained,
        "hearable": found.hearable,
        "unsubscribed": found.unsubscribed,
    }


def _causes(found: dict[str, int]) -> dict[str, int]:
    return {str(cause): n for cause, n in sorted(found.items())}


def _growth(found: Growth) -> dict[str, Any]:
    return {
        "from": found.since,
        "until": found.until,
        "joined": found.joined,
        "left": found.left,
        "bounced": found.bounced,
    }


def _summary(one: Summary) -> dict[str, Any]:
    return {
        "issue": one.issue.key,
        "started": one.issue.started_at,
        **_outcome(one.outcome),
        "clicks": one.clicks,
        "opens": one.opens,
    }
