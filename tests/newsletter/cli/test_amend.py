"""An issue paused on its way, its post mended, tested and amended; then corrected: by commands."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from newsletter import dispatcher
from newsletter.app import build
from newsletter.cli.command import app
from newsletter.errors import IssueError, PostError
from newsletter.settings import load
from subscribers.database import now
from tests.newsletter.house import add_people

Run = Callable[..., Result]


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder, two recipients a batch."""
    monkeypatch.setenv("NEWSLETTER_BATCH_SIZE", "2")

    def command(*words: str) -> Result:
        done = CliRunner().invoke(app, words)
        assert done.exception is None or isinstance(
            done.exception, (SystemExit, IssueError, PostError)
        ), done
        return done

    return command


def written(words: str) -> str:
    Path("note.md").write_text(f"---\ntitle: A note\nslug: note\n---\n{words}\n", encoding="utf-8")
    return "note.md"


def send_a_batch() -> None:
    """Do what a worker does: start what is due, and send one batch."""
    house = build(load())
    dispatcher.start_due(house.database, size=2, who="worker", now=now())
    hand = dispatcher.Sender(house.database, house.links, house.provider)
    assert hand.send_one()
    hand.close()
    house.database.close()


def told(run: Run, *words: str) -> Any:
    return json.loads(run(*words, "--json").output)


def mails(word: str) -> list[str]:
    """Return the names of the files in the outbox that hold a word."""
    files = sorted(Path("outbox").rglob("*.eml"))
    return [file.name for file in files if word in file.read_text(encoding="utf-8")]


def test_a_mistake_found_on_the_way_is_mended_for_the_rest_and_corrected_for_the_others(
    run: Run,
) -> None:
    house = build(load())
    add_people(house, 5)
    house.database.close()
    run("send", written("First words."), "--yes", "--no-test")
    send_a_batch()
    assert "sending: it cannot amend" in str(
        run("amend", written("Mended words."), "--yes", "--no-test").exception
    )
    run("pause", "note")

    by_key = run("amend", "note", "--yes").exception
    assert isinstance(by_key, PostError)
    assert "newsletter show ISSUE tells its source" in by_key.mend
    refused = run("amend", "note.md", "--yes")
    assert "never tested" in str(refused.exception)
    assert isinstance(refused.exception, IssueError)
    assert "newsletter test POST --to" in refused.exception.mend
    tested = run("test", "ledger/note", "--to", "me@ledger.example").output
    assert "next: newsletter resume ledger/note" in tested
    assert "amend note.md" in run("test", "note.md", "--to", "me@ledger.example").output
    assert len(mails("Mended words.")) == 1
    said = run("amend", "note.md", "--yes").output
    assert "3 people get the text as it is now, 2 have an earlier one" in said
    assert "nothing to do" in run("amend", "note.md", "--yes").output

    run("resume", "note")
    waiting = told(run, "show", "note")
    assert (waiting["nobody_sends"], waiting["done_at"]) == (True, None)
    assert "nobody sends it" in waiting["next"]
    run("worker", "--until-idle")
    seen = told(run, "show", "note")
    assert (seen["state"], seen["submitted"], seen["next"]) == (
        "sent", 5, "newsletter report note: everybody is accounted for",
    )  # fmt: skip
    assert [(one["text"], one["submitted"]) for one in seen["texts"]] == [(1, 2), (2, 3)]
    assert [one["text"] for one in told(run, "recipients", "note")] == [1, 1, 2, 2, 2]
    assert "text 1       2 submitted, until " in run("show", "note").output
    assert len(mails("First words.")) == 2 + 1
    assert len(mails("Mended words.")) == 1 + 3

    correction = "--resend-as", "note-correction", "--to-reached", "note"
    dry = run("send", "note.md", *correction, "--dry-run").output
    assert "2 people on The Monthly Ledger, those whom note reached" in dry
    for _ in range(2):
        run("send", "note.md", *correction, "--yes", "--wait")
    assert told(run, "show", "note-correction")["submitted"] == 2
    assert len(mails("Mended words.")) == 1 + 3 + 2


def test_a_test_of_an_issue_that_went_out_says_that_it_is_the_old_text(run: Run) -> None:
    house = build(load())
    add_people(house, 1)
    house.database.close()
    run("send", written("First words."), "--yes", "--no-test", "--wait")
    said = run("test", written("Other words."), "--to", "me@ledger.example")
    assert "this is its text, not what the post says now" in said.output
    assert mails("Other words.") == []
    assert "cannot amend" in str(run("amend", "note.md", "--yes", "--no-test").exception)


def test_an_issue_that_has_not_begun_is_amended_for_everybody(run: Run) -> None:
    house = build(load())
    add_people(house, 2)
    house.database.close()
    run("send", written("First words."), "--yes", "--no-test")
    run("pause", "note")
    said = run("amend", written("Mended words."), "--yes", "--no-test").output
    assert "note: all its people get the text as it is now, 0 have an earlier one" in said
