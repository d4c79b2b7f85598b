"""`sync`: a draft for each post that is newer than its list, and nothing more than that."""

from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from typer.testing import CliRunner, Result

from newsletter.app import build
from newsletter.cli.command import app
from newsletter.errors import NewsletterError, PostError
from newsletter.settings import load
from tests.factories import NOON
from tests.newsletter.house import add_people

Run = Callable[..., Result]


@pytest.fixture
def run(home: Path) -> Run:
    """Run a command in a folder with a list that was made on 24 November."""

    def command(*words: str) -> Result:
        with time_machine.travel(NOON, tick=False):
            done = CliRunner().invoke(app, words)
        known = (SystemExit, NewsletterError)
        assert done.exception is None or isinstance(done.exception, known), done
        return done

    house = build(load())
    add_people(house, 2)
    house.database.close()
    return command


def write(name: str, day: str, words: str = "Words.", more: str = "") -> None:
    Path("content").mkdir(exist_ok=True)
    text = f"---\ntitle: {name}\nslug: {name}\ndate: {day}\n{more}---\n{words}\n"
    Path("content", f"{name}.md").write_text(text, encoding="utf-8")


def test_newer_posts_are_drafted_the_oldest_first_and_older_ones_are_not(run: Run) -> None:
    write("second", "2026-11-24T10:00:00Z")
    write("first", "2026-11-24")
    write("before", "2026-11-23")
    write("later", "2026-12-01")
    write("unfinished", "2026-11-24", more="draft: true\n")
    done = run("sync", "content")
    assert done.exit_code == 0
    lines = [line for line in done.output.splitlines() if line.startswith("ledger/")]
    assert lines == ["ledger/first: drafted", "ledger/second: drafted"]
    assert "still to come" in done.output
    assert "is a draft" in done.output
    assert "ledger/before: drafted" in run("sync", "content", "--since", "2026-11-01").output


def test_again_is_the_same_and_a_changed_post_is_drafted_anew(run: Run) -> None:
    write("one", "2026-11-24")
    write("two", "2026-11-24")
    run("sync", "content")
    write("two", "2026-11-24", "Other words.")
    again = run("sync", "content")
    assert again.exit_code == 0
    assert "ledger/one: as it was" in again.output
    assert "ledger/two: drafted anew" in again.output
    assert not list(Path("outbox").rglob("*.eml"))


def test_what_is_scheduled_is_left_as_it_is(run: Run) -> None:
    write("one", "2026-11-24")
    run("send", "content/one.md", "--yes", "--no-test", "--at", "2026-11-25T08:00")
    write("one", "2026-11-24", "Other words.")
    done = run("sync", "content")
    told = "ledger/one: scheduled already, and left as it is; the post says something else now"
    assert told in done.output


def test_a_post_that_cannot_be_drafted_is_named_and_the_others_are(run: Run) -> None:
    write("one", "2026-11-24")
    Path("content", "other").mkdir()
    Path("content", "one.md").rename("content/other/one.md")
    write("one", "2026-11-24")
    write("two", "2026-11-24")
    done = run("sync", "content")
    assert done.exit_code == 1
    assert "ledger/one belongs to content/" in done.output
    assert "ledger/two: drafted" in done.output


def test_no_folder_and_no_date_are_refused(run: Run) -> None:
    assert isinstance(run("sync", "nowhere").exception, PostError)
    Path("content").mkdir()
    assert "is no date" in str(run("sync", "content", "--since", "soon").exception)
    assert "no post since 2026-11-24" in run("sync", "content").output
