"""Hits of people who agreed to be counted by name: events, and nothing of who took it back."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from newsletter.hits import PIXEL, Hit, Says, ingest
from newsletter.hits.log import HitLog
from newsletter.message import Visitor
from newsletter.models import StoredEvent
from subscribers import store
from subscribers.database import Database
from subscribers.models import Subscriber, Subscription
from tests.factories import NOON
from tests.newsletter.hits.rows import issue_sent

AT = int(NOON.timestamp() * 1000) + 3_600_000


@pytest.fixture
def ada(database: Database) -> int:
    """Give the number of somebody who agreed."""
    (ada,) = issue_sent(database, people=1, mode="individual")
    agree(database, True)
    return ada


def agree(database: Database, answer: bool | None) -> None:
    with database.begin() as session:
        session.execute(update(Subscription).values(tracking_consent=answer))


def hit(person: int, **more: Any) -> Hit:
    given = Hit(1, AT, 1, 2, person, Visitor.UNKNOWN, "waiting")
    return given._replace(**more)


def events(database: Database) -> list[tuple[str, int | None, str, str]]:
    with database.read() as session:
        rows = session.scalars(select(StoredEvent).order_by(StoredEvent.at, StoredEvent.id))
        return [(row.type, row.link, row.visitor, row.detail) for row in rows]


def test_a_click_and_an_open_are_events_of_the_person(
    database: Database, ada: int, tmp_path: Path
) -> None:
    log = HitLog(tmp_path)
    log.append(hit(ada))
    log.append(hit(ada, number=2, link=PIXEL, visitor=Visitor.MACHINE, reason="proxy"))
    ingest(database, tmp_path, now=NOON)
    log.append(hit(ada, visitor=Visitor.PERSON, reason="navigated"), Says.VERDICT)
    ingest(database, tmp_path, now=NOON)
    assert events(database) == [
        ("clicked", 2, "person", "navigated"),
        ("opened", PIXEL, "machine", "proxy"),
    ]


@pytest.mark.parametrize("answer", [False, None])
def test_who_never_agreed_or_took_it_back_leaves_no_trace(
    database: Database, ada: int, answer: bool | None, tmp_path: Path
) -> None:
    """# L-1: also for mails that are out already."""
    agree(database, answer)
    log = HitLog(tmp_path)
    log.append(hit(ada))
    ingest(database, tmp_path, now=NOON)
    assert events(database) == []


def test_a_click_within_ten_seconds_of_the_mail_is_a_machines(
    database: Database, ada: int, tmp_path: Path
) -> None:
    """# M-1"""
    log = HitLog(tmp_path)
    early = hit(ada, at=int(NOON.timestamp() * 1000) + 4_000)
    log.append(early)
    log.append(early._replace(visitor=Visitor.PERSON, reason="navigated"), Says.VERDICT)
    ingest(database, tmp_path, now=NOON)
    assert events(database) == [("clicked", 2, "machine", "early")]


def test_somebody_who_was_not_mailed_the_issue_is_not_counted_on_it(
    database: Database, ada: int, tmp_path: Path
) -> None:
    HitLog(tmp_path).append(hit(ada + 40))
    ingest(database, tmp_path, now=NOON)
    assert events(database) == []


def test_opens_alone_neither_reward_nor_remove_anybody(
    database: Database, ada: int, tmp_path: Path
) -> None:
    """# M-2: the order of sending goes by signs of life, and an open is none."""

    def standing() -> list[object]:
        with database.read() as session:
            return [
                *session.scalars(select(Subscriber.last_engaged_at)),
                *session.scalars(select(Subscription.state)),
                store.count_audience(session, 1),
            ]

    before = standing()
    log = HitLog(tmp_path)
    for number in range(5):
        log.append(hit(ada, number=number, link=PIXEL, visitor=Visitor.PERSON, reason="navigated"))
    ingest(database, tmp_path, now=NOON)
    assert len(events(database)) == 5
    assert standing() == before


def test_a_followed_link_is_a_sign_of_life_unless_a_machine_followed_it(
    database: Database, ada: int, tmp_path: Path
) -> None:
    """# M-2: also where it is not known who it was, once its minute is over."""

    def alive() -> object:
        with database.read() as session:
            return session.scalar(select(Subscriber.last_engaged_at))

    log = HitLog(tmp_path)
    log.append(hit(ada))
    log.append(hit(ada, visitor=Visitor.MACHINE, reason="burst"), Says.VERDICT)
    ingest(database, tmp_path, now=NOON)
    assert alive() is None
    for at in (AT + 5_000, AT):
        log.append(hit(ada, at=at, visitor=Visitor.UNKNOWN, reason="unsure"), Says.VERDICT)
        ingest(database, tmp_path, now=NOON)
    assert alive() == NOON + timedelta(hours=1, seconds=5)
