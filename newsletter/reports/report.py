"""What came of an issue: its figures in their order, and what nobody can know."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from newsletter.issues import Progress, links_of, progress
from newsletter.message import EventType, Link
from newsletter.models import Issue
from newsletter.reports.figures import CLICKED, OPENED, OTHER, SEEN, SUBMITTED, Figures, Shares
from newsletter.reports.growth import Growth, growth, mailable_now
from newsletter.reports.outcome import Outcome, outcome
from newsletter.reports.retention import figures_of
from newsletter.reports.unknown import not_known
from newsletter.tracking import is_counted
from subscribers.models import TrackingMode

EARLIER = 5


class Summary(NamedTuple):
    """An issue in a line; clicks and opens are None where they were not counted."""

    issue: Issue
    outcome: Outcome
    clicks: Shares | None
    opens: Shares | None


class LinkClicks(NamedTuple):
    """The clicks of one link; None of one that is not counted."""

    link: Link
    clicks: Shares | None


class StoryClicks(NamedTuple):
    """The clicks of a story's links; `words` are those of the first.

    Story None: outside of any, or with words, of links that are not known.
    """

    story: int | None
    words: str
    clicks: Shares


class AtDomain(NamedTuple):
    """People at one domain; those of small domains are together in `other`.

    `delivered` is None where nobody reports deliveries.
    """

    domain: str
    submitted: int
    delivered: int | None
    deferred: int
    bounced: int
    rejected: int
    complained: int
    unsubscribed: int


class Hour(NamedTuple):
    """Reports in an hour since the issue began, or from the third day on in a day of them."""

    hour: int
    word: str
    visitor: str
    n: int


@dataclass(frozen=True, slots=True)
class Report:
    """All that is known. `readers` are people counted by name, None where nobody is."""

    summary: Summary
    progress: Progress
    links: Sequence[LinkClicks]
    stories: Sequence[StoryClicks]
    reasons: Sequence[tuple[str, str, str, int]]
    readers: dict[str, Shares]
    domains: Sequence[AtDomain]
    hours: Sequence[Hour]
    mailable: int
    growth_before: Growth
    growth_since: Growth
    earlier: Sequence[Summary]
    not_known: Sequence[str]


def report(session: Session, issue: Issue, *, now: datetime, earlier: int = EARLIER) -> Report:
    """Return what came of an issue until now, and of so many of its list that went before it."""
    before = session.scalars(
        _begun(issue)
        .where(Issue.started_at < issue.started_at)
        .order_by(Issue.started_at.desc())
        .limit(max(earlier, 1))
    ).all()
    after = session.scalar(
        _begun(issue).where(Issue.started_at > issue.started_at).order_by(Issue.started_at).limit(1)
    )
    figures = figures_of(session, issue)
    summary = _summary(session, issue, figures)
    links = _links(issue, figures)
    began = issue.started_at or now
    ended = after.started_at if after is not None and after.started_at else now
    return Report(
        summary=summary,
        progress=progress(session, issue),
        links=links,
        stories=_stories(links),
        reasons=_reasons(figures),
        readers={
            what: figures.shares_of_people(what)
            for what, mode in ((CLICKED, issue.click_tracking), (OPENED, issue.open_tracking))
            if mode == TrackingMode.INDIVIDUAL
        },
        domains=_domains(figures),
        hours=[Hour(*key, n) for key, n in sorted(figures.hours.items()) if n],
        mailable=mailable_now(session, issue.list_id),
        growth_before=growth(
            session, issue.list_id, before[0].started_at if before else None, began
        ),
        growth_since=growth(session, issue.list_id, began, ended),
        earlier=[_summary(session, one, figures_of(session, one)) for one in before[:earlier]],
        not_known=list(not_known(issue, summary.outcome)),
    )


def _begun(issue: Issue) -> Select[Issue]:
    return select(Issue).where(Issue.list_id == issue.list_id, Issue.started_at.is_not(None))


def _summary(session: Session, issue: Issue, figures: Figures) -> Summary:
    return Summary(
        issue,
        outcome(session, issue, figures),
        figures.shares() if issue.click_tracking != TrackingMode.OFF else None,
        figures.shares(0) if issue.open_tracking != TrackingMode.OFF else None,
    )


def _links(issue: Issue, figures: Figures) -> list[LinkClicks]:
    counts = issue.click_tracking != TrackingMode.OFF
    links = links_of(issue)
    found = [
        LinkClicks(link, figures.shares(link.number) if counts and is_counted(link) else None)
        for link in links
    ]
    known = {link.number for link in links}
    lost = {number for number, _, _ in figures.hits if number and number not in known}
    for number in sorted(lost):
        # A provider that counts clicks itself does not say on which of our links.
        found.append(LinkClicks(Link(number, "", "not known which"), figures.shares(number)))
    return found


def _stories(links: Sequence[LinkClicks]) -> list[StoryClicks]:
    words: dict[tuple[int | None, bool], str] = {}
    counts: dict[tuple[int | None, bool], Counter[str]] = {}
    for link, clicks in links:
        if clicks is not None:
            # Of links that are not known nobody can say that they are outside of the stories.
            place = link.story, bool(link.url)
            words.setdefault(place, link.label if link.story or not link.url else "")
            counts.setdefault(place, Counter()).update(clicks)
    return [StoryClicks(place[0], words[place], dict(counts[place])) for place in counts]


def _reasons(figures: Figures) -> list[tuple[str, str, str, int]]:
    """Return (what, visitor, reason, how many): why each class is thought to be one."""
    found: Counter[tuple[str, str, str]] = Counter()
    for (link, visitor, reason), n in figures.hits.items():
        found[CLICKED if link else OPENED, visitor, reason] += n
    return [(*key, n) for key, n in sorted(found.items(), key=lambda one: (-one[1], one[0])) if n]


def _domains(figures: Figures) -> list[AtDomain]:
    names = {domain for domain, word in figures.people if word == SUBMITTED}
    names |= {domain for domain, _ in figures.people}
    reported = figures.fate(EventType.DELIVERED)
    rows = [
        AtDomain(
            name,
            submitted=figures.of_people(SUBMITTED, domain=name),
            delivered=figures.fate(EventType.DELIVERED, SEEN, domain=name) if reported else None,
            deferred=figures.fate(EventType.DEFERRED, domain=name),
            bounced=figures.fate(EventType.BOUNCED, domain=name),
            rejected=figures.fate(EventType.REJECTED, domain=name),
            complained=figures.of_people(EventType.COMPLAINED, domain=name),
            unsubscribed=figures.of_people(EventType.UNSUBSCRIBED, domain=name),
        )
        for name in names
    ]
    return sorted(rows, key=lambda row: (row.domain == OTHER, -row.submitted, row.domain))
