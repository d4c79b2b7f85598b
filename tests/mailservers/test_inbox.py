"""Bounces read by IMAP from a Dovecot, and moved into a folder of their own."""

import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from newsletter.errors import InboxAway
from newsletter.events import Looked, Postbox
from subscribers.database import Database
from subscribers.models import Suppression
from tests.factories import NOON
from tests.mailservers.dovecot import PASSWORD, USER, Dovecot
from tests.newsletter.bounces.corpus import LINKS, PATH, mail
from tests.newsletter.events.rows import send
from tests.newsletter.house import address, open_house
from tests.newsletter.receiver import Receiver


def deliver(dovecot: Dovecot, *mails: bytes) -> None:
    with smtplib.LMTP("127.0.0.1", dovecot.lmtp_port) as door:
        for raw in mails:
            door.sendmail("", USER, raw.replace(b"\n", b"\r\n"))


def folder(dovecot: Dovecot, name: str) -> int:
    with dovecot.mailbox() as imap:
        kind, (number,) = imap.select(name, readonly=True)
        assert kind == "OK"
        assert number
        return int(number)


def url(dovecot: Dovecot, password: str = PASSWORD) -> str:
    return f"imap://{USER}:{password}@127.0.0.1:{dovecot.imap_port}/INBOX?starttls=never"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    app = open_house(f"sqlite:///{tmp_path}/house.db", tmp_path, Receiver(tmp_path / "book"))
    yield app.database
    app.database.close()


@pytest.mark.parametrize(
    ("dovecot", "left"),
    [
        ("", 1),
        ("imap_capability = IMAP4rev1 UIDPLUS", 1),
        ("imap_capability = IMAP4rev1", 5),
    ],
    indirect=["dovecot"],
)
def test_reports_are_read_and_moved_and_letters_stay(
    dovecot: Dovecot, database: Database, left: int
) -> None:
    """Also at a server that cannot move: what is copied and marked as deleted is read no more."""
    send(database, 5)
    deliver(
        dovecot,
        mail("person-replies", person=5),
        mail("postfix-unknown", person=1),
        mail("m365-full", person=2),
        mail("arf-outlook", person=3),
        mail("goodbye", person=4),
    )
    postbox = Postbox(url(dovecot), PATH)
    assert postbox.look(database, LINKS, now=NOON) == Looked(report=3, goodbye=1, other=1, new=4)
    with database.read() as session:
        found = {row.email_key: row.reason for row in session.scalars(select(Suppression))}
    assert found == {address(1): "bounced", address(3): "complained"}
    assert folder(dovecot, "Broadsheet") == 4
    assert folder(dovecot, "INBOX") == left

    again = Postbox(url(dovecot), PATH).look(database, LINKS, now=NOON)
    assert again == Looked(other=1)
    deliver(dovecot, mail("postfix-unknown", person=2))
    assert postbox.look(database, LINKS, now=NOON) == Looked(report=1, new=1)


def test_a_server_that_refuses_us_is_told_without_the_password(
    dovecot: Dovecot, database: Database
) -> None:
    for wrong in (url(dovecot, "wr0ng"), url(dovecot).replace("INBOX", "Nowhere")):
        with pytest.raises(InboxAway) as told:
            Postbox(wrong, PATH).look(database, LINKS, now=NOON)
        assert "wr0ng" not in str(told.value)
        assert PASSWORD not in str(told.value)
    dovecot.room.kill()
    with pytest.raises(InboxAway, match="refused"):
        Postbox(url(dovecot), PATH).look(database, LINKS, now=NOON)
