"""People out as CSV and JSON lines, and in again."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers import store
from subscribers.database import Database
from subscribers.transfer import export_csv, export_json_lines, import_csv, taking_out
from subscribers.transfer.formulas import armed, defused
from tests.factories import NOON, READER, make_list, make_subscriber


@pytest.fixture
def list_id(database: Database) -> int:
    with database.begin() as session:
        list_ = make_list(session)
        make_subscriber(session, list_, "Ann@example.com", name='=HYPERLINK("x")')
        gone = make_subscriber(session, list_, "+bob@example.com", name="Bob, the 2nd")
        store.unsubscribe(session, list_.id, gone.id, visit=READER, now=NOON)
        make_subscriber(session, list_, "+carl@example.com")
        make_subscriber(session, make_list(session, "other"), "else@example.com")
        return list_.id


def exported(database: Database, list_id: int, *, raw: bool = False) -> str:
    file = io.StringIO(newline="")
    with database.read() as session:
        assert export_csv(session, list_id, file, raw=raw) == 3
    return file.getvalue()


def test_a_spreadsheet_runs_nothing_of_an_export(database: Database, list_id: int) -> None:
    """# S-15"""
    rows = list(csv.reader(exported(database, list_id).splitlines()))
    assert rows == [
        ["email", "name", "state", "joined_at"],
        ["Ann@example.com", '\'=HYPERLINK("x")', "active", "2026-11-24T12:00:00+00:00"],
        ["'+bob@example.com", "Bob, the 2nd", "unsubscribed", "2026-11-24T12:00:00+00:00"],
        ["'+carl@example.com", "", "active", "2026-11-24T12:00:00+00:00"],
    ]


def test_raw_gives_everything_as_it_is(database: Database, list_id: int) -> None:
    """# S-15"""
    rows = list(csv.reader(exported(database, list_id, raw=True).splitlines()))
    assert [row[:2] for row in rows[1:]] == [
        ["Ann@example.com", '=HYPERLINK("x")'],
        ["+bob@example.com", "Bob, the 2nd"],
        ["+carl@example.com", ""],
    ]


def test_json_lines_hold_one_person_each(database: Database, list_id: int) -> None:
    file = io.StringIO()
    with database.read() as session:
        assert export_json_lines(session, list_id, file) == 3
    first, second, _ = map(json.loads, file.getvalue().splitlines())
    assert first["email"] == "Ann@example.com"
    assert second["state"] == "unsubscribed"


def test_an_export_of_many_pages_holds_everybody_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_out, "PAGE", 3)
    with database.begin() as session:
        list_ = make_list(session)
        people = [make_subscriber(session, list_).email for _ in range(9)]
    file = io.StringIO()
    with database.read() as session:
        assert export_json_lines(session, list_.id, file) == 9
    assert [json.loads(line)["email"] for line in file.getvalue().splitlines()] == people


def test_what_went_out_comes_in_again_and_who_left_stays_away(
    database: Database, list_id: int, tmp_path: Path
) -> None:
    (tmp_path / "out.csv").write_text(exported(database, list_id), encoding="utf-8", newline="")
    with database.begin() as session:
        new = make_list(session, "new")
    report = import_csv(database, tmp_path / "out.csv", "new", consent_text="moved", now=NOON)
    assert (report.added, report.kept, report.refused) == (2, {"unsubscribed": 1}, 0)
    with database.read() as session:
        ann = store.find(session, "ann@example.com")
        assert ann
        assert ann.name == '=HYPERLINK("x")'
        carl = store.find(session, "+carl@example.com")
        assert carl
        assert sorted(session.scalars(store.audience(new.id))) == sorted([ann.id, carl.id])


@given(st.text())
def test_a_defused_cell_is_read_back_as_it_was(cell: str) -> None:
    if armed(cell) == cell:  # an apostrophe before a sign is the one thing that is ours
        assert armed(defused(cell)) == cell
    assert not defused(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
