"""What a person names on the command line, post or issue, becomes an issue's draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import IssueError, PostError

if TYPE_CHECKING:
    from newsletter.app import App
    from newsletter.findings import Finding
    from newsletter.issues import Outcome
    from newsletter.models import Issue
    from newsletter.publishing import Overrides, Publication

# To so many a send leaves whatever doctor says; beyond them receivers want all of it (RULES DL-1).
FEW = 4_000
# An issue that is still going out when the next one is due is a slip of the finger.
LONGEST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A post's path or an issue's name, with the flags that say more about it."""

    what: str
    list_: str
    key: str
    overrides: "Overrides"
    dialect: str = ""
    fit: bool = False

    @property
    def name(self) -> str:
        """How an issue is named, where it is no post."""
        return f"{self.list_}/{self.what}" if self.list_ else self.what


@dataclass(frozen=True, slots=True)
class Draft:
    """The issue, whether it was scheduled `already`, and the post as it would leave, if one was named."""

    issue: "Issue"
    already: bool
    changed: bool
    seen: "Publication | None" = None
    outcome: "Outcome | None" = None

    @property
    def findings(self) -> tuple["Finding", ...]:
        """What was found in the post."""
        return self.seen.findings if self.seen else ()


def overridden(subject: str, preheader: str, note: Path | None) -> "Overrides":
    """Return what the flags say instead of the post."""
    from newsletter.publishing import Overrides

    try:
        text = note.read_text(encoding="utf-8-sig") if note else ""
    except UnicodeDecodeError:
        raise PostError("the note is no text in UTF-8", "save it as UTF-8", path=note) from None
    return Overrides(subject=subject, preheader=preheader, note=text)


def look(house: "App", wanted: Wanted) -> "Publication":
    """Read, render and check the post for its List; nothing is written."""
    from newsletter.publishing import masthead_of, publication
    from subscribers import store
    from subscribers.database import now

    with house.database.read() as session:
        masthead = masthead_of(store.find_list(session, wanted.list_ or None))
    return publication(
        Path(wanted.what),
        masthead,
        now=now(),
        site_url=house.settings.site_url or masthead.site_url,
        dialect=wanted.dialect,
        public_url=house.settings.public_url,
        images=house.settings.images,
        templates=house.settings.templates,
        overrides=wanted.overrides,
        fit=wanted.fit,
        uncounting="" if house.provider.counts else house.provider.name,
    )


def write_draft(
    house: "App", wanted: Wanted, *, allow: Sequence[str] = (), refuse_errors: bool = False
) -> Draft:
    """Write the draft of a post, or find the issue that is named.

    Raises IssueError for an `allow` that is no code, and when `refuse_errors` and the post has
    errors that were not allowed; then nothing is written.
    """
    from newsletter.issues import Outcome, draft, find_issue
    from newsletter.models import IssueState
    from subscribers import store
    from subscribers.database import now

    refuse_unknown(allow)
    if not is_post(wanted.what):
        with house.database.read() as session:
            issue = find_issue(session, wanted.name)
            already = issue.state not in (IssueState.DRAFT, IssueState.TESTED)
            return Draft(issue, already, changed=False)
    seen = look(house, wanted)
    if refuse_errors:
        refuse(seen, allow)
    with house.database.begin() as session:
        drafted = draft(
            session,
            store.find_list(session, wanted.list_ or None),
            key=wanted.key or seen.key,
            source=seen.source,
            title=seen.digest.title,
            email=seen.email,
            web_url=seen.digest.url or "",
            errors=errors_of(seen),
            who=_who(),
            now=now(),
        )
    already = drafted.outcome is Outcome.ALREADY
    return Draft(drafted.issue, already, drafted.changed, seen, drafted.outcome)


def refuse(seen: "Publication", allow: Sequence[str]) -> None:
    """Refuse with IssueError a post with errors that were not allowed; show what was found."""
    from newsletter.cli.findings import show
    from newsletter.publishing import stopping

    stops = stopping(seen.findings, allow)
    if stops:
        show(seen.findings)
        codes = ", ".join(sorted({finding.code for finding in stops}))
        raise IssueError(
            f"the post has errors ({codes}); nothing was changed",
            "mend them, or --allow CODE for each",
        )


def refuse_unready(house: "App", people: int, allow: Sequence[str]) -> None:
    """Refuse with IssueError a send to many from a house that is not well (RULES DL-1).

    To few as well, where nobody could leave by the links that they get (RFC 8058).
    """
    from newsletter.cli.findings import show
    from newsletter.doctor import check_public_url, examine
    from newsletter.publishing import stopping

    are_many = people > FEW
    stops = stopping(list(examine(house) if are_many else check_public_url(house)), allow)
    if stops:
        show(stops)
        codes = ", ".join(sorted({finding.code for finding in stops}))
        raise IssueError(
            f"{f'more than {FEW:,} people, and ' if are_many else ''}doctor finds errors ({codes}); "
            "nothing was scheduled",
            "mend them, or --allow CODE for each",
        )


def errors_of(seen: "Publication") -> list[str]:
    """Return the codes of what stops a send."""
    from newsletter.publishing import stopping

    return sorted({finding.code for finding in stopping(seen.findings, ())})


def refuse_unknown(codes: Sequence[str]) -> None:
    """Refuse with IssueError a code that no finding has."""
    from difflib import get_close_matches

    from newsletter.findings import KINDS

    for code in codes:
        if code not in KINDS:
            near = get_close_matches(code, KINDS, 1)
            raise IssueError(
                f"--allow {code}: there is no such finding",
                f"did you mean {near[0]}?" if near else "docs/findings.md lists them all",
            )


def worth_saying(findings: Sequence["Finding"]) -> list["Finding"]:
    """Return the findings that are more than information; `check` shows those too."""
    return [finding for finding in findings if finding.severity != "info"]


def moment(written: str, zone: str) -> datetime:
    """Read `--at`: ISO 8601, in the List's time zone when it names none."""
    from zoneinfo import ZoneInfo

    try:
        when = datetime.fromisoformat(written)
    except ValueError:
        raise IssueError(f"--at {written!r} is no time", "write 2026-12-01T08:00") from None
    when = when if when.tzinfo else when.replace(tzinfo=ZoneInfo(zone))
    try:
        when.astimezone(UTC)
    except OverflowError:
        raise IssueError(
            f"--at {written!r} is past all calendars", "write 2026-12-01T08:00"
        ) from None
    return when


def due(written: str, zone: str) -> datetime | None:
    """Return when `--at` says, None for now; raises IssueError for a time that is past."""
    from newsletter.issues.life import LATE_AFTER
    from subscribers.database import now

    when = moment(written, zone) if written else None
    if when and now() - when > LATE_AFTER:
        raise IssueError(
            f"--at {written} is past", "another time, or leave --at out to send it now"
        )
    return when


def spell(written: str) -> timedelta:
    """Read `--over`: minutes, hours or days, such as 90m, 6h, 2d."""
    units = {"m": "minutes", "h": "hours", "d": "days"}
    number, unit = written[:-1], units.get(written[-1:])
    if unit is None or not number.isdecimal() or not 0 < int(number) < 1_000_000:
        raise IssueError(f"--over {written!r} is no length of time", "write 90m, 6h or 2d")
    length = timedelta(**{unit: int(number)})
    if length > LONGEST:
        raise IssueError(
            f"--over {written} is longer than {LONGEST.days} days", "write 90m, 6h or 2d"
        )
    return length


def is_post(what: str) -> bool:
    """Say whether a post is named and not an issue; raises PostError for a file that is not there."""
    path = Path(what)
    if path.exists() or path.suffix or what.startswith((".", "/")) or what.count("/") > 1:
        if not path.exists():
            raise PostError("there is no such file", "name a post or an issue", path=path)
        return True
    return False


def _who() -> str:
    from newsletter.cli.console import who

    return who()
