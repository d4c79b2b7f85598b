"""An issue's life: what is frozen, which steps are allowed, and how a refusal explains itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.app import App
from newsletter.errors import IssueError, KeyTaken
from newsletter.issues.frozen import _list_id
from newsletter.message import Asset, Link, Mailbox
from newsletter.models import Issue, IssueStep, StoredAsset, TestSend
from newsletter.slots import hole
from subscribers.errors import NotFound
from subscribers.models import List
from tests.newsletter.house import (
    EMAIL,
    NOON,
    add_people,
    open_house,
    schedule,
    state,
    steps,
    write_draft,
)
from tests.newsletter.receiver import Receiver


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[App]:
    opened = open_house(database_url, tmp_path, Receiver(tmp_path / "book"))
    yield opened
    opened.database.close()


@pytest.fixture
def list_id(app: App) -> int:
    return add_people(app, 0)


def record_test(app: App, number: int, **more: str) -> None:
    with app.database.begin() as session:
        issues.record_test(
            session,
            session.get_one(Issue, number),
            number=1,
            to="me@ledger.example",
            who="editor",
            now=NOON,
            **more,
        )


def test_a_draft_is_rewritten_as_often_as_one_likes(app: App, list_id: int) -> None:
    first = write_draft(app, list_id)
    assert (first.outcome, first.issue.state) == ("created", "draft")
    same = write_draft(app, list_id)
    assert (same.outcome, same.changed, same.issue.id) == ("unchanged", False, first.issue.id)
    other = write_draft(app, list_id, email=replace(EMAIL, subject="Ten stories"))
    assert (other.outcome, other.changed, other.issue.id) == ("rewritten", True, first.issue.id)
    assert other.issue.subject == "Ten stories"


def test_a_changed_text_has_to_be_tested_again_and_the_same_has_not(app: App, list_id: int) -> None:
    number = write_draft(app, list_id).issue.id
    record_test(app, number)
    assert state(app, number) == "tested"
    assert write_draft(app, list_id).issue.state == "tested"
    assert write_draft(app, list_id, email=replace(EMAIL, text="new")).issue.state == "draft"


def test_a_test_of_an_older_text_does_not_make_the_new_one_tested(app: App, list_id: int) -> None:
    old = write_draft(app, list_id).issue
    new = write_draft(app, list_id, email=replace(EMAIL, text="new")).issue
    record_test(app, new.id, content_hash=old.content_hash)
    assert state(app, new.id) == "draft"


def test_a_test_in_one_job_counts_for_the_send_in_another(app: App, list_id: int) -> None:
    tested = write_draft(app, list_id, key="rehearsed").issue
    record_test(app, tested.id)
    number = write_draft(app, list_id, key="real").issue.id
    with app.database.begin() as session:
        issues.schedule(session, session.get_one(Issue, number), who="editor", now=NOON)
    assert state(app, number) == "scheduled"


def test_a_text_that_was_never_tested_is_not_scheduled(app: App, list_id: int) -> None:
    number = write_draft(app, list_id).issue.id
    with (
        pytest.raises(IssueError, match="never tested") as refused,
        app.database.begin() as session,
    ):
        issues.schedule(session, session.get_one(Issue, number), who="editor", now=NOON)
    assert "newsletter test ledger/2026-11" in refused.value.mend
    assert state(app, number) == "draft"


def test_sending_without_a_test_is_written_into_the_log(app: App, list_id: int) -> None:
    number = schedule(app, list_id)
    with app.database.read() as session:
        found = session.scalars(
            select(IssueStep.detail).where(
                IssueStep.issue_id == number, IssueStep.step == "schedule"
            )
        ).one()
    assert found == "2026-11-24T12:00:00+00:00, without a test"


def test_an_issue_whose_post_has_errors_leaves_only_in_spite_of_each(
    app: App, list_id: int
) -> None:
    number = write_draft(app, list_id, errors=["clipped", "draft"]).issue.id

    def scheduled(*allow: str) -> None:
        with app.database.begin() as session:
            row = session.get_one(Issue, number)
            issues.schedule(session, row, who="editor", now=NOON, no_test=True, allow=allow)

    with pytest.raises(IssueError, match=r"errors \(clipped\)"):
        scheduled("draft", "link-local")
    assert state(app, number) == "draft"
    scheduled("draft", "clipped", "link-local")
    with app.database.read() as session:
        steps = session.scalars(select(IssueStep.detail).where(IssueStep.step == "schedule")).all()
    assert steps == ["2026-11-24T12:00:00+00:00, without a test, in spite of clipped, draft"]


def test_errors_that_were_mended_are_forgotten_though_the_text_is_the_same(
    app: App, list_id: int
) -> None:
    write_draft(app, list_id, errors=["draft"])
    mended = write_draft(app, list_id)
    assert (mended.outcome, mended.issue.errors) == ("unchanged", [])


def test_nothing_leaves_without_a_privacy_notice(app: App, list_id: int) -> None:
    number = write_draft(app, list_id).issue.id
    with app.database.begin() as session:
        session.get_one(List, list_id).privacy_url = ""
    with pytest.raises(IssueError, match="privacy notice"), app.database.begin() as session:
        issues.schedule(
            session, session.get_one(Issue, number), who="editor", now=NOON, no_test=True
        )


@pytest.mark.parametrize("column", ["postal_address", "sender_name", "sender_address"])
def test_nothing_leaves_without_sender_and_postal_address(
    app: App, list_id: int, column: str
) -> None:
    """L-2."""
    number = write_draft(app, list_id).issue.id
    with app.database.begin() as session:
        session.execute(update(Issue).values({column: "  "}))
    with pytest.raises(IssueError, match=column.replace("_", " ")), app.database.begin() as session:
        issues.schedule(
            session, session.get_one(Issue, number), who="editor", now=NOON, no_test=True
        )


def test_the_same_post_again_is_nothing_and_says_whether_the_text_changed(
    app: App, list_id: int
) -> None:
    """R-2."""
    number = schedule(app, list_id)
    again = write_draft(app, list_id)
    assert (again.outcome, again.changed, again.issue.id) == ("already", False, number)
    changed = write_draft(app, list_id, email=replace(EMAIL, html="<p>new</p>"))
    assert (changed.outcome, changed.changed) == ("already", True)
    assert changed.issue.html == EMAIL.html


def test_a_key_of_another_post_is_refused_with_the_mend(app: App, list_id: int) -> None:
    write_draft(app, list_id)
    with pytest.raises(KeyTaken, match=r"content/blog/2026-11/index\.md") as refused:
        write_draft(app, list_id, source="content/other.md")
    assert "--key KEY" in refused.value.mend


@pytest.mark.parametrize("key", ["", "Nine", "a b", "-", "a/b", "a--b", "é"])
def test_a_key_that_fits_into_no_address_is_refused(app: App, list_id: int, key: str) -> None:
    with pytest.raises(IssueError, match="is no key"):
        write_draft(app, list_id, key=key)


def test_what_was_cancelled_before_it_reached_anybody_may_be_drafted_again(
    app: App, list_id: int
) -> None:
    number = schedule(app, list_id)
    with app.database.begin() as session:
        row = session.get_one(Issue, number)
        row.rehearsed_at = NOON
        issues.cancel(session, row, who="editor", now=NOON)
    assert write_draft(app, list_id).outcome == "rewritten"
    assert state(app, number) == "draft"
    with app.database.read() as session:
        row = session.get_one(Issue, number)
        assert (row.scheduled_at, row.rehearsed_at, row.finished_at) == (None, None, None)


def test_the_frozen_email_is_the_drafted_one_whatever_the_list_becomes(
    app: App, list_id: int
) -> None:
    email = replace(
        EMAIL,
        reply_to=Mailbox("letters@ledger.example"),
        links=(Link(1, "https://a.example/", "A", 2), Link(2, "https://b.example/")),
        assets=(Asset("abc.png", "image/png", b"png"),),
        personal_subject=f"For {hole('name', 'you')}",
    )
    number = write_draft(app, list_id, email=email).issue.id
    with app.database.begin() as session:
        session.execute(update(List).values(name="Renamed", sender_name="Renamed"))
    with app.database.read() as session:
        frozen = issues.frozen_email(session.get_one(Issue, number))
        asset = session.get_one(StoredAsset, "abc.png")
        assert (asset.media_type, asset.data) == ("image/png", b"png")
    assert replace(frozen, headers=()) == replace(email, assets=())
    assert dict(frozen.headers) == {
        "List-Id": "The Monthly Ledger <ledger.ledger.example>",
        "List-Archive": "<https://slot.invalid/archive/>",
        "Precedence": "bulk",
        "Feedback-ID": "2026-11:ledger:issue:broadsheet",
        "List-Unsubscribe": "<https://slot.invalid/unsubscribe/>https://slot.invalid/by-mail/",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", "x"),
        ("personal_subject", "x"),
        ("preheader", "x"),
        ("html", "x"),
        ("text", "x"),
        ("sender", Mailbox("x@ledger.example", "The Monthly Ledger")),
        ("sender", Mailbox("editors@ledger.example", "x")),
        ("reply_to", Mailbox("x@ledger.example")),
        ("links", (Link(1, "https://x.example"),)),
    ],
)
def test_the_content_hash_sees_every_part_of_the_email(
    app: App, list_id: int, field: str, value: object
) -> None:
    before = write_draft(app, list_id).issue.content_hash
    changed = replace(EMAIL, **{field: value})  # type: ignore[arg-type]
    assert write_draft(app, list_id, email=changed).issue.content_hash != before


@given(name=st.text(max_size=60))
def test_the_list_id_is_one_line_of_ascii_whatever_the_list_is_called(name: str) -> None:
    found = _list_id(name, "ledger", "e@straße.example")
    assert found.isascii()
    assert found.isprintable()
    assert found.endswith("<ledger.xn--strae-oqa.example>")


STEPS = {
    "schedule": {"draft", "tested"},
    "start": {"scheduled"},
    "pause": {"scheduled", "sending"},
    "resume": {"paused"},
    "cancel": {"draft", "tested", "scheduled", "sending", "paused"},
    "retry": {"sending", "paused", "sent"},
}
STATES = ("draft", "tested", "scheduled", "sending", "paused", "sent", "cancelled")


def take(step: str, session: Session, issue: Issue) -> None:
    if step == "schedule":
        issues.schedule(session, issue, who="editor", now=NOON, no_test=True)
    else:
        getattr(issues, step)(session, issue, who="editor", now=NOON)


def test_each_step_is_taken_from_its_states_only_and_a_refusal_says_why(
    app: App, list_id: int
) -> None:
    number = write_draft(app, list_id).issue.id
    for step in STEPS:
        for standing in STATES:
            try_step(app, number, step, standing)


def try_step(app: App, number: int, step: str, standing: str) -> None:
    begun = standing not in ("draft", "tested", "scheduled")
    # Nobody is in this one: begun and paused, there would be nothing left to cancel.
    frozen = NOON if begun and step != "cancel" else None
    with app.database.begin() as session:
        session.execute(
            update(Issue).values(
                state=standing, hold_reason="", frozen_at=frozen, scheduled_at=NOON
            )
        )
    before = steps(app, number)
    if standing in STEPS[step]:
        with app.database.begin() as session:
            take(step, session, session.get_one(Issue, number))
        if step != "retry":  # nobody failed, so there is nothing to tell
            # Nobody was mailed of this one: resumed it has come to its end.
            ended = [("finish", "editor")] if step == "resume" else []
            assert steps(app, number) == [*before, (step, "editor"), *ended]
        return
    with pytest.raises(IssueError) as refused, app.database.begin() as session:
        take(step, session, session.get_one(Issue, number))
    assert f"ledger/2026-11 is {standing}: it cannot {step}" in str(refused.value)
    assert refused.value.mend.startswith("newsletter ")
    assert state(app, number) == standing
    assert steps(app, number) == before


def test_resuming_before_its_time_waits_for_it_and_after_it_begins_now(
    app: App, list_id: int
) -> None:
    tomorrow = NOON + timedelta(days=1)
    number = schedule(app, list_id, at=tomorrow)
    for moment in (NOON, tomorrow):
        with app.database.begin() as session:
            issue = session.get_one(Issue, number)
            issues.pause(session, issue, who="editor", now=moment)
            issues.resume(session, issue, who="editor", now=moment)
            assert (issue.state, issue.scheduled_at) == ("scheduled", tomorrow)
    much_later = tomorrow + timedelta(days=1)
    with app.database.begin() as session:
        issue = session.get_one(Issue, number)
        issues.pause(session, issue, who="editor", now=much_later)
        issues.resume(session, issue, who="editor", now=much_later)
        assert (issue.state, issue.scheduled_at) == ("scheduled", much_later)


def test_an_issue_is_found_by_key_by_list_and_key_and_by_number(app: App, list_id: int) -> None:
    number = write_draft(app, list_id).issue.id
    with app.database.read() as session:
        for name in ("2026-11", "ledger/2026-11", str(number)):
            assert issues.find_issue(session, name).id == number
        for name in ("2026-12", "other/2026-11", "99", ""):
            with pytest.raises(NotFound):
                issues.find_issue(session, name)


def test_a_test_is_recorded_with_its_content_and_receivers(app: App, list_id: int) -> None:
    issue = write_draft(app, list_id).issue
    record_test(app, issue.id)
    with app.database.read() as session:
        found = session.scalars(select(TestSend)).one()
        assert (found.to, found.content_hash) == ("me@ledger.example", issue.content_hash)


def test_the_latest_issue_is_one_that_goes_out(app: App, list_id: int) -> None:
    def latest() -> str | None:
        with app.database.read() as session:
            found = issues.latest(session, list_id)
            return found.key if found else None

    write_draft(app, list_id, key="draft")
    assert latest() is None
    schedule(app, list_id, key="first")
    assert latest() == "first"
    second = schedule(app, list_id, key="second", now=NOON + timedelta(days=1))
    assert latest() == "second"
    with app.database.begin() as session:
        issues.cancel(session, session.get_one(Issue, second), who="editor", now=NOON)
    assert latest() == "first"
