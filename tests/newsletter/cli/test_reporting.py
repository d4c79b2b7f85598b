"""`newsletter report`: for people, for programs, for spreadsheets, and as a page."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner, Result

from newsletter.cli.command import app
from newsletter.cli.opened import opened
from newsletter.errors import IssueError
from subscribers import store
from subscribers.database import now
from subscribers.models import Subscription
from tests.factories import DAY
from tests.newsletter.reports.rows import november, send_issue

Run = Callable[..., Result]


@pytest.fixture
def run(home: Path) -> Run:
    """Run a command in a folder in which November went out."""
    run: Run = lambda *words: CliRunner().invoke(app, words)  # noqa: E731
    run("lists", "show")
    with opened() as house, house.database.begin() as session:
        november(session)
    return run


def test_a_report_tells_persons_from_machines_and_what_is_not_known(run: Run) -> None:
    told = run("report", "november").output
    lines = {" ".join(line.split()) for line in told.splitlines()}
    assert "submitted 20 100.00%" in lines
    assert "delivered 15 75.00%" in lines
    assert "1 nobody has the address" in lines
    assert "complained 1 7.14%" in lines
    assert "person unknown machine" in lines
    assert "clicks 5 2 9" in lines
    assert "4 0 9 The harbour is dredged https://site.example/harbour" in lines
    assert "day 4 0 0 1 0 0 0 0" in lines
    assert "Whether any of 6 people at Gmail complained: it reports no complaint." in lines


def test_a_day_that_is_told_names_its_zone(run: Run) -> None:
    """An issue that begins at half past midnight in Berlin begins the day before in UTC."""
    with opened() as house, house.database.begin() as session:
        list_ = store.find_list(session)
        (first, *_) = session.scalars(store.audience(list_.id))
        at = datetime(2026, 10, 26, 23, 30, tzinfo=UTC)
        send_issue(session, list_, [first], key="october", at=at)
    told = run("report", "november").output
    assert "  before it, from 2026-10-26 to 2026-11-24 (UTC): " in told
    (head,) = (line for line in told.splitlines() if line.split()[:1] == ["issue"])
    assert "began (UTC)" in head
    assert "october" in told


def test_programs_get_json_and_spreadsheets_get_rows(run: Run) -> None:
    plain = json.loads(run("report", "ledger/november", "--json").output)
    assert (plain["issue"], plain["delivered"]) == ("november", 15)
    assert plain["started"] == "2026-11-24T12:00:00+00:00"
    assert plain["growth"]["since"]["from"] == plain["started"]
    rows = run("report", "november", "--csv").output.splitlines()
    assert rows[0] == "section,name,of,visitor,n"
    assert "outcome,delivered,,,15" in rows


def test_two_forms_at_once_are_refused(run: Run) -> None:
    refused = run("report", "november", "--csv", "--json")
    assert isinstance(refused.exception, IssueError)
    assert refused.output == ""


def test_the_map_of_clicks_is_a_file(run: Run, tmp_path: Path) -> None:
    assert run("report", "november", "--map", "map.html").exit_code == 0
    assert "4 by persons" in (tmp_path / "map.html").read_text(encoding="utf-8")


def test_what_has_not_begun_has_no_report(run: Run) -> None:
    with opened() as house, house.database.begin() as session:
        from newsletter.issues import find_issue

        find_issue(session, "november").started_at = None
    answer = run("report", "november")
    assert answer.exit_code
    assert "has not begun" in str(answer.exception)


def test_a_wrong_link_is_found_by_its_number_and_led_elsewhere(run: Run) -> None:
    listed = json.loads(run("show", "november", "--links", "--json").output)
    assert [one["can be repointed"] for one in listed] == [True, True, True, False]
    refused = run("repoint", "november", "3", "https://site.example/mended")
    assert "nothing was changed" in str(refused.exception)
    mistyped = run("repoint", "november", "99", "https://site.example/mended")
    assert "has no link 99" in str(mistyped.exception)
    told = run("repoint", "november", "3", "https://site.example/mended", "--yes").output
    assert "link 3 leads to https://site.example/mended" in told
    assert "the text part of mails that are out holds the old address" in told
    assert "https://site.example/mended" in run("show", "november", "--links").output
    assert "repointed  link 3: https://site.example/bridge" in run("show", "november").output


def test_a_filter_by_what_people_did_is_refused_where_nobody_can_know(run: Run) -> None:
    assert "17 people" in run("subscribers", "find", "--segment", "received(last 1)").output
    refused = run("subscribers", "find", "--segment", "clicked(last 1)")
    assert "november counts clicks `aggregate`: nobody's are known" in str(refused.exception)


def test_who_gave_no_sign_of_life_is_counted_first_and_then_asked(run: Run) -> None:
    assert "ledger asks nobody" in str(run("lists", "ask").exception)
    run("lists", "edit", "ledger", "--ask-after", "90", "--clicks", "individual")
    with opened() as house, house.database.begin() as session:
        list_ = store.find_list(session)
        (*people,) = session.scalars(store.audience(list_.id))
        then = now() - 100 * DAY
        session.execute(update(Subscription).values(tracking_consent=True, joined_at=then))
        for number in range(3):
            at = then + (number + 12) * DAY
            send_issue(session, list_, people, key=f"{number}", at=at, mode="individual")
    assert "17 people of ledger" in run("lists", "ask", "--dry-run").output
    assert "nothing was written" in str(run("lists", "ask").exception)
    assert "17 letters are written" in run("lists", "ask", "--yes").output
    assert "0 people of ledger" in run("lists", "ask", "--dry-run").output
