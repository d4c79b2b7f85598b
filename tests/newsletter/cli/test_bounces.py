"""`newsletter bounces poll`: the inbox looked through by hand."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from newsletter.cli.command import app
from newsletter.errors import InboxAway, SettingsError
from tests.newsletter.bounces.corpus import mail

Run = Callable[..., Result]


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with an inbox in it."""
    for part in ("new", "cur", "tmp"):
        (home / "mail" / part).mkdir(parents=True)
    monkeypatch.setenv("NEWSLETTER_INBOX_URL", f"maildir://{home / 'mail'}")
    return lambda *words: CliRunner().invoke(app, words)


def test_it_says_what_there_was_and_what_is_left_for_people(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mail" / "new" / "1").write_bytes(mail("away-vacation"))
    (tmp_path / "mail" / "new" / "2").write_bytes(mail("person-replies"))
    assert run("bounces", "poll").stdout.splitlines() == [
        "2 mails: 0 reports, 0 goodbyes (0 of them new), 1 automatic reply",
        "1 are for people to read, and were left in the inbox",
    ]
    again = json.loads(run("bounces", "poll", "--json").stdout)
    assert again == {"report": 0, "goodbye": 0, "automatic": 0, "other": 1, "new": 0}


def test_what_is_wrong_with_the_inbox_is_said(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mail" / "new").rmdir()
    assert isinstance(run("bounces", "poll").exception, InboxAway)
    monkeypatch.setenv("NEWSLETTER_INBOX_URL", "")
    assert isinstance(run("bounces", "poll").exception, SettingsError)
