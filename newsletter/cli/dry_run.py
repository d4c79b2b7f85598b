"""`newsletter send --dry-run`: what a send would do, and would refuse."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from newsletter.cli import console, findings
from newsletter.cli.drafting import Wanted, due, is_post, look, refuse, refuse_unknown, spell
from newsletter.cli.whom import corrected, count, narrowed_to

if TYPE_CHECKING:
    from newsletter.app import App
    from newsletter.message import RenderedEmail
    from newsletter.models import Issue


def dry_run_of(
    house: "App",
    wanted: Wanted,
    *,
    segment: str,
    to_reached: str,
    at: str,
    first: str,
    over: str,
    allow: Sequence[str],
) -> None:
    """Say what `send` would do with the same words; raises as it does, and writes nothing."""
    from newsletter import issues
    from newsletter.issues.first_wave import size_of
    from newsletter.models import IssueState
    from subscribers import store

    refuse_unknown(allow)
    seen = look(house, wanted) if is_post(wanted.what) else None
    if seen:
        refuse(seen, allow)
        findings.show(seen.findings)
    with house.database.read() as session:
        said: RenderedEmail | Issue
        before: Issue | None
        if seen:
            list_ = store.find_list(session, wanted.list_ or None)
            said, key = seen.email, wanted.key or seen.key
            before = issues.foreseen(session, list_, key=key, source=seen.source)
            is_closed = before is not None and issues.is_closed(before)
        else:
            said = before = issues.find_issue(session, wanted.name)
            list_, key = store.find_list(session, before.list_slug), before.key
            is_closed = before.state not in (IssueState.DRAFT, IssueState.TESTED)
        if before and is_closed:
            console.say(f"{key} is {before.state} already: send would do nothing")
            return
        corrects = corrected(session, list_, to_reached)
        people = count(session, list_, segment, corrects)
        size_of(first, people, hears=house.hears)
        when = due(at, list_.time_zone)
    if over:
        spell(over)
    console.say(f"subject    {said.subject}")
    console.say(f"preheader  {said.preheader}")
    console.say(f"key        {key}")
    shown = f" at {when:%Y-%m-%d %H:%M} {list_.time_zone}" if when else ""
    console.say(
        f"would go to {console.people(people)} on {list_.name}{narrowed_to(segment, corrects)}{shown}; "
        "nothing was written"
    )
