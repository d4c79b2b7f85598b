"""The inbox looked through: recorded once, put away after the commit, left for people otherwise."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from newsletter import bounces
from newsletter.errors import InboxAway
from newsletter.events import Looked, Postbox
from newsletter.links import NO_ISSUE
from newsletter.models import Letter, LetterBody, StoredEvent
from subscribers.database import Database
from subscribers.models import Consent, Subscription, Suppression
from tests.factories import NOON
from tests.newsletter.bounces.corpus import LINKS, PATH, mail
from tests.newsletter.events.rows import send
from tests.newsletter.house import address


class Box:
    """A Maildir, and what lies where in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in ("new", "cur", "tmp"):
            (folder / part).mkdir(parents=True)
        self.url = f"maildir://{folder}"
        self.postbox = Postbox(self.url, PATH)

    def put(self, name: str, raw: bytes, part: str = "new") -> None:
        (self.folder / part / name).write_bytes(raw)

    def look(self, database: Database) -> Looked:
        return self.postbox.look(database, LINKS, now=NOON)

    @property
    def left(self) -> list[str]:
        return sorted(
            file.name for part in ("new", "cur") for file in (self.folder / part).iterdir()
        )

    @property
    def done(self) -> list[str]:
        handled = self.folder / ".Broadsheet" / "cur"
        return sorted(file.name for file in handled.iterdir()) if handled.exists() else []


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "mail")


def suppressed(database: Database) -> dict[str, str]:
    with database.read() as session:
        return {row.email_key: row.reason for row in session.scalars(select(Suppression))}


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(StoredEvent)) or 0


def test_reports_are_acted_on_and_put_away(database: Database, box: Box) -> None:
    """# WH-9: one vocabulary and one table of consequences, webhook or mail."""
    send(database, 6)
    box.put("1", mail("postfix-unknown", person=1))
    box.put("2:2,S", mail("gmail-full", person=2), part="cur")
    box.put("3", mail("postfix-policy", person=3))
    box.put("4", mail("arf-yahoo", person=4))
    box.put("5", mail("away-outlook", person=5))
    box.put("6", mail("person-replies", person=6))

    assert box.look(database) == Looked(report=4, automatic=1, other=1, new=4)

    assert suppressed(database) == {address(1): "bounced", address(4): "complained"}
    assert box.left == ["6"]
    assert box.done == ["1:2,S", "2:2,S", "3:2,S", "4:2,S", "5:2,S"]


def test_a_goodbye_by_mail_leaves_and_says_so(database: Database, box: Box) -> None:
    """# U-2, U-5"""
    send(database, 2)
    box.put("1", mail("goodbye", person=2))
    assert box.look(database) == Looked(goodbye=1, new=1)
    with database.read() as session:
        states = dict(session.execute(select(Subscription.subscriber_id, Subscription.state)).all())
        (line,) = session.scalars(select(Consent))
    assert states == {1: "active", 2: "unsubscribed"}
    assert (line.subscriber_id, line.kind, line.via, line.actor) == (2, "left", "mailto", "self")
    assert suppressed(database) == {}


def test_a_goodbye_by_mail_to_what_a_letter_named_leaves_too(database: Database, box: Box) -> None:
    """# U-2: a letter is no issue's, and its head offers the same way out."""
    send(database, 2)
    box.put("1", mail("goodbye", issue=NO_ISSUE, person=2))
    assert box.look(database) == Looked(goodbye=1, new=1)
    with database.read() as session:
        states = dict(session.execute(select(Subscription.subscriber_id, Subscription.state)).all())
        (line,) = session.scalars(select(Consent))
    assert states == {1: "active", 2: "unsubscribed"}
    assert (line.subscriber_id, line.kind, line.via, line.actor) == (2, "left", "mailto", "self")
    assert (count(database), box.left) == (0, [])


def test_a_letter_is_complained_of_and_bounces_as_an_issue_does(
    database: Database, box: Box
) -> None:
    """# WH-9: but one that went to another address says nothing of the person's own."""
    send(database, 4)
    tokens = {}
    with database.begin() as session:
        session.add(LetterBody(hash="a", subject="S", html="", text=""))
        session.flush()
        for person, kind in enumerate(("still_want", "welcome", "new_address", "welcome"), 1):
            letter = Letter(
                kind=kind, list_id=1, subscriber_id=person, body="a", state="submitted",
                created_at=NOON, submitted_at=NOON,
            )  # fmt: skip
            session.add(letter)
            session.flush()
            tokens[person] = LINKS.seal_delivery(NO_ISSUE, letter.id)
    box.put("1", mail("arf-yahoo", token=tokens[1]))
    box.put("2", mail("postfix-unknown", token=tokens[2]))
    box.put("3", mail("postfix-unknown", token=tokens[3]))
    box.put("4", mail("gmail-full", token=tokens[4]))
    assert box.look(database) == Looked(report=4, new=4)
    assert suppressed(database) == {address(1): "complained", address(2): "bounced"}
    with database.read() as session:
        left = select(Subscription.subscriber_id).where(Subscription.state == "unsubscribed")
        assert session.scalars(left).all() == [1]
        assert set(session.scalars(select(StoredEvent.issue_id))) == {None}


def test_a_report_that_nobody_can_have_made_up_is_the_only_one_that_counts(
    database: Database, box: Box
) -> None:
    """# T12: for a mail that never was, and of a person who had another issue's."""
    send(database, 2)
    box.put("1", mail("postfix-unknown", token="AAAAAAAAAAAAAAAAAAAAAA"))
    box.put("2", mail("arf-aol", issue=9))
    box.put("3", mail("arf-aol", person=99))
    assert box.look(database) == Looked(report=2, other=1, new=2)
    assert suppressed(database) == {}
    with database.read() as session:
        assert set(session.scalars(select(StoredEvent.subscriber_id))) == {None}


class Died(Exception):
    """A process ended here."""


def test_whoever_dies_before_the_mails_are_moved_finds_nothing_new(
    database: Database, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(database, 1)
    box.put("1", mail("postfix-unknown"))

    def die(*_: object) -> None:
        raise Died

    with monkeypatch.context() as dying:
        dying.setattr("newsletter.bounces.maildir.Maildir.put_away", die)
        with pytest.raises(Died):
            box.look(database)
    assert (box.left, count(database)) == (["1"], 1)
    again = Postbox(box.url, PATH).look(database, LINKS, now=NOON + timedelta(minutes=1))
    assert again == Looked(report=1, new=0)
    assert (box.left, box.done, count(database)) == ([], ["1:2,S"], 1)


def test_what_is_for_people_is_looked_at_once(database: Database, box: Box) -> None:
    box.put("1", mail("person-replies"))
    assert box.look(database).other == 1
    box.put("2", mail("person-replies"))
    assert box.look(database).other == 1
    assert box.look(database).mails == 0
    assert box.left == ["1", "2"]


def test_an_inbox_that_went_away_is_told_and_nothing_is_lost(database: Database, box: Box) -> None:
    send(database, 1)
    box.put("1", mail("postfix-unknown"))
    away = box.folder.with_name("away")
    box.folder.rename(away)
    with pytest.raises(InboxAway, match="no Maildir"):
        box.look(database)
    away.rename(box.folder)
    assert box.look(database).new == 1


def test_many_mails_are_taken_in_groups(database: Database, box: Box) -> None:
    send(database, 60)
    for person in range(1, 61):
        box.put(f"{person:04}", mail("qmail-unknown", person=person))
    some = box.postbox.look(database, LINKS, now=NOON, most=20)
    assert some == Looked(report=20, new=20)
    assert box.look(database) == Looked(report=40, new=40)
    assert len(suppressed(database)) == 60
    assert (box.left, len(box.done)) == ([], 60)


def test_a_mail_that_somebody_moved_meanwhile_is_passed_over(box: Box) -> None:
    box.put("1", mail("goodbye"))
    with bounces.open_inbox(box.url) as inbox:
        (name,) = inbox.names()
        shutil.move(box.folder / name, box.folder / "tmp" / "1")
        assert inbox.read([name]) == []
        inbox.put_away([name])
    assert box.done == []
