"""People out as CSV and JSON lines, and in again."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from subscribers import store
from subscribers.database import Base, Database
from subscribers.marks import clean_tag
from subscribers.models import List, SuppressionReason
from subscribers.transfer import export_csv, export_json_lines, import_csv, taking_out
from subscribers.transfer.formulas import armed, defused
from subscribers.transfer.marks import read_attribute, read_tags, write_attribute, write_tags
from tests.factories import DAY, NOON, READER, make_list, make_request, make_subscriber


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
        ["email", "name", "state", "suppressed", "joined_at", "last_engaged_at", "tags"],
        ["Ann@example.com", '\'=HYPERLINK("x")', "active", "", "2026-11-24T12:00:00+00:00", "", ""],
        [
            "'+bob@example.com",
            "Bob, the 2nd",
            "unsubscribed",
            "",
            "2026-11-24T12:00:00+00:00",
            "",
            "",
        ],
        ["'+carl@example.com", "", "active", "", "2026-11-24T12:00:00+00:00", "", ""],
    ]


def test_who_is_suppressed_is_told_of_and_not_mailed_by_the_house_that_takes_them(
    database: Database, list_id: int, tmp_path: Path
) -> None:
    with database.begin() as session:
        store.suppress(session, "ann@example.com", SuppressionReason.COMPLAINED, now=NOON)
        store.suppress(session, "@example.com", SuppressionReason.MANUAL, now=NOON)
    file = tmp_path / "moved.csv"
    text = exported(database, list_id)
    told = [row["suppressed"] for row in csv.DictReader(text.splitlines())]
    assert told == ["complained", "manual", "manual"]
    file.write_text(text, encoding="utf-8", newline="")
    with database.begin() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
        list_id = make_list(session).id

    report = import_csv(database, file, consent_text="as before", now=NOON)

    assert report.kept == {"complained": 1, "blocked": 2}
    with database.read() as session:
        assert store.count_audience(session, list_id) == 0


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


@given(st.text() | st.text("'=+-@\t\rx", max_size=5))
def test_a_defused_cell_is_read_back_as_it_was(cell: str) -> None:
    assert armed(defused(cell)) == cell
    assert not defused(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


WORD = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=12)
NUMBER = st.integers(-(10**17), 10**17) | st.floats(allow_nan=False, allow_infinity=False)
VALUE = st.one_of(
    WORD.filter(bool),
    st.booleans(),
    NUMBER,
    st.sampled_from(
        ["12", "true", "-0", "1e5", "[1]", '["a"]', "=1+1", "'=1", "a b", "0012", "+4"]
    ),
)


@given(value=VALUE)
def test_an_attribute_is_read_back_as_it_was_and_of_its_kind(value: object) -> None:
    read = read_attribute(armed(defused(write_attribute(value))))
    assert (type(read), read) == (type(value), value)


@given(st.lists(WORD.filter(bool).map(str.lower), max_size=4, unique=True))
def test_tags_are_read_back_as_they_were(tags: list[str]) -> None:
    assert list(read_tags(armed(defused(write_tags(tags))))) == [clean_tag(tag) for tag in tags]


def everything(session: Session, list_: List) -> None:
    """Put people of every kind on a list."""
    ann = make_subscriber(session, list_, "Ann@example.com", name="'=Ann", now=NOON - DAY)
    store.tag(session, ann.id, ["vip", "pune, old town", "=1"])
    store.set_attributes(
        session, ann, {"city": "Pune", "stars": 4, "zip": "0012", "code": "12", "paid": True}
    )
    ann.last_engaged_at = NOON - DAY / 7
    paused = make_subscriber(session, list_, "paused@bücher.example")
    store.pause(session, list_.id, paused.id, visit=READER, now=NOON)
    store.set_attributes(session, paused, {"City": "Rome", "score": -1.5})
    left = make_subscriber(session, list_, "+left@example.com", name="Left, the 2nd")
    store.unsubscribe(session, list_.id, left.id, visit=READER, now=NOON)
    make_request(session, list_, "asked@example.com")


def written(database: Database, slug: str) -> str:
    file = io.StringIO(newline="")
    with database.read() as session:
        export_csv(session, store.find_list(session, slug).id, file)
    return file.getvalue()


@pytest.mark.parametrize("columns", [100, 2])
def test_an_export_brought_in_and_exported_again_is_the_same(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """With a column for each attribute, and with one for all of them; but for the lines' order."""
    monkeypatch.setattr(taking_out, "MOST_COLUMNS", columns)
    with database.begin() as session:
        everything(session, make_list(session))
    first = written(database, "ledger")
    assert ("attr.City" in first) == (columns == 100)
    file = tmp_path / "out.csv"
    file.write_text(first, encoding="utf-8", newline="")
    with database.begin() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
        make_list(session)
    report = import_csv(database, file, "ledger", consent_text="as before", now=NOON)
    assert (report.read, report.refused) == (4, 0)
    assert sorted(written(database, "ledger").splitlines()) == sorted(first.splitlines())


def test_json_lines_hold_tags_and_attributes_of_their_kinds(database: Database) -> None:
    with database.begin() as session:
        list_ = make_list(session)
        everything(session, list_)
    file = io.StringIO()
    with database.read() as session:
        export_json_lines(session, list_.id, file)
    ann = json.loads(file.getvalue().splitlines()[0])
    assert ann == {
        "email": "Ann@example.com",
        "name": "'=Ann",
        "state": "active",
        "suppressed": None,
        "joined_at": "2026-11-23T12:00:00+00:00",
        "last_engaged_at": (NOON - DAY / 7).isoformat(),
        "tags": ["=1", "pune, old town", "vip"],
        "attributes": {"city": "Pune", "stars": 4, "zip": "0012", "code": "12", "paid": True},
    }
