"""`newsletter report`: what came of an issue, for people, for programs, and as a map of clicks."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import console
from newsletter.cli.opened import opened
from newsletter.cli.options import IssueName, Json, ListName
from newsletter.cli.standing import counted, named

if TYPE_CHECKING:
    from newsletter.reports import Report
    from newsletter.reports.growth import Growth
    from newsletter.reports.report import Summary

MOST_ROWS, WIDEST, HOURS = 20, 48, 48
VISITORS = ("person", "unknown", "machine")
GONE = ("complained", "unsubscribed")
CAUSES = {
    "address": "nobody has the address",
    "mailbox": "the mailbox is full or away",
    "block": "the mail was blocked: no fault of the person's",
    "complaint": "complained before",
    "goodbye": "left before",
    "unclear": "not said why",
}


def report(
    issue: IssueName,
    list_: ListName = "",
    map_: Annotated[
        Path | None,
        typer.Option("--map", help="Write the email with clicks beside its links here."),
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print rows for a spreadsheet.")] = False,
    as_json: Json = False,
) -> None:
    """Tell what came of an issue: mails, clicks, opens, the list, and what is not known."""
    from newsletter import issues, reports
    from newsletter.errors import IssueError
    from subscribers.database import now

    if as_csv and as_json:
        raise IssueError("--csv and --json are two answers", "ask for one of them")
    with opened() as house, house.database.read() as session:
        row = issues.find_issue(session, named(issue, list_))
        if row.started_at is None:
            raise IssueError(f"{row.key} has not begun", f"newsletter show {row.key}")
        found = reports.report(session, row, now=now())
        if map_ is not None:
            map_.write_text(reports.click_map(found, house.links), encoding="utf-8")
    if as_json:
        console.as_json(reports.as_plain(found))
    elif as_csv:
        reports.write_csv(found, sys.stdout)
    else:
        for line in _told(found):
            console.say(line)
        _tables(found)
    if map_ is not None:
        console.warn(f"{map_} shows where people clicked")


def _told(found: "Report") -> Iterator[str]:
    summary, progress = found.summary, found.progress
    issue, outcome = summary.issue, summary.outcome
    yield f"{issue.list_slug}/{issue.key}  {issue.subject}"
    yield f"began {issue.started_at:%Y-%m-%d %H:%M} UTC, {issue.state}"
    yield f"counted: {counted(issue)}"
    yield ""
    of = outcome.submitted
    yield _line("submitted", of, progress.total)
    yield _line("delivered", outcome.delivered, of)
    yield _line("deferred", outcome.deferred, of)
    for word, causes in (
        ("refused", outcome.refused),
        ("bounced", outcome.bounced),
        ("rejected", outcome.rejected),
    ):
        yield _line(word, causes.total(), outcome.tried)
        for cause, n in sorted(causes.items()):
            yield f"  {n:>9,}  {CAUSES.get(cause, cause)}"
    yield _line("complained", outcome.complained, outcome.hearable)
    yield _line("unsubscribed", outcome.unsubscribed, of)
    for word, n in (("in doubt", progress.in_doubt), ("open", progress.open)):
        if n:
            yield _line(word, n, progress.total)
    yield ""
    yield f"{'':<13}" + "".join(f"{visitor:>9}" for visitor in VISITORS)
    yield _shares("clicks", summary.clicks)
    yield _shares("opens", summary.opens)
    for what, shares in found.readers.items():
        yield _shares(f"who {what}", shares)
    yield ""
    yield f"the list: {found.mailable:,} may be mailed now"
    yield _grown("before it", found.growth_before)
    yield _grown("since it", found.growth_since)
    if found.not_known:
        yield ""
        yield "not known"
        yield from (f"  {sentence}" for sentence in found.not_known)


def _tables(found: "Report") -> None:
    links = sorted(
        (one for one in found.links if one.clicks is not None and any(one.clicks.values())),
        key=lambda one: (-_clicks(one.clicks)[0], -_clicks(one.clicks)[1], one.link.number),
    )
    _table(
        "clicks by link",
        [*VISITORS, "words", "leads to"],
        [(*_clicks(one.clicks), _cut(one.link.label), _cut(one.link.url)) for one in links],
    )
    _table(
        "clicks by story",
        [*VISITORS, "story"],
        [(*_clicks(one.clicks), _story(one.story, one.words)) for one in found.stories],
    )
    _table(
        "by domain",
        ["domain", "submitted", "delivered", "deferred", "bounced", "rejected", *GONE],
        [tuple(one) for one in found.domains],
    )
    head = ("delivered", "came back", *VISITORS, *GONE)
    _table(
        "over time: deliveries, clicks, goodbyes", ["since it began", *head], list(_times(found))
    )
    rows = [_beside(one) for one in (found.summary, *found.earlier)]
    if len(rows) > 1:
        _table(
            "beside earlier issues: clicks and opens of persons / unknown / machines",
            ["issue", "began (UTC)", "submitted", "came back", *GONE, "clicks", "opens"],
            rows,
        )


def _times(found: "Report") -> Iterator[tuple[object, ...]]:
    """Yield a row for each time in which anything was reported; the visitors are those of clicks."""
    counts: Counter[tuple[int, str]] = Counter()
    for hour, word, visitor, n in found.hours:
        counts[hour, visitor if word == "clicked" else word] += n
    for hour in sorted({hour for hour, _ in counts}):
        here = [counts[hour, word] for word in ("delivered", "bounced", *VISITORS, *GONE)]
        here[1] += counts[hour, "rejected"]
        if any(here):
            yield (f"hour {hour + 1}" if hour < HOURS else f"day {hour // 24 + 1}", *here)


def _beside(one: "Summary") -> tuple[object, ...]:
    outcome = one.outcome
    return (
        one.issue.key,
        f"{one.issue.started_at:%Y-%m-%d}",
        outcome.submitted,
        _share(outcome.came_back, outcome.tried),
        _share(outcome.complained, outcome.hearable),
        _share(outcome.unsubscribed, outcome.submitted),
        *(" / ".join(f"{n:,}" for n in _clicks(shares)) for shares in (one.clicks, one.opens)),
    )


def _table(title: str, head: list[str], rows: list[tuple[object, ...]]) -> None:
    if not rows:
        return
    console.say()
    console.say(title)
    console.table(head, rows[:MOST_ROWS])
    if len(rows) > MOST_ROWS:
        console.say(f"… and {len(rows) - MOST_ROWS} more: --json or --csv has all")


def _line(word: str, n: int | None, of: int) -> str:
    if n is None:
        return f"{word:<13}{'not known':>9}"
    return f"{word:<13}{n:>9,}  {_percent(n, of)}".rstrip()


def _shares(word: str, shares: Mapping[str, int] | None) -> str:
    if shares is None:
        return f"{word:<13}{'not counted':>11}"
    return f"{word:<13}" + "".join(f"{n:>9,}" for n in _clicks(shares))


def _clicks(shares: Mapping[str, int] | None) -> tuple[int, ...]:
    return tuple(shares[one] for one in VISITORS) if shares is not None else ()


def _grown(word: str, growth: "Growth") -> str:
    since = f"from {growth.since:%Y-%m-%d}" if growth.since else "from the beginning"
    return (
        f"  {word}, {since} to {growth.until:%Y-%m-%d} (UTC): {growth.joined:,} joined, "
        f"{growth.left:,} left, {growth.bounced:,} addresses found dead"
    )


def _story(number: int | None, words: str) -> str:
    if number is not None:
        return f"{number}. {_cut(words)}"
    return f"({words or 'outside of the stories'})"


def _share(part: int, whole: int) -> str:
    return f"{part:,} {_percent(part, whole)}".rstrip()


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else ""


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"
