"""People in from CSV: with evidence, good rows in, bad rows into a report, nobody revived."""

import csv
import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from subscribers import store
from subscribers.address import parse
from subscribers.database import Database
from subscribers.errors import FileRefused
from subscribers.models import (
    Consent,
    ConsentKind,
    Import,
    Subscriber,
    Subscription,
    SuppressionReason,
)
from subscribers.transfer import bringing_in
from subscribers.transfer.batch import Batch
from subscribers.transfer.chunk import carry_out, decide
from subscribers.transfer.joining import Arrival
from subscribers.transfer.person import Person
from subscribers.transfer.progress import Source, begun
from subscribers.transfer.standing import look_up
from tests.factories import NOON, READER, make_list, make_request, make_subscriber
from tests.subscribers.transfer.taking import WORDS, active, take


@pytest.mark.usefixtures("ledger")
def test_people_come_in_active_with_names_and_dates(database: Database, tmp_path: Path) -> None:
    report = take(
        database,
        tmp_path,
        "Email Address,First Name,Last Name,Joined At,City\n"
        "Ann@Example.com,Ann,Lee,2024-02-03T04:05:06+01:00,Rome\n"
        "bob@straße.de,,,,\n",
    )
    assert (report.read, report.added, report.refused) == (2, 2, 0)
    assert active(database) == {"Ann@Example.com": "Ann Lee", "bob@straße.de": ""}
    with database.read() as session:
        assert store.find(session, "bob@xn--strae-oqa.de")
        joined = set(session.scalars(select(Subscription.joined_at)))
        early = select(Subscription.joined_at).where(Subscription.joined_at < NOON)
        assert session.scalars(early).all() == [datetime(2024, 2, 3, 3, 5, 6, tzinfo=UTC)]
    assert joined == {datetime(2024, 2, 3, 3, 5, 6, tzinfo=UTC), NOON}


@pytest.mark.usefixtures("ledger")
def test_evidence_names_the_words_the_file_its_hash_and_the_line(
    database: Database, tmp_path: Path
) -> None:
    take(database, tmp_path, "email\na@example.com\n\nb@example.com\n", actor="cli:ann")
    sha = hashlib.sha256((tmp_path / "people.csv").read_bytes()).hexdigest()
    with database.read() as session:
        lines = session.scalars(select(Consent).order_by(Consent.id)).all()
        assert [line.import_line for line in lines] == [2, 4]
        assert {(line.kind, line.wording, line.at) for line in lines} == {("imported", "", NOON)}
        file = session.scalars(select(Import)).one()
        assert (file.file, file.sha256, file.wording, file.actor) == (
            "people.csv",
            sha,
            WORDS,
            "cli:ann",
        )
        told = store.story(session, "b@example.com")
    assert told[0] == (
        "2026-11-24 12:00 UTC: was imported to The Monthly Ledger from a file"
        f" — “{WORDS}” (people.csv · sha256 {sha} · line 4)."
    )


def test_beside_somebody_known_everybody_gets_their_own_line_date_and_spelling(
    database: Database, tmp_path: Path
) -> None:
    with database.begin() as session:
        make_subscriber(session, make_list(session), "carla@example.com")
    people = ("Dora@Example.com", "carla@example.com", "Bea@example.com", "ann@example.com")
    rows = "".join(f"{one},2025-0{month}-01\n" for month, one in enumerate(people, 1))
    take(database, tmp_path, f"email,joined_at\n{rows}")
    with database.read() as session:
        known = (
            select(Subscriber.email, Consent.import_line, Subscription.joined_at)
            .join(Consent, Consent.subscriber_id == Subscriber.id)
            .join(Subscription, Subscription.subscriber_id == Subscriber.id)
            .where(Consent.kind == ConsentKind.IMPORTED)
        )
        found = {
            email: (line, joined and joined.month) for email, line, joined in session.execute(known)
        }
    assert found == {
        "Dora@Example.com": (2, 1),
        "Bea@example.com": (4, 3),
        "ann@example.com": (5, 4),
    }


@pytest.mark.usefixtures("ledger")
def test_without_proof_nothing_is_taken(database: Database, tmp_path: Path) -> None:
    """# S-15"""
    with pytest.raises(FileRefused) as refused:
        take(database, tmp_path, "email\na@example.com\n", consent_text=None)
    assert "--i-have-consent TEXT" in refused.value.mend
    assert active(database) == {}


@pytest.mark.usefixtures("ledger")
def test_a_moment_of_confirmation_is_proof_for_its_row_alone(
    database: Database, tmp_path: Path
) -> None:
    """# S-15"""
    report = take(
        database,
        tmp_path,
        "email,confirm_time\n"
        "a@example.com,2024-02-03 04:05:06\n"
        "b@example.com,\n"
        "c@example.com,no\n"
        "d@example.com,0000-00-00 00:00:00\n"
        "e@example.com,2039-01-01\n",
        consent_text=None,
    )
    assert (report.added, report.refused) == (1, 4)
    assert list(active(database)) == ["a@example.com"]
    with database.read() as session:
        told = store.story(session, "a@example.com")[0]
        assert session.scalars(select(Subscription.joined_at)).one() == datetime(
            2024, 2, 3, 4, 5, 6, tzinfo=UTC
        )
    assert told.endswith(" · line 2 · confirmed 2024-02-03T04:05:06+00:00).")


@pytest.mark.usefixtures("ledger")
def test_nobody_who_left_or_is_suppressed_comes_back(database: Database, tmp_path: Path) -> None:
    with database.begin() as session:
        list_ = store.find_list(session)
        left = make_subscriber(session, list_, "left@example.com")
        store.unsubscribe(session, list_.id, left.id, visit=READER, now=NOON)
        make_subscriber(session, list_, "here@example.com")
        store.suppress(session, "spam@example.com", SuppressionReason.COMPLAINED, now=NOON)
    rows = "email\nLEFT@example.com\nhere@example.com\nSpam@Example.com\nnew@example.com\n"
    report = take(database, tmp_path, rows)
    assert (report.added, report.already, report.kept_out, report.suppressed) == (1, 1, 1, 1)
    assert set(active(database)) == {"here@example.com", "new@example.com"}
    with database.read() as session:
        assert store.find(session, "spam@example.com") is None


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("state", ["unsubscribed", "Cleaned", "bounced", "pending"])
def test_who_left_elsewhere_is_not_mailed(database: Database, tmp_path: Path, state: str) -> None:
    rows = f"email,status\na@example.com,{state}\nb@example.com,active\nc@example.com,CA\n"
    report = take(database, tmp_path, rows)
    assert (report.added, sum(report.kept.values()), report.refused) == (2, 1, 0)
    assert set(active(database)) == {"b@example.com", "c@example.com"}


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("column", "cell", "outcome"),
    [
        ("status", "opted-out", "unsubscribed"),
        ("status", "Hard bounce", "bounced"),
        ("status", "spam complaint", "complained"),
        ("status", "Not confirmed", "pending"),
        ("unsubscribed_at", "2026-01-02", "unsubscribed"),
        ("unsubscribed", "TRUE", "unsubscribed"),
        ("opt_out", "y", "unsubscribed"),
        ("subscribed", "0", "unsubscribed"),
        ("bounced", "1", "bounced"),
        ("confirmed", "no", "pending"),
    ],
)
def test_a_file_of_any_system_tells_who_is_not_to_be_mailed(
    database: Database, tmp_path: Path, column: str, cell: str, outcome: str
) -> None:
    report = take(database, tmp_path, f"email,{column}\na@example.com,{cell}\nb@example.com,\n")

    assert (report.added, report.kept) == (1, {outcome: 1})
    assert set(active(database)) == {"b@example.com"}


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("cell", ["0", "false", "NULL", "", "0000-00-00 00:00:00"])
def test_a_no_in_a_column_of_goodbyes_is_none(
    database: Database, tmp_path: Path, cell: str
) -> None:
    rows = f"email,unsubscribed,unsubscribed_at\na@example.com,{cell},{cell}\n"

    assert take(database, tmp_path, rows).added == 1


@pytest.mark.usefixtures("ledger")
def test_a_state_that_nobody_knows_is_refused_and_never_mailed(
    database: Database, tmp_path: Path
) -> None:
    rows = "email,status\na@example.com,went away\n"
    report = take(database, tmp_path, rows)

    assert (report.added, report.refused) == (0, 1)
    assert "its status 'went away' is not known" in report.examples[0]
    assert take(database, tmp_path, rows, column_map={"status": "attr.mood"}).added == 1


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("tags", "t" * 65, "is no tag (1 to 64 characters)"),
        ("attr.note", "n" * 1_001, "note has more than 1,000 characters (keep it short)"),
        ("attributes", "city=Pune", """its attributes are no JSON ({"city": "Pune"})"""),
    ],
)
def test_a_tag_or_attribute_that_cannot_be_kept_is_refused_with_what_can(
    database: Database, tmp_path: Path, column: str, cell: str, reason: str
) -> None:
    report = take(database, tmp_path, f"email,{column}\na@example.com,{cell}\n")
    assert (report.added, report.refused) == (0, 1)
    assert report.examples[0].endswith(reason)


@pytest.mark.usefixtures("ledger")
def test_dates_and_columns_that_are_left_out_are_named(database: Database, tmp_path: Path) -> None:
    rows = (
        "email,joined_at,shoe size\na@example.com,03/05/2024,41\n"
        '"b@example.com",2099-01-01,\nc@example.com,2024-05-03,\nd@example.com,NULL,\n'
    )
    for dry_run in (True, False):
        report = take(database, tmp_path, rows, dry_run=dry_run)
        assert report.added == 4
        assert [*report.lines()][2:] == [
            "2 with a date that was left out, such as '03/05/2024'",
            "  a date is read as 2026-01-31, and not from the future",
            "not taken along: 'shoe size' (--map COLUMN=attr.NAME takes one)",
        ]


@pytest.mark.usefixtures("ledger")
def test_who_asked_and_did_not_confirm_becomes_active(database: Database, tmp_path: Path) -> None:
    with database.begin() as session:
        _, request = make_request(session, store.find_list(session), "ann@example.com")
    assert take(database, tmp_path, "email,name\nann@example.com,Ann\n").added == 1
    assert active(database) == {"ann@example.com": "Ann"}
    with database.begin() as session:
        store.confirm(session, request.id, visit=READER, now=NOON)


@pytest.mark.usefixtures("ledger")
def test_an_empty_name_is_filled_in_and_no_name_is_replaced(
    database: Database, tmp_path: Path
) -> None:
    with database.begin() as session:
        list_ = store.find_list(session)
        make_subscriber(session, list_, "ann@example.com")
        make_subscriber(session, list_, "bob@example.com", name="Bob")
    report = take(database, tmp_path, "email,name\nann@example.com,Ann\nbob@example.com,Rob\n")
    assert (report.already, report.added) == (2, 0)
    assert active(database) == {"ann@example.com": "Ann", "bob@example.com": "Bob"}


@pytest.mark.usefixtures("ledger")
def test_bad_rows_are_listed_with_line_and_reason_and_good_rows_come_in(
    database: Database, tmp_path: Path
) -> None:
    report = take(
        database,
        tmp_path,
        'email,name\na@example.com,"Ann\nLee"\nnobody,X\n"b@example.com,Bob\nc@example.com\n'
        "d@example.com,D\0d\n"
        '=cmd()@x,Y\ne@example.com,"E"e\n'
        "f@example.com,Fay\n",
    )
    assert (report.read, report.added, report.refused) == (8, 2, 6)
    assert active(database) == {"a@example.com": "Ann Lee", "f@example.com": "Fay"}
    assert report.report_path == tmp_path / "people.refused.csv"
    with report.report_path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["line", "email", "reason"]
    assert [int(row[0]) for row in rows] == [4, 5, 6, 7, 8, 9]
    reasons = [row[2] for row in rows]
    for reason, words in zip(
        reasons,
        ("nobody", "not closed", "1 column instead of 2", "NUL", "=cmd", "cannot be read"),
        strict=True,
    ):
        assert words in reason
    assert rows[4][1] == "'=cmd()@x"  # S-15
    assert report.examples[0].startswith("line 4: nobody")


@pytest.mark.usefixtures("ledger")
def test_without_bad_rows_there_is_no_report(database: Database, tmp_path: Path) -> None:
    assert take(database, tmp_path, "email\na@example.com\n").report_path is None
    assert [file.name for file in tmp_path.glob("*.csv")] == ["people.csv"]


@pytest.mark.usefixtures("ledger")
def test_a_dry_run_says_the_same_and_does_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing_in, "CHUNK", 2)
    rows = "email,name\na@example.com,A\nb@example.com,B\nno\nA@example.com,A\nc@example.com,C\n"
    dry = take(database, tmp_path, rows, dry_run=True)
    assert active(database) == {}
    assert [file.name for file in tmp_path.glob("*.csv")] == ["people.csv"]
    wet = take(database, tmp_path, rows)
    for field in ("read", "added", "already", "kept_out", "suppressed", "refused"):
        assert getattr(dry, field) == getattr(wet, field), field
    assert (wet.added, wet.already, wet.refused) == (3, 1, 1)
    assert "3 would be added" in list(dry.lines())


@pytest.mark.usefixtures("ledger")
def test_an_import_that_broke_off_is_finished_by_doing_it_again(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing_in, "CHUNK", 10)
    rows = "email\n" + "".join(f"reader{number}@example.com\n" for number in range(35))

    def break_off(done: int, _: int) -> None:
        if len(active(database)) == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(database, tmp_path, rows, progress=break_off)
    foreseen = take(database, tmp_path, rows, dry_run=True)
    report = take(database, tmp_path, rows)
    assert (report.read, report.added, report.already) == (35, 35, 0)
    assert report.counts() == foreseen.counts()
    assert "went on at line 22, where this import was cut off; the whole of it:" in report.lines()
    with database.read() as session:
        assert len(session.scalars(select(Consent.id)).all()) == 35


@pytest.mark.usefixtures("ledger")
def test_progress_ends_at_the_end(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing_in, "CHUNK", 500)
    calls: list[tuple[int, int]] = []
    rows = "email\n" + "".join(f"reader{number}@example.com\n" for number in range(2000))
    take(database, tmp_path, rows, progress=lambda done, size: calls.append((done, size)))
    assert calls == sorted(calls)
    assert len(calls) == 4
    assert calls[-1] == (len(rows), len(rows))


@pytest.mark.usefixtures("ledger")
def test_who_leaves_while_an_import_runs_stays_away(database: Database, tmp_path: Path) -> None:
    """The plan is made before the goodbye, the writing comes after it."""
    with database.begin() as session:
        list_ = store.find_list(session)
        person, _ = make_request(session, list_, "ann@example.com")
    ann = parse("ann@example.com")
    batch = Batch()
    batch.add(Person(2, ann.email, ann.key, "", None))
    with database.read() as session:
        made = decide(batch, Counter(), look_up(session, list_, batch.keys))
    assert made.joining
    with database.begin() as session:
        store.unsubscribe(session, list_.id, person.id, visit=READER, now=NOON)
    with database.begin() as session:
        row = begun(session, list_, Source("f.csv", "0", WORDS, ""), NOON)
        arrival = Arrival(session, list_, row.id, NOON + timedelta(seconds=1))
        carry_out(made, batch, arrival, "CSV")
    assert active(database) == {}


@pytest.mark.usefixtures("ledger")
def test_letters_beyond_ascii_before_the_at_are_taken_where_they_are_allowed(
    database: Database, tmp_path: Path
) -> None:
    """H-4."""
    text = "email\n\u00e5sa@x.example\nbea@x.example\n"
    assert take(database, tmp_path, text).refused == 1
    assert take(database, tmp_path, text, smtputf8=True).added == 1
    with database.read() as session:
        assert store.find(session, "\u00e5sa@x.example") is not None
