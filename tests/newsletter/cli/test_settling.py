"""Who is in doubt, and what became of each: by commands."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from newsletter import dispatcher
from newsletter.app import build
from newsletter.cli.command import app
from newsletter.errors import IssueError
from newsletter.settings import load
from subscribers.database import now
from tests.newsletter.house import add_people, address


def run(*words: str) -> Result:
    done = CliRunner().invoke(app, words)
    assert done.exception is None or isinstance(done.exception, (SystemExit, IssueError)), done
    return done


def test_of_two_in_doubt_one_is_named_and_the_other_waits(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_BATCH_SIZE", "1")
    house = build(load())
    add_people(house, 2)
    Path("note.md").write_text("---\ntitle: A note\nslug: note\n---\nWords.\n", encoding="utf-8")
    run("send", "note.md", "--yes", "--no-test")
    dispatcher.start_due(house.database, size=1, who="worker", now=now())
    for _ in range(2):
        with house.database.begin() as session:
            assert dispatcher.claim(session, house.provider, owner="the dead", now=now())
    dispatcher.sweep(house.database, who="worker", now=now(), orphaned=True)
    house.database.close()

    wrong = run("settle", "note", "--as", "failed", "--person", "nobody@readers.example")
    assert isinstance(wrong.exception, IssueError)
    assert "nobody here has the address" in str(wrong.exception)
    assert wrong.exception.mend.startswith("newsletter recipients note --state in_doubt")
    named = run("settle", "note", "--as", "failed", "--person", address(1))
    assert "1 recipient settled as failed" in named.output
    again = run("settle", "note", "--as", "failed", "--person", address(1))
    assert "not in doubt" in str(again.exception)
    listed = json.loads(run("recipients", "note", "--json").output)
    assert {one["email"]: one["state"] for one in listed} == {
        address(1): "failed",
        address(2): "in_doubt",
    }

    rest = run("settle", "note", "--as", "submitted")
    assert "note: 1 recipient settled as submitted; it is sent now" in rest.output
    none = run("settle", "note", "--as", "submitted")
    assert (none.exit_code, none.output.splitlines()[0]) == (
        0,
        "note: nobody is in doubt; it is sent now",
    )
    assert "1 recipient to be tried again" in run("retry", "note").output
    assert "note: nobody has failed" in run("retry", "note").output
