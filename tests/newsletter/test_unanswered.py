"""Who never answers a confirmation is forgotten; who could not, is not."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from newsletter import letters
from newsletter.app import App
from newsletter.letters import forget_unanswered
from newsletter.models import BatchState, Letter, LetterBody, LetterKind
from subscribers import store
from subscribers.models import Consent, List, Subscriber, Subscription
from subscribers.transfer import import_csv
from tests.factories import NOON, READER, make_list, make_request, make_subscriber
from tests.newsletter.house import open_house
from tests.newsletter.receiver import Receiver

MONTH = timedelta(days=30, minutes=1)
BEA = "bea@readers.example"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[App]:
    opened = open_house(database_url, tmp_path, Receiver(tmp_path / "book"))
    with opened.database.begin() as session:
        make_list(session, "notes")
        session.add(LetterBody(hash="body", subject="x", html="x", text="x"))
    yield opened
    opened.database.close()


def ask(app: App, state: BatchState, *, slug: str = "notes") -> None:
    with app.database.begin() as session:
        list_ = store.find_list(session, slug)
        person, request = make_request(session, list_, BEA)
        letter = letters.write(
            session, LetterKind.CONFIRM, list_, person, "body", request_id=request.id, now=NOON
        )
        letter.state = state


def counts(app: App) -> list[int]:
    with app.database.read() as session:
        rows = (Subscriber, Subscription, Consent, Letter)
        return [session.scalar(select(func.count()).select_from(row)) or 0 for row in rows]


def test_who_never_answers_leaves_nothing_behind_after_a_month(app: App) -> None:
    """L-4"""
    ask(app, BatchState.SUBMITTED)

    assert forget_unanswered(app.database, now=NOON + timedelta(days=29)) == 0
    assert counts(app) == [1, 1, 1, 1]
    assert forget_unanswered(app.database, now=NOON + MONTH) == 1
    assert counts(app) == [0, 0, 0, 0]


@pytest.mark.parametrize("state", [BatchState.PENDING, BatchState.FAILED, BatchState.IN_DOUBT])
def test_whose_letter_never_surely_left_is_kept(app: App, state: BatchState) -> None:
    ask(app, state)

    assert forget_unanswered(app.database, now=NOON + MONTH) == 0
    assert counts(app) == [1, 1, 1, 1]


def test_who_confirmed_or_is_on_another_list_stays(app: App) -> None:
    ask(app, BatchState.SUBMITTED)
    with app.database.begin() as session:
        other = make_list(session, "weekly")
        make_subscriber(session, other, BEA)

    assert forget_unanswered(app.database, now=NOON + MONTH) == 1
    with app.database.read() as session:
        (left,) = session.scalars(select(Subscription))
        assert (left.list_id, left.state) == (store.find_list(session, "weekly").id, "active")


def test_who_was_here_before_and_asks_to_come_back_is_not_forgotten(app: App) -> None:
    with app.database.begin() as session:
        list_ = session.scalars(select(List).where(List.slug == "notes")).one()
        person = make_subscriber(session, list_, BEA)
        store.unsubscribe(session, list_.id, person.id, visit=READER, now=NOON)
    ask(app, BatchState.SUBMITTED)

    assert forget_unanswered(app.database, now=NOON + MONTH) == 0


def test_who_was_brought_in_unconfirmed_is_asked_nothing_and_forgotten_after_a_month(
    app: App, tmp_path: Path
) -> None:
    """L-4"""
    file = tmp_path / "people.csv"
    file.write_text(f"email,status\n{BEA},pending\n", encoding="utf-8")
    import_csv(app.database, file, "notes", consent_text="moved", now=NOON)
    assert counts(app) == [1, 1, 1, 0]

    assert forget_unanswered(app.database, now=NOON + timedelta(days=29)) == 0
    assert forget_unanswered(app.database, now=NOON + MONTH) == 1
    assert counts(app) == [0, 0, 0, 0]
