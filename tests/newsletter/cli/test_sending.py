"""What a send says, by commands: the next command works, and the exit code is no lie."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from newsletter import dispatcher
from newsletter.app import App, build
from newsletter.cli.command import app
from newsletter.errors import IssueError, PostError
from newsletter.settings import load
from subscribers.database import now
from tests.doubles.smtp_server import SmtpDouble
from tests.newsletter.house import add_people, address

Run = Callable[..., Result]
REFUSED = SystemExit, IssueError, PostError


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with a post and a list of four, two recipients a batch."""
    monkeypatch.setenv("NEWSLETTER_BATCH_SIZE", "2")
    Path("note.md").write_text("---\ntitle: A note\nslug: note\n---\nWords.\n", encoding="utf-8")
    house = build(load())
    add_people(house, 4)
    house.database.close()

    def command(*words: str) -> Result:
        done = CliRunner().invoke(app, words)
        assert done.exception is None or isinstance(done.exception, REFUSED), done
        return done

    return command


def begin(house: App) -> None:
    """Do what a worker does who dies in its first call."""
    dispatcher.start_due(house.database, size=2, who="worker", now=now())
    with house.database.begin() as session:
        assert dispatcher.claim(session, house.provider, owner="the dead", now=now())
    house.database.close()


@pytest.mark.parametrize("decision", ["pause", "cancel"])
def test_a_dead_workers_calls_end_when_another_worker_comes(run: Run, decision: str) -> None:
    run("send", "note.md", "--yes", "--no-test")
    begin(build(load()))
    run(decision, "note")
    seen = json.loads(run("show", "note", "--json").output)
    assert (seen["sending"], seen["nobody_sends"]) == (2, True)
    assert seen["next"].startswith("newsletter worker")
    run("worker", "--until-idle")
    after = json.loads(run("show", "note", "--json").output)
    assert (after["sending"], after["in_doubt"], after["nobody_sends"]) == (0, 1, False)


def test_what_was_tested_under_another_key_is_sent_under_it(run: Run) -> None:
    said = run("test", "note.md", "--key", "other", "--to", "me@ledger.example").output
    command = said.partition("next: newsletter ")[2].split()
    assert command == ["send", "note.md", "--key", "other"]
    assert "other is scheduled" in run(*command, "--yes").output


def test_a_worker_that_ends_says_whether_all_is_well(run: Run) -> None:
    run("send", "note.md", "--yes", "--no-test")
    begin(build(load()))
    ill = run("worker", "--until-idle")
    assert ill.exit_code == 1
    assert ill.output.splitlines() == [
        "note is sending: 3 submitted, 1 in doubt",
        "next: newsletter show note",
    ]
    assert "1 recipient settled as submitted" in run("settle", "note", "--as", "submitted").output
    run("send", "note.md", "--yes", "--no-test", "--resend-as", "again")
    well = run("worker", "--until-idle")
    assert (well.exit_code, well.output) == (0, "again is sent: 4 submitted\n")


def test_a_worker_that_has_nothing_to_do_says_what_open_issues_wait_for(run: Run) -> None:
    run("send", "note.md", "--yes", "--no-test", "--at", "2099-01-31T10:00Z")
    said = run("worker", "--until-idle").output
    assert said == "note is scheduled for 2099-01-31 10:00 UTC: newsletter show note\n"
    run("pause", "note")
    said = run("worker", "--until-idle").output
    assert said == "note is paused (operator): newsletter show note\n"
    run("cancel", "note")
    assert run("worker", "--until-idle").output == ""


def test_the_log_keeps_who_decided_what_and_why(run: Run) -> None:
    run("send", "note.md", "--yes", "--no-test")
    begin(build(load()))
    for words in (
        ("pause", "note", "--why", "a wrong figure"),
        ("resume", "note", "--why", "it was right"),
    ):
        run(*words)
    run("worker", "--until-idle")
    run("settle", "note", "--as", "failed", "--why", "the provider has no such mail")
    run("retry", "note", "--why", "the provider said so")
    run("cancel", "note", "--why", "too late")
    seen = json.loads(run("show", "note", "--json").output)
    told = {step["step"]: step["detail"] for step in seen["steps"] if step["who"] != "worker"}
    assert {name: told[name] for name in ("pause", "resume", "settle", "retry", "cancel")} == {
        "pause": "operator: a wrong figure",
        "resume": "it was right",
        "settle": "1 recipients as failed: the provider has no such mail",
        "retry": "1 recipients: the provider said so",
        "cancel": "too late",
    }


def test_who_lets_an_issue_go_on_is_told_when_nobody_sends_it(run: Run) -> None:
    run("send", "note.md", "--yes", "--no-test")
    begin(build(load()))
    run("pause", "note")
    run("worker", "--until-idle")
    said = run("resume", "note").output
    assert "next: newsletter worker (or newsletter serve): nobody sends it" in said


def test_who_waits_for_an_issue_that_is_held_learns_that_it_did_not_go(run: Run) -> None:
    run("send", "note.md", "--yes", "--no-test")
    run("pause", "note")
    assert run("send", "note.md", "--wait").exit_code == 1


def test_of_two_lists_with_the_same_issue_the_next_command_names_the_one(run: Run) -> None:
    house = build(load())
    add_people(house, 0, slug="other")
    house.database.close()
    for slug in ("ledger", "other"):
        run("send", "note.md", "--list", slug, "--yes", "--no-test")
    said = run("pause", "other/note").output
    assert "next: newsletter resume other/note," in said
    seen = json.loads(run("show", "other/note", "--json").output)
    assert seen["next"].startswith("newsletter resume other/note,")
    assert "it is scheduled now" in run("resume", "other/note").output


def test_what_is_scheduled_keeps_its_time_until_it_is_cancelled(run: Run) -> None:
    first, second = ((now() + timedelta(days=days)).isoformat() for days in (1, 2))
    run("send", "note.md", "--yes", "--no-test", "--at", first)
    again = run("send", "note.md", "--yes", "--no-test", "--at", second)
    assert "newsletter cancel ledger/note, then send" in again.output
    run("cancel", "note")
    run("send", "note.md", "--yes", "--no-test", "--at", second)
    seen = json.loads(run("show", "note", "--json").output)
    assert (seen["state"], seen["scheduled"][:10]) == ("scheduled", second[:10])


def test_a_mistake_seen_after_it_was_scheduled_is_mended_and_not_mailed_twice(run: Run) -> None:
    run("send", "note.md", "--yes", "--no-test", "--at", (now() + timedelta(days=1)).isoformat())
    Path("note.md").write_text("---\ntitle: A note\nslug: note\n---\nOther words.\n", "utf-8")
    advice = "newsletter amend POST gives it to who has none yet"
    said = run("send", "note.md", "--yes").output
    assert f"newsletter pause ledger/note, then {advice}" in said
    run("pause", "ledger/note")
    assert advice in run("send", "note.md", "--yes").output
    assert "get the text as it is now" in run("amend", "note.md", "--no-test", "--yes").output
    run("resume", "note")
    run("cancel", "note")
    assert "newsletter send POST mails it after all" in run("show", "note").output
    run("send", "note.md", "--yes", "--no-test", "--wait")
    Path("note.md").write_text("---\ntitle: A note\nslug: note\n---\nThird words.\n", "utf-8")
    assert "--resend-as KEY mails it again" in run("send", "note.md", "--yes").output


def test_nothing_leaves_a_list_that_says_not_where_it_is_not_even_a_test(run: Run) -> None:
    """# L-2"""
    run("lists", "add", "bare", "--name", "Bare", "--from", "A <a@ledger.example>")
    refused = run("test", "note.md", "--list", "bare", "--to", "me@ledger.example")
    assert "no postal address and no privacy notice" in str(refused.exception)
    assert not Path("outbox").exists()
    run("lists", "edit", "bare", "--postal", "1 Street", "--privacy-url", "https://ledger.example/")
    said = run("test", "note.md", "--list", "bare", "--to", "me@ledger.example").output
    assert "submitted" in said
    assert "nobody would get it now" in run("send", "note.md", "--list", "bare", "--yes").output


def test_real_mail_does_not_leave_with_links_to_this_machine(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 8058: whoever forgot PUBLIC_URL would send goodbyes that nobody can say."""
    with SmtpDouble() as server:
        monkeypatch.setenv("NEWSLETTER_PROVIDER", "smtp")
        monkeypatch.setenv("NEWSLETTER_SMTP_URL", server.url)
        refused = run("send", "note.md", "--yes", "--no-test")
        assert "doctor finds errors (public-url-http); nothing" in str(refused.exception)
        assert "set PUBLIC_URL" in refused.output
        known = run("send", "note.md", "--yes", "--no-test", "--allow", "public-url-http")
        assert "note is scheduled" in known.output


def test_what_is_sent_is_not_advised_to_be_sent_again_by_who_wants_it_back(run: Run) -> None:
    run("send", "note.md", "--yes", "--no-test", "--wait")
    for decision in ("cancel", "pause", "resume"):
        mend = str(getattr(run(decision, "note").exception, "mend", ""))
        assert "--to-reached ledger/note" in mend
        assert "--resend-as" not in mend


def test_a_note_that_is_not_utf_8_is_named(run: Run) -> None:
    Path("note.txt").write_bytes(b"\xe9")
    refused = run("send", "note.md", "--yes", "--no-test", "--note", "note.txt")
    assert str(refused.exception) == "note.txt: the note is no text in UTF-8"


def test_a_time_that_is_past_is_no_time_to_send(run: Run) -> None:
    at = (now() - timedelta(hours=2)).isoformat()
    refused = run("send", "note.md", "--yes", "--no-test", "--at", at)
    assert "is past" in str(refused.exception)
    assert json.loads(run("show", "note", "--json").output)["state"] == "draft"


def test_a_dry_run_of_what_went_out_says_that_nothing_would_be_sent(run: Run) -> None:
    assert "would go to 4 people" in run("send", "note.md", "--dry-run").output
    run("send", "note.md", "--yes", "--no-test", "--wait")
    for name in ("note.md", "note"):
        said = run("send", name, "--dry-run").output
        assert said.splitlines()[-1] == "note is sent already: send would do nothing"


def test_a_dry_run_of_a_draft_by_its_key_says_whom_it_would_reach(run: Run) -> None:
    run("test", "note.md", "--to", "me@ledger.example")
    assert "would go to 4 people" in run("send", "note", "--dry-run").output
    run("send", "note", "--yes", "--at", "2126-12-01")
    run("cancel", "note")
    assert "would go to 4 people" in run("send", "note.md", "--dry-run").output
    assert "send would do nothing" in run("send", "note", "--dry-run").output


@pytest.mark.parametrize(
    "words",
    [
        ("--at", "2020-01-01"),
        ("--at", "9999-12-31T23:59-12:00"),
        ("--first", "-3"),
        ("--over", "5x"),
        ("--over", "32d"),
        ("--key", "Bad Key!"),
        ("--allow", "no-such-code"),
    ],
)
def test_a_dry_run_refuses_what_the_send_would(run: Run, words: tuple[str, str]) -> None:
    dry, real = (
        run("send", "note.md", *words, "--dry-run"),
        run("send", "note.md", *words, "--yes", "--no-test"),
    )
    assert isinstance(dry.exception, IssueError)
    assert str(dry.exception) == str(real.exception)


def test_one_person_is_not_called_people(run: Run) -> None:
    for number in range(3):
        run("subscribers", "suppress", address(number + 1))
    assert "would go to 1 person on" in run("send", "note.md", "--dry-run").output


def test_a_dry_run_refuses_a_post_with_errors(run: Run) -> None:
    Path("note.md").write_text("---\ntitle: A note\nslug: note\n---\n[x](http://localhost/)\n")
    assert "link-local" in str(run("send", "note.md", "--dry-run").exception)
    assert "would go to" in run("send", "note.md", "--dry-run", "--allow", "link-local").output
