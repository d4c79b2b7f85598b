"""A person's copy of everything, and erasure: what is gone, what stays, who stays away."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from newsletter import issues, letters
from newsletter.app import App
from newsletter.models import (
    Batch,
    DeliveryException,
    EventPost,
    Issue,
    LetterBody,
    LetterKind,
    StoredEvent,
)
from newsletter.rights import erase_person, person_record
from newsletter.worker.tick import Round
from subscribers import store
from subscribers.address import parse
from subscribers.errors import AddressRefused, NotFound
from subscribers.models import Consent, List, Subscriber, Subscription, SuppressionReason
from subscribers.transfer import import_csv
from tests.factories import ADMIN, READER
from tests.newsletter.house import NOON, add_people, open_house, schedule
from tests.newsletter.receiver import Receiver

ADA = "Ada.Lovelace@Readers.example"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[App]:
    """Give a house in which Ada was mailed, tested, tagged and suppressed."""
    opened = open_house(database_url, tmp_path, Receiver(tmp_path / "book"))
    list_id = add_people(opened, 3)
    with opened.database.begin() as session:
        list_ = session.get_one(List, list_id)
        list_.consent_wording = "Send it to me."
        signed = store.sign_up(session, list_, parse(ADA), visit=READER, now=NOON, name="Ada")
        assert signed
        assert signed.request
        store.confirm(session, signed.request.id, visit=READER, now=NOON)
        store.set_attributes(session, signed.subscriber, {"city": "London"})
        store.tag(session, signed.subscriber.id, ["vip"])
        session.add(LetterBody(hash="body", subject="x", html="x", text="x"))
        session.flush()
        letters.write(session, LetterKind.WELCOME, list_, signed.subscriber, "body", now=NOON)
    issue = schedule(opened, list_id)
    round_ = Round(opened, clock=lambda: NOON)
    while round_.tick():
        pass
    round_.close()
    with opened.database.begin() as session:
        ada = session.scalars(select(Subscriber).where(Subscriber.email == ADA)).one()
        row = session.get_one(Issue, issue)
        to = f"other@ledger.example, {ADA}"
        issues.record_test(session, row, number=1, to=to, who="editor", now=NOON)
        said = f"550 5.1.1 <{ADA.lower()}>: unknown"
        session.execute(update(Batch).values(detail=said))
        issues.log(session, row, "in doubt", who="worker", now=NOON, detail=f"{said}; x{ADA}")
        session.add(
            StoredEvent(
                source="sendgrid", source_id="1", type="bounced", issue_id=issue,
                subscriber_id=ada.id, at=NOON, received_at=NOON, detail=f"550 <{ADA}> unknown",
            )
        )  # fmt: skip
        session.add(
            DeliveryException(
                issue_id=issue, subscriber_id=ada.id, state="failed", detail=f"<{ADA}>", at=NOON
            )
        )
        key = parse(ADA).key
        store.suppress(session, key, SuppressionReason.BOUNCED, detail=f"<{ADA}>", now=NOON)
    yield opened
    opened.database.close()


def ada(app: App) -> int:
    with app.database.read() as session:
        return session.scalars(select(Subscriber.id).where(Subscriber.email == ADA)).one()


def erase(app: App, tmp_path: Path) -> int:
    return erase_person(
        app.database, app.links, ada(app), outbox=tmp_path / "outbox", actor="self", now=NOON
    )


def test_the_copy_holds_everything_and_reads_as_json(app: App) -> None:
    with app.database.read() as session:
        record = person_record(session, session.get_one(Subscriber, ada(app)))

    again = json.loads(json.dumps(record))
    assert again["person"]["email"] == ADA
    assert (again["person"]["attributes"], again["person"]["tags"]) == ({"city": "London"}, ["vip"])
    assert [line["kind"] for line in again["consent"]] == ["asked", "confirmed"]
    assert again["consent"][0]["wording"] == "Send it to me."
    assert again["suppression"]["reason"] == "bounced"
    assert [one["state"] for one in again["issues"]] == ["failed"]
    assert [one["kind"] for one in again["letters"]] == ["welcome"]
    assert (again["events"][0]["list"], again["events"][0]["issue"]) == ("ledger", "2026-11")
    assert again["events"][0]["detail"] == f"550 <{ADA}> unknown"
    assert [(one["issue"], one["number"]) for one in again["tests"]] == [("2026-11", 1)]


def test_after_erasure_no_table_and_no_file_names_the_person(app: App, tmp_path: Path) -> None:
    person = ada(app)
    mail = tmp_path / "outbox" / "ledger" / f"{app.links.seal_delivery(1, person)}.eml"
    other = mail.with_name(f"{app.links.seal_delivery(1, person + 1)}.eml")
    mail.parent.mkdir(parents=True)
    test, another = (
        mail.with_name(f"{app.links.seal_batch(1, 0, 1000 + at)}.eml") for at in (1, 0)
    )
    for file in (mail, mail.with_name(f"{mail.stem}-2.eml"), other, test, another):
        file.write_text("To: somebody")

    assert erase(app, tmp_path) == 3

    assert sorted(mail.parent.iterdir()) == sorted([other, another])
    with app.database.read() as session:
        dump = []
        tables = session.scalars(text(TABLES[session.get_bind().dialect.name]))
        for table in tables.all():
            rows = session.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608 (our own names)
            dump += [str(row).lower() for row in rows]
    # Who is called nearly the same is somebody else.
    everything = "\n".join(dump).replace(f"x{ADA}".lower(), "")
    for word in ("lovelace", "london", "203.0.113", "mail/1.0", "vip"):
        assert word not in everything
    # As a word: random digits may say it.
    assert re.search(r"\bada\b", everything) is None


TABLES = {
    "sqlite": "SELECT name FROM sqlite_schema WHERE type = 'table'",
    "postgresql": "SELECT table_name FROM information_schema.tables "
    "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
}


def test_the_proof_of_consent_stays_without_a_name(app: App, tmp_path: Path) -> None:
    erase(app, tmp_path)

    with app.database.read() as session:
        lines = session.scalars(select(Consent).order_by(Consent.id)).all()
        assert [(line.kind, line.wording_version) for line in lines] == [
            ("asked", 1),
            ("confirmed", 1),
            ("erased", None),
        ]
        left = session.get_one(Subscriber, lines[0].subscriber_id)
        assert (left.email, left.email_key, left.erased_at) == (None, None, NOON)


def test_no_import_and_no_admin_brings_the_person_back(app: App, tmp_path: Path) -> None:
    erase(app, tmp_path)
    file = tmp_path / "people.csv"
    file.write_text(f"email\n{ADA}\nnew@readers.example\n")

    report = import_csv(app.database, file, "ledger", consent_text="all agreed", now=NOON)

    assert (report.added, report.kept_out) == (1, 1)
    with app.database.begin() as session:
        list_ = store.find_list(session)
        assert store.is_suppressed(session, parse(ADA).key)
        with pytest.raises(AddressRefused, match="erased"):
            store.add(session, list_, parse(ADA), visit=ADMIN, now=NOON)


def test_only_they_come_back_by_confirming_a_letter(app: App, tmp_path: Path) -> None:
    erase(app, tmp_path)
    later = NOON + timedelta(days=1)
    with app.database.begin() as session:
        list_ = store.find_list(session)
        signed = store.sign_up(session, list_, parse(ADA), visit=READER, now=later)
        assert signed
        assert signed.request
        letters.write(
            session, LetterKind.CONFIRM, list_, signed.subscriber, "body",
            request_id=signed.request.id, now=later,
        )  # fmt: skip
        (claimed,) = letters.queue.claim(session, most=1, owner="x", now=later)
        assert claimed.email == ADA
        assert store.is_suppressed(session, parse(ADA).key)
        store.confirm(session, signed.request.id, visit=READER, now=later)
        assert not store.is_suppressed(session, parse(ADA).key)


def test_a_single_opt_in_list_lets_nobody_else_bring_them_back(app: App, tmp_path: Path) -> None:
    erase(app, tmp_path)
    with app.database.begin() as session:
        list_ = store.find_list(session)
        list_.opt_in = "single"
        signed = store.sign_up(session, list_, parse(ADA), visit=READER, now=NOON)
        assert signed is None


def test_the_old_goodbye_link_still_says_goodbye(app: App, tmp_path: Path) -> None:
    """U-4"""
    person = ada(app)
    erase(app, tmp_path)
    with app.database.begin() as session:
        list_id = store.find_list(session).id
        store.unsubscribe(session, list_id, person, visit=READER, now=NOON)
        assert session.get_one(Subscription, (list_id, person)).state == "unsubscribed"


def test_erasing_twice_says_so(app: App, tmp_path: Path) -> None:
    person = ada(app)
    erase(app, tmp_path)
    with pytest.raises(NotFound, match="already"):
        erase_person(app.database, app.links, person, outbox=tmp_path, actor="self", now=NOON)


def test_a_post_that_could_not_be_read_goes_with_whom_it_names(app: App, tmp_path: Path) -> None:
    """Posts that were read are gone already; these wait for somebody to look at them."""
    with app.database.begin() as session:
        for body in (b'{"email": "ada.lovelace@READERS.example"', b'{"email": "bea@x.example"'):
            session.add(EventPost(source="sendgrid", body=body, received_at=NOON, error="no array"))
        ada = session.scalars(select(Subscriber.id).where(Subscriber.email == ADA)).one()
    erase_person(app.database, app.links, ada, outbox=tmp_path, actor="admin", now=NOON)
    with app.database.read() as session:
        assert session.scalars(select(EventPost.body)).all() == [b'{"email": "bea@x.example"']


def test_what_a_server_said_of_a_letter_to_them_goes_too(app: App, tmp_path: Path) -> None:
    """A report that names no issue is nobody's, but the server's words may name somebody."""
    told = ("550 <ADA.lovelace@readers.example> unknown", "550 <adaXlovelace@readers.example> no")
    with app.database.begin() as session:
        for name, detail in enumerate(told):
            session.add(
                StoredEvent(
                    source="test", source_id=f"{name}", type="bounced", at=NOON, received_at=NOON,
                    detail=detail,
                )
            )  # fmt: skip
    erase(app, tmp_path)
    with app.database.read() as session:
        nobodys = select(StoredEvent.detail).where(StoredEvent.issue_id.is_(None))
        assert session.scalars(nobodys).all() == [told[1]]
