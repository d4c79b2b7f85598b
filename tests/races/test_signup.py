"""Several people, or one person twice, at the same instant; on both databases."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy import func, select

from subscribers import store
from subscribers.address import Address, parse
from subscribers.database import Database
from subscribers.errors import LinkSpent
from subscribers.models import Consent, Subscriber, Subscription, Suppression, SuppressionReason
from subscribers.people import take_in
from subscribers.transfer import import_csv
from tests.factories import NOON, READER, make_list, make_request, make_subscriber

ANN = parse("ann@example.com")
THREADS = 8
ROUNDS = 10
Got = TypeVar("Got")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    with opened.begin() as session:
        make_list(session)
    yield opened
    opened.close()


def at_once(act: Callable[[int], Got]) -> list[Got]:
    """Run something in several threads that start together."""
    together = Barrier(THREADS)

    def run(number: int) -> Got:
        together.wait(30)
        return act(number)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(run, range(THREADS)))


def count(database: Database, model: type[object]) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def sign_up(database: Database, address: Address, now: datetime, _: int = 0) -> bool:
    """Sign somebody up and say whether a letter is due."""
    with database.begin() as session:
        list_ = store.find_list(session)
        return store.sign_up(session, list_, address, visit=READER, now=now) is not None


@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
def test_one_address_signed_up_by_many_at_once_is_one_subscriber_with_one_letter(
    database: Database, known: bool
) -> None:
    """# S-2"""
    for round_ in range(1, ROUNDS + 1):
        address = parse(f"ann{round_}@example.com")
        if known:
            with database.begin() as session:
                take_in(session, address, "", NOON)
        assert sorted(at_once(partial(sign_up, database, address, NOON)))[-2:] == [False, True]
        assert count(database, Subscriber) == round_
        assert count(database, Subscription) == round_
        assert count(database, Consent) == round_


def test_asking_confirming_and_leaving_at_once_never_wait_for_each_other_in_a_ring(
    database: Database,
) -> None:
    for round_ in range(ROUNDS):
        address = parse(f"ann{round_}@example.com")
        with database.begin() as session:
            list_ = store.find_list(session)
            person, request = make_request(session, list_, address.email)
        acts = (
            partial(sign_up, database, address, NOON + timedelta(days=2)),
            partial(confirm, database, request.id),
            partial(leave, database, list_.id, person.id),
        )
        at_once(partial(call_one_of, acts))
        assert count(database, Subscription) == round_ + 1


def call_one_of(acts: Sequence[Callable[[], object]], number: int) -> None:
    acts[number % len(acts)]()


def confirm(database: Database, request_id: int) -> None:
    with database.begin() as session, suppress(LinkSpent):
        store.confirm(session, request_id, visit=READER, now=NOON)


def leave(database: Database, list_id: int, subscriber_id: int, _: int = 0) -> None:
    with database.begin() as session:
        store.unsubscribe(session, list_id, subscriber_id, visit=READER, now=NOON)


def test_one_person_leaving_many_times_at_once_leaves_one_line(database: Database) -> None:
    """# U-1"""
    with database.begin() as session:
        list_ = store.find_list(session)
        person = make_subscriber(session, list_)
    at_once(partial(leave, database, list_.id, person.id))
    with database.read() as session:
        assert session.scalars(select(Consent.kind)).all() == ["added", "left"]


def test_many_reports_on_one_address_at_once_are_one_suppression(database: Database) -> None:
    def report(_: int) -> int:
        with database.begin() as session:
            return store.suppress(session, ANN.key, SuppressionReason.BOUNCED, now=NOON).id

    assert len(set(at_once(report))) == 1
    assert count(database, Suppression) == 1


def test_imports_and_sign_ups_of_one_address_at_once_are_one_subscriber_who_is_on_the_list(
    database: Database, tmp_path: Path
) -> None:
    """Whoever is first: an import says that they agreed, and a sign-up takes nobody off."""
    for round_ in range(1, 4):
        address = parse(f"ann{round_}@example.com")
        at_once(partial(sign_up_or_import, database, address, tmp_path))
        with database.read() as session:
            person = store.find(session, address.key)
            assert person
            rows = select(Subscription.state).where(Subscription.subscriber_id == person.id)
            assert session.scalars(rows).all() == ["active"]
        # Of each of four files one more, who is the same in all rounds.
        assert count(database, Subscriber) == count(database, Subscription) == round_ + THREADS // 2


def sign_up_or_import(database: Database, address: Address, folder: Path, number: int) -> None:
    if number % 2:
        sign_up(database, address, NOON)
        return
    file = folder / f"people{number}.csv"
    file.write_text(f"email\nzoe{number}@example.com\n{address.email}\n", encoding="utf-8")
    import_csv(database, file, consent_text="they agreed", now=NOON)
