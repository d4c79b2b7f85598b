"""The exports of other systems: known by their heads, and nobody mailed who is not to be.

The files in `exports/` are our own, with the columns that each system documents or writes.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from subscribers import store
from subscribers.database import Base, Database
from subscribers.errors import FileRefused
from subscribers.models import (
    Consent,
    ConsentKind,
    List,
    Subscriber,
    Subscription,
    Suppression,
)
from subscribers.transfer import ImportReport, import_csv
from subscribers.transfer.origins import ORIGINS, Fate, Reading, named, recognise
from subscribers.transfer.origins.origin import plain_name
from tests.factories import NOON, READER, make_list, make_request, make_subscriber

EXPORTS = Path(__file__).with_name("exports")
WORDS = "they subscribed on our old site"
MAILCHIMP = "_email_audience_export_0a1b2c.csv"


@pytest.fixture
def ledger(database: Database) -> int:
    with database.begin() as session:
        return make_list(session).id


def take(database: Database, name: str, **options: object) -> ImportReport:
    given: dict[str, object] = {"consent_text": WORDS, "now": NOON, "dry_run": False} | options
    report = import_csv(database, EXPORTS / name, "ledger", **given)  # type: ignore[arg-type]
    with database.read() as session:
        assert orphans(session) == {}
    return report


def orphans(session: Session) -> dict[str, int]:
    """Return how many rows refer to none, by key: loading checks no keys (docs/decisions/0017)."""
    found = {}
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.constraint is None or len(key.constraint.columns) > 1:
                continue
            there = select(1).where(key.column.table.alias().c[key.column.name] == key.parent)
            lost = select(func.count()).where(key.parent.is_not(None), ~there.exists())
            count = session.scalar(lost.select_from(table))
            if count:
                found[f"{table.name}.{key.parent.name}"] = count
    return found


def states(database: Database) -> dict[str, str]:
    """Return where everybody stands: their subscription, or why they are suppressed."""
    with database.read() as session:
        rows = session.execute(
            select(Subscriber.email_key, Subscription.state).join(
                Subscription, Subscription.subscriber_id == Subscriber.id
            )
        )
        found = {str(key).removesuffix("@readers.example"): state for key, state in rows}
        for one in session.scalars(select(Suppression)):
            found[one.email_key.removesuffix("@readers.example")] = f"suppressed: {one.reason}"
        return found


CASES = {
    "listmonk.csv": (
        "listmonk",
        {
            "nora": "active",
            "otto": "active",
            "pia": "unsubscribed",
            "quentin": "suppressed: manual",
        },
    ),
    f"subscribed{MAILCHIMP}": ("Mailchimp", {"ruth": "active", "sam": "active"}),
    f"unsubscribed{MAILCHIMP}": ("Mailchimp", {"tara": "unsubscribed"}),
    f"cleaned{MAILCHIMP}": ("Mailchimp", {"uwe": "suppressed: bounced"}),
    "email_list.ledger.csv": (
        "Substack",
        {"vera": "active", "willi": "active", "xaver": "unsubscribed"},
    ),
    "ghost.csv": (
        "Ghost",
        {"yara": "active", "zeno": "active", "anton": "unsubscribed", "berta": "unsubscribed"},
    ),
    "buttondown.csv": (
        "Buttondown",
        {
            "carl": "active",
            "dora": "active",
            "emil": "pending",
            "fritz": "unsubscribed",
            "gitta": "suppressed: bounced",
            "hans": "suppressed: complained",
        },
    ),
    "kit.csv": (
        "Kit",
        {
            "jan": "active",
            "karla": "pending",
            "ludwig": "unsubscribed",
            "mina": "suppressed: bounced",
            "noah": "suppressed: complained",
        },
    ),
    "mailman3.txt": ("Mailman", {"olga": "active", "paul": "active", "quirin": "active"}),
    "postorius.csv": ("Mailman", {"rosa": "active", "silas": "active"}),
}


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("name", CASES)
def test_everybody_comes_in_as_what_they_were_there(
    database: Database, tmp_path: Path, name: str
) -> None:
    """RULES S-15."""
    origin, expected = CASES[name]
    report = take(database, name, report_path=tmp_path / "refused.csv")
    assert report.origin == origin
    assert states(database) == expected
    assert report.read == len(expected) + report.refused
    assert report.added == [*expected.values()].count("active")


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("name", CASES)
def test_a_dry_run_says_the_same_of_every_system(
    database: Database, tmp_path: Path, name: str
) -> None:
    dry = take(database, name, dry_run=True)
    assert states(database) == {}
    wet = take(database, name, report_path=tmp_path / "refused.csv")
    assert (dry.added, dry.kept, dry.refused) == (wet.added, wet.kept, wet.refused)
    told = "\n".join(dry.lines())
    assert f"from {dry.origin} (" in told


@pytest.mark.usefixtures("ledger")
def test_a_dry_run_says_how_many_of_each_kind(database: Database) -> None:
    told = list(take(database, "buttondown.csv", dry_run=True).lines())
    assert told == [
        "from Buttondown (its columns email address, type, creation date)",
        "7 rows read",
        "2 would be added",
        "1 never confirmed there: kept as pending, no letter goes out",
        "1 unsubscribed there: kept as unsubscribed",
        "1 bounced there: suppressed",
        "1 complained there: suppressed",
        "not taken along: 'id', 'undeliverability_reason', 'referrer_url', 'secondary_id',"
        " 'source' (--map COLUMN=attr.NAME takes one)",
        "1 refused",
        "  line 8: its state 'something_new' is none of Buttondown's",
    ]


@pytest.mark.usefixtures("ledger")
def test_who_is_not_to_be_mailed_needs_no_proof(database: Database, tmp_path: Path) -> None:
    refused = tmp_path / "refused.csv"
    left = take(database, f"unsubscribed{MAILCHIMP}", consent_text=None, report_path=refused)
    gone = take(database, f"cleaned{MAILCHIMP}", consent_text=None, report_path=refused)
    assert (left.refused, gone.refused) == (0, 0)
    assert states(database) == {"tara": "unsubscribed", "uwe": "suppressed: bounced"}


@pytest.mark.usefixtures("ledger")
def test_only_a_confirmation_from_somewhere_is_proof(database: Database, tmp_path: Path) -> None:
    """Mailchimp writes a CONFIRM_TIME for who was brought in there too."""
    name, refused = f"subscribed{MAILCHIMP}", tmp_path / "refused.csv"
    report = take(database, name, consent_text=None, report_path=refused)
    assert states(database) == {"ruth": "active"}
    assert (report.added, report.refused) == (1, 1)
    assert "has a moment of confirmation without CONFIRM_IP" in refused.read_text(encoding="utf-8")
    assert "--i-have-consent says how" in report.examples[0]


@pytest.mark.usefixtures("ledger")
def test_proof_becomes_evidence_and_names_no_machine(database: Database) -> None:
    take(database, f"subscribed{MAILCHIMP}")
    with database.read() as session:
        told = " ".join(store.story(session, "ruth@readers.example"))
    assert "asked 2024-02-03T09:12:31+00:00 from 198.51.100.0/24" in told
    assert "confirmed 2024-02-03T09:14:00+00:00 from 198.51.100.0/24" in told
    assert "198.51.100.23" not in told


@pytest.mark.usefixtures("ledger")
def test_who_left_there_agreed_to_nothing_here(database: Database) -> None:
    take(database, f"unsubscribed{MAILCHIMP}")
    with database.read() as session:
        line = session.scalars(select(Consent)).one()
        assert (line.kind, line.wording) == (ConsentKind.KEPT, "")
        assert "unsubscribed there" in line.source
        assert "left 2024-05-13T10:18:25+00:00" in line.source


@pytest.mark.usefixtures("ledger")
def test_a_suppression_says_where_it_comes_from(database: Database) -> None:
    take(database, f"cleaned{MAILCHIMP}")
    with database.read() as session:
        told = " ".join(store.story(session, "uwe@readers.example"))
    assert f"bounced (imported from Mailchimp (cleaned{MAILCHIMP}, line 2))" in told


def test_who_never_confirmed_is_pending_without_a_request(database: Database, ledger: int) -> None:
    take(database, "kit.csv")
    with database.read() as session:
        karla = store.find(session, "karla@readers.example")
        assert karla
        subscription = session.get_one(Subscription, (ledger, karla.id))
        assert (subscription.request_id, subscription.joined_at) == (None, None)


def test_a_later_file_of_goodbyes_takes_off_whom_an_earlier_one_brought(
    database: Database, ledger: int, tmp_path: Path
) -> None:
    with database.begin() as session:
        make_subscriber(session, session.get_one(List, ledger), "tara@readers.example")
    report = take(database, f"unsubscribed{MAILCHIMP}")
    assert states(database) == {"tara": "unsubscribed"}
    assert report.kept == {Fate.UNSUBSCRIBED: 1}
    with database.read() as session:
        assert (
            "left The Monthly Ledger, as a file says"
            in store.story(session, "tara@readers.example")[1]
        )


def test_who_confirmed_here_is_not_taken_off_by_a_goodbye_said_elsewhere(
    database: Database, ledger: int
) -> None:
    with database.begin() as session:
        list_ = session.get_one(List, ledger)
        _, request = make_request(session, list_, "tara@readers.example")
        store.confirm(session, request.id, visit=READER, now=NOON)
    report = take(database, f"unsubscribed{MAILCHIMP}")
    assert states(database) == {"tara": "active"}
    assert (report.already, report.kept) == (1, {})


def test_a_bounce_elsewhere_suppresses_who_is_on_the_list(database: Database, ledger: int) -> None:
    with database.begin() as session:
        make_subscriber(session, session.get_one(List, ledger), "uwe@readers.example")
    take(database, f"cleaned{MAILCHIMP}")
    with database.read() as session:
        assert session.scalars(store.audience(ledger)).all() == []


@pytest.mark.usefixtures("ledger")
def test_twice_the_same_file_changes_nothing(database: Database, tmp_path: Path) -> None:
    first = take(database, "buttondown.csv", report_path=tmp_path / "refused.csv")
    there = states(database)
    again = take(database, "buttondown.csv", report_path=tmp_path / "refused.csv")
    assert states(database) == there
    assert (first.added, again.added, again.already) == (2, 0, 3)
    assert (again.kept, again.kept_out, again.suppressed) == ({}, 1, 2)


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("fate", "state"),
    [
        (Fate.UNSUBSCRIBED, "unsubscribed"),
        (Fate.PENDING, "pending"),
        (Fate.PAUSED, "paused"),
        (Fate.BOUNCED, "suppressed: bounced"),
    ],
)
def test_a_file_that_does_not_tell_is_told_by_hand(
    database: Database, fate: Fate, state: str
) -> None:
    take(database, "postorius.csv", all_are=fate)
    assert states(database) == {"rosa": state, "silas": state}


@pytest.mark.usefixtures("ledger")
def test_a_roster_gives_names_too(database: Database) -> None:
    take(database, "mailman3.txt")
    with database.read() as session:
        paul = store.find(session, "paul@readers.example")
        assert paul
        assert paul.name == "Stein, Paul"


def test_a_system_can_be_named_by_hand() -> None:
    head = ["Email", "First Name", "Status", "Created At"]
    assert recognise(head).origin.name == ""
    kit = Reading(head, named("convertkit"), Path("people.csv"))
    assert kit.fate(["a@b.example", "Ann", "Cold", ""]) is Fate.ACTIVE
    assert kit.fate(["a@b.example", "Ann", "Cancelled", ""]) is Fate.UNSUBSCRIBED
    with pytest.raises(FileRefused, match="no system of this name is known") as refused:
        named("mailchump")
    assert "mailchimp" in refused.value.mend


def test_a_file_of_no_system_is_any_csv() -> None:
    assert recognise(["email", "name", "joined"]).origin.name == ""
    assert recognise(["Email Address", "First Name", "Last Name"]).origin.name == ""


@given(st.lists(st.text(max_size=30), max_size=8), st.text(max_size=30))
def test_any_head_and_any_word_has_a_meaning_or_none(head: list[str], word: str) -> None:
    recognised = recognise(["email", "status", *head])
    reading = Reading(["email", "status", *head], recognised, Path("a.csv"))
    assert reading.fate(["a@b.example", word, *head]) in (None, *Fate)


def test_every_column_a_system_names_is_written_plainly() -> None:
    for origin in ORIGINS:
        names = [
            *(name for sign in origin.signs for name in sign),
            *(name for columns in origin.fields.values() for name in columns),
            *(mark.column for mark in origin.marks),
            *origin.attributes,
            *origin.words,
        ]
        assert [plain_name(name) for name in names] == names


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("name", "who", "tags", "attributes"),
    [
        ("listmonk.csv", "nora", [], {"city": "Pune", "stars": 4, "member": True}),
        (f"subscribed{MAILCHIMP}", "ruth", ["pune meetup", "vip"], {}),
        ("email_list.ledger.csv", "vera", [], {"plan": "yearly"}),
        ("ghost.csv", "yara", ["pune meetup", "vip"], {"tiers": "Gold"}),
        ("buttondown.csv", "carl", ["meetup", "vip"], {"city": "Pune"}),
        ("kit.csv", "jan", ["meetup", "vip"], {}),
    ],
)
def test_tags_and_attributes_come_along(
    database: Database,
    tmp_path: Path,
    name: str,
    who: str,
    tags: list[str],
    attributes: dict[str, object],
) -> None:
    take(database, name, report_path=tmp_path / "refused.csv")
    with database.read() as session:
        person = store.find(session, f"{who}@readers.example")
        assert person
        assert list(store.tags_of(session, person.id)) == tags
        assert attributes.items() <= person.attributes.items()
