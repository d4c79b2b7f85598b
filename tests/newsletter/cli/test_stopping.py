"""Ctrl-C, and what it says: how far it is, and how to go on."""

import signal
import time
from pathlib import Path
from threading import Event

import pytest
from typer.testing import CliRunner, Result

from newsletter.app import build
from newsletter.cli.command import app
from newsletter.cli.following import follow
from newsletter.cli.running import ENDING, stop_on_signal
from newsletter.issues import find_issue
from newsletter.settings import load
from tests.newsletter.house import add_people


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


@pytest.fixture
def issue(home: Path) -> int:
    """Schedule an issue for two people; return its number."""
    (home / "note.md").write_text("---\ntitle: A note\nslug: note\n---\nWords.\n", encoding="utf-8")
    house = build(load())
    add_people(house, 2)
    assert "note is scheduled" in run("send", "note.md", "--yes", "--no-test").output
    with house.database.read() as session:
        return find_issue(session, "note").id


def test_an_import_that_is_stopped_tells_how_to_go_on(
    issue: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A shell in which this runs in the background may have told Python to ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    Path("new.csv").write_text("email\nnew@readers.example\n", encoding="utf-8")
    words = ("subscribers", "import", "new.csv", "--i-have-consent", "they asked")
    with monkeypatch.context() as context:
        context.setattr(time, "monotonic", lambda: signal.raise_signal(signal.SIGINT))
        stopped = run(*words)
    assert stopped.exit_code == 130
    assert "stopped\n  → the same command again goes on where it was\n" in stopped.output
    assert "1 row read" in run(*words).output


def test_a_send_that_is_stopped_says_how_far_it_is(
    issue: int, capsys: pytest.CaptureFixture[str]
) -> None:
    stop = Event()
    stop.set()
    assert follow(build(load()), issue, stop) == 1
    out, err = capsys.readouterr()
    assert "note is " in out
    assert "the same command again goes on" in err
    assert run("send", "note.md", "--yes", "--wait").exit_code == 0


def test_who_waits_for_an_issue_that_is_paused_is_told_what_next(issue: int) -> None:
    run("pause", "note")
    waited = run("send", "note.md", "--yes", "--wait")
    assert waited.exit_code == 1
    assert "next: newsletter show note\n" in waited.output


def test_the_first_signal_says_that_something_is_finished_first(
    capfd: pytest.CaptureFixture[str],
) -> None:
    stop = stop_on_signal(ENDING)
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGTERM)
    assert stop.is_set()
    assert capfd.readouterr().err == ENDING.decode()
