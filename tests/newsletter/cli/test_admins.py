"""`newsletter admin`: who may come in is made, shown and taken away."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from newsletter import access
from newsletter.app import build
from newsletter.cli.command import app
from newsletter.errors import AccessError, SignInRefused
from newsletter.settings import load
from subscribers.database import now
from subscribers.errors import NotFound

Run = Callable[..., Result]


@pytest.fixture
def run(home: Path) -> Run:
    """Run a command in an empty folder."""
    return lambda *words: CliRunner().invoke(app, ("admin", *words))


def opens(name: str, password: str) -> bool:
    house = build(load())
    try:
        access.sign_in(house.database, name, password, ip="127.0.0.1", now=now())
    except SignInRefused:
        return False
    finally:
        house.database.close()
    return True


def password_of(result: Result) -> str:
    return result.stdout.partition("password, shown this once: ")[2].strip()


def test_an_admin_is_made_with_a_password_that_is_shown_once(run: Run) -> None:
    made = run("add", "ada")
    assert made.exit_code == 0
    assert "sign in at http://127.0.0.1:8025/admin" in made.output
    first = password_of(made)
    assert opens("ada", first)
    second = password_of(run("password", "ada"))
    assert (opens("ada", first), opens("ada", second)) == (False, True)
    shown = run("list").output
    assert "ada" in shown
    assert first not in shown
    assert second not in shown


def test_a_token_is_printed_alone_so_that_a_pipe_can_take_it(run: Run) -> None:
    made = run("token", "ci", "--people", "--days", "30")
    assert made.stdout.startswith("newsletter_")
    assert len(made.stdout.split()) == 1
    assert "name and address" in made.stderr
    told = json.loads(run("list", "--json").output)
    assert [(one["name"], one["may"], one["used"]) for one in told] == [
        ("ci", "count people", None)
    ]
    assert made.stdout.strip() not in run("list").output


def test_what_is_taken_away_opens_no_more(run: Run) -> None:
    password = password_of(run("add", "ada"))
    run("token", "ci", "--days", "0")
    for name in ("ada", "ci"):
        assert run("remove", name).exit_code == 0
        assert isinstance(run("remove", name).exception, NotFound)
    assert not opens("ada", password)
    assert "nobody" in run("list").output


def test_a_name_that_is_taken_or_unknown_is_refused(run: Run) -> None:
    run("add", "ada")
    assert isinstance(run("add", "ada").exception, AccessError)
    assert isinstance(run("token", "ada").exception, AccessError)
    assert isinstance(run("password", "bea").exception, NotFound)


def test_an_address_without_https_is_warned_of(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSLETTER_PUBLIC_URL", "http://news.example")
    assert "neither https nor this machine" in run("add", "ada").stderr
