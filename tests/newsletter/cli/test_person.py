"""`newsletter subscribers edit`: what is corrected by hand leaves a line that says so."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from newsletter.app import build
from newsletter.cli.command import app
from newsletter.settings import load
from subscribers import store
from subscribers.errors import AddressRefused
from tests.factories import NOON, make_list, make_subscriber

Run = Callable[..., Result]
ADA, BEA, NEW = "ada@readers.example", "bea@readers.example", "ada@new.example"


@pytest.fixture
def run(home: Path) -> Run:
    """Run a command where Ada and Bea are on a list."""
    house = build(load())
    with house.database.begin() as session:
        list_ = make_list(session)
        for email in (ADA, BEA):
            make_subscriber(session, list_, email)
    house.database.close()
    return lambda *words: CliRunner().invoke(app, words)


def test_a_corrected_address_is_told_in_the_story(run: Run) -> None:
    assert run("subscribers", "edit", ADA, "--email", NEW, "--name", "Ada").exit_code == 0
    story = run("subscribers", "show", NEW).output
    assert "corrected what The Monthly Ledger knows by hand" in story
    assert "(name, address)" in story
    assert "not known here" in run("subscribers", "show", ADA).output


def test_what_is_only_looked_at_leaves_no_line(run: Run) -> None:
    assert run("subscribers", "edit", ADA).exit_code == 0
    assert "corrected" not in run("subscribers", "show", ADA).output


def test_an_address_that_somebody_has_is_refused(run: Run) -> None:
    refused = run("subscribers", "edit", ADA, "--email", BEA)
    assert isinstance(refused.exception, AddressRefused)
    assert f"newsletter subscribers suppress {ADA}" in refused.exception.mend


def test_nobody_is_moved_to_an_address_that_was_erased(run: Run) -> None:
    house = build(load())
    with house.database.begin() as session:
        bea = store.find(session, BEA)
        assert bea
        store.erase(session, bea, actor="self", now=NOON)
    house.database.close()
    refused = run("subscribers", "edit", ADA, "--email", BEA)
    assert isinstance(refused.exception, AddressRefused)
    assert "they can sign up themselves" in refused.exception.mend


def test_of_a_domain_that_is_mailed_again_those_are_named_who_are_not(run: Run) -> None:
    for key in ("@readers.example", BEA):
        assert run("subscribers", "suppress", key).exit_code == 0
    told = run("subscribers", "unsuppress", "@readers.example", "--reason", "they asked").output
    assert told.splitlines() == [
        "@readers.example may be mailed again, when a list has it as active",
        "  but not 1 of these addresses: each is suppressed by itself",
    ]
    assert "Suppressed since" in run("subscribers", "show", BEA).output


def test_an_address_stays_suppressed_with_its_domain(run: Run) -> None:
    for key in ("@readers.example", BEA):
        run("subscribers", "suppress", key)
    told = run("subscribers", "unsuppress", BEA, "--reason", "they asked").output
    assert "@readers.example still is" in told
    assert "may be mailed" not in told
