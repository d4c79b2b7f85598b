"""Where an issue stands, in words and figures, and the next command that makes sense."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from newsletter.cli.console import people

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from newsletter.app import App
    from newsletter.models import Issue

# What has to be done before an issue that is held so may go on.
_FIRST = {
    "credentials": "mend what the log says (newsletter doctor), then ",
    "bounces": "look at the list and the log, then, in spite of it, ",
    "complaints": "look at the list and the log, then, in spite of it, ",
    "first-wave": "see why no report came, then, in spite of it, ",
}
_BY_ITSELF = {
    "provider": "nothing: it goes on when the provider answers and a worker runs; or ",
    "not-live": "nothing: it goes on when everything it shows is online; or at once ",
}


def described(session: "Session", issue: "Issue") -> dict[str, Any]:
    """Return what the listings show of an issue."""
    from newsletter import issues

    seen = issues.progress(session, issue)
    state = f"{issue.state} ({issue.hold_reason})" if issue.hold_reason else issue.state
    return {
        "key": issue.key,
        "list": issue.list_slug,
        "state": state,
        "subject": issue.subject,
        "source": issue.source,
        "scheduled": issue.scheduled_at,
        "started": issue.started_at,
        "finished": issue.finished_at,
        "segment": issue.segment,
        "recipients": seen.total,
        "pending": seen.pending,
        "sending": seen.sending,
        "submitted": seen.submitted,
        "failed": seen.failed,
        "in_doubt": seen.in_doubt,
        "skipped": seen.skipped,
    }


def named(issue: str, list_: str) -> str:
    """Return the name of an issue that an argument and --list say together."""
    return f"{list_}/{issue}" if list_ and "/" not in issue else issue


def spoken(session: "Session", issue: "Issue") -> str:
    """Return the name that a command finds an issue by: its key, with its list where two have it."""
    from sqlalchemy import func, select

    from newsletter.models import Issue

    same = session.scalar(select(func.count()).where(Issue.key == issue.key)) or 0
    return issue.key if same < 2 else f"{issue.list_slug}/{issue.key}"


def shown(house: "App", session: "Session", issue: "Issue", now: "datetime") -> dict[str, Any]:
    """Return all that is told of one issue at this moment."""
    from newsletter.issues.speed import speed
    from newsletter.worker.seen import worker_alive

    about = described(session, issue)
    about["name"] = spoken(session, issue)
    total, open_ = about["recipients"], about["pending"] + about["sending"]
    about["progress"] = f"{(total - open_) / total:.1%}" if total else ""
    found = speed(session, issue, now)
    about["rate"] = round(found.per_second, 1) if found else None
    about["goes_on"] = _goes_on(session, issue, now)
    # What is on its way when everybody died ends once somebody sweeps up after them.
    waits = open_ if issue.state == "sending" else about["sending"]
    about["nobody_sends"] = waits > 0 and not worker_alive(house, session, now)
    is_told = open_ > 0 and not about["goes_on"] and not about["nobody_sends"]
    about["done_at"] = found.done_at if found and is_told else None
    about["counted"] = counted(issue)
    about["first_wave"] = _first_wave(session, issue)
    about["texts"] = _texts(session, issue)
    return about


def counted(issue: "Issue") -> str:
    """Say in words what an issue counts, and who does it."""
    modes = {"clicks": issue.click_tracking, "opens": issue.open_tracking}
    told = ", ".join(f"{what} {mode}" for what, mode in modes.items() if mode != "off")
    by = "the provider" if issue.counted_by == "provider" else "us"
    return f"{told}, by {by}" if told else "nothing"


def lines(about: Mapping[str, Any]) -> list[str]:
    """Return what `shown` told, a line each; what there is nothing to say of is left out."""
    told = {name: value for name, value in about.items() if value not in ("", None, [])}
    for asked in ("nobody_sends", "name"):
        told.pop(asked, None)
    if "rate" in told:
        told["rate"] = f"{told['rate']:,} a second"
    for name in ("scheduled", "started", "finished"):
        if name in told:
            told[name] = f"{told[name]:%Y-%m-%d %H:%M:%S} UTC"
    if "done_at" in told:
        told["done_at"] = f"{told['done_at']:%Y-%m-%d %H:%M:%S} UTC, about"
    texts = told.pop("texts", [])
    listed = [f"{name:<12} {value}" for name, value in told.items()]
    for text in texts:
        until = f", until {text['until']:%Y-%m-%d %H:%M:%S} UTC" if text["until"] else ""
        doubt = f", {text['in_doubt']:,} in doubt" if text["in_doubt"] else ""
        listed.append(
            f"{'text ' + str(text['text']):<12} {text['submitted']:,} submitted{doubt}{until}: "
            f"{text['subject']}"
        )
    return listed


def _texts(session: "Session", issue: "Issue") -> list[dict[str, Any]]:
    """Return who has which text of an issue that was amended; nothing for any other."""
    from newsletter import issues

    if not issue.variant:
        return []
    found = [(one.subject, one.amended_at) for one in issues.earlier_texts(session, issue)]
    rows = []
    for number, (subject, until) in enumerate([*found, (issue.subject, None)]):
        seen = issues.progress(session, issue, number)
        rows.append(
            {
                "text": number + 1,
                "subject": subject,
                "until": until,
                "submitted": seen.submitted,
                "in_doubt": seen.in_doubt,
            }
        )
    return rows


def _first_wave(session: "Session", issue: "Issue") -> str:
    """Say in words where the first wave stands, nothing when there is none to wait for."""
    from newsletter.issues.first_wave import LONGEST, first_wave

    wave = first_wave(session, issue)
    if wave is None:
        return ""
    if wave.since is None:
        return f"{people(wave.people)}, on its way"
    until = f"waits for reports until {wave.since + LONGEST:%H:%M} UTC"
    return f"{people(wave.people)}, {until}; {wave.judgement(hears=False)[1]}"


def _goes_on(session: "Session", issue: "Issue", now: "datetime") -> str:
    """Say until when an issue on its way waits, and for what, nothing when it does not."""
    from newsletter.models import IssueState
    from newsletter.pace import held_until

    if issue.state != IssueState.SENDING:
        return ""
    until = held_until(session, issue.id)
    if until is not None and until > now:
        return f"{until:%Y-%m-%d %H:%M:%S} UTC, when its rate or the day's quota lets it"
    until = _tried_again(session, issue)
    if until is not None and until > now:
        return f"{until:%Y-%m-%d %H:%M:%S} UTC, when who was refused for now is tried again"
    return ""


def _tried_again(session: "Session", issue: "Issue") -> "datetime | None":
    """Return when the first of those who are left is tried again, None when any may go at once."""
    from sqlalchemy import func, or_, select

    from newsletter.models import Batch, BatchState

    is_open = (
        Batch.issue_id == issue.id,
        Batch.state.in_((BatchState.PENDING, BatchState.SENDING)),
    )
    may_go = or_(Batch.state == BatchState.SENDING, Batch.not_before.is_(None))
    if session.scalar(select(Batch.batch_no).where(*is_open, may_go).limit(1)) is not None:
        return None
    return session.scalar(select(func.min(Batch.not_before)).where(*is_open))


def next_command(about: Mapping[str, Any]) -> str:
    """Return the next command that makes sense for an issue as `described`, by its `spoken` name."""
    key = about["name"]
    state, _, held = str(about["state"]).partition(" ")
    if about["in_doubt"] and not about["pending"] and not about["sending"]:
        return (
            f"newsletter recipients {key} --state in_doubt, ask the provider, then "
            f"newsletter settle {key} --as submitted|failed"
        )
    if state == "sent" and about["failed"]:
        return f"newsletter recipients {key} --state failed, or newsletter retry {key}"
    if about.get("nobody_sends"):
        return "newsletter worker (or newsletter serve): nobody sends it"
    if state == "paused":
        return _paused(key, held.strip("()"), about["sending"])
    return {
        "draft": f"newsletter test {key} --to you@…",
        "tested": f"newsletter send {key}",
        "scheduled": "newsletter worker (or newsletter serve) sends it when it is due",
        "sending": f"newsletter show {key} again, or newsletter pause {key}",
        "sent": f"newsletter report {key}: everybody is accounted for",
        "cancelled": "nothing: it was cancelled"
        if about["started"]
        else "nothing: it was cancelled, and nobody has it; newsletter send POST mails it after all",
    }[state]


def _paused(key: str, held: str, flying: int) -> str:
    if flying:
        return f"newsletter show {key} again: {flying:,} people's calls are ending"
    if held in _BY_ITSELF:
        return (
            f"{_BY_ITSELF[held]}newsletter resume {key}, newsletter pause {key} to keep it held, "
            f"or newsletter cancel {key}"
        )
    first = _FIRST.get(held, "")
    return (
        f"{first}newsletter resume {key}, newsletter amend POST for another text, "
        f"or newsletter cancel {key}"
    )
