"""What a call costs: all of its turns and its part of the day, or nothing at all."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from newsletter.models import SentDay, Turn
from newsletter.pace import Limits, held_until, letters_are_free, spend
from newsletter.pace.spending import charge_letters
from subscribers.database import Database
from tests.factories import NOON

SECOND = timedelta(seconds=1)


def pay(database: Database, limits: Limits, wanted: int, after: float = 0, **more: Any) -> int:
    given: dict[str, Any] = {"issue_id": 1, "lane": "", "over": None}
    with database.begin() as session:
        return spend(session, limits, wanted=wanted, now=NOON + after * SECOND, **(given | more))


def turns(database: Database) -> dict[str, float]:
    with database.read() as session:
        rows = session.execute(select(Turn.name, Turn.at)).all()
        return {name: at - NOON.timestamp() for name, at in rows}


def counted(database: Database) -> list[tuple[int, int]]:
    with database.read() as session:
        rows = session.execute(select(SentDay.issues, SentDay.letters)).all()
        return [(issues, letters) for issues, letters in rows]


def test_who_comes_second_pays_nothing_and_goes_when_the_first_is_paid_for(
    database: Database,
) -> None:
    limits = Limits(rate=10, quota=1000)
    assert [pay(database, limits, 30), pay(database, limits, 30)] == [30, 0]
    assert turns(database) == {"all": 3.0}
    assert counted(database) == [(30, 0)]
    assert pay(database, limits, 30, after=2.5) == 0
    assert pay(database, limits, 30, after=2.8) == 30
    assert turns(database) == {"all": 6.0}


def test_a_turn_that_is_not_free_gives_the_others_back(database: Database) -> None:
    limits = Limits(rate=100, domains={"gmail.com": 1})
    assert pay(database, limits, 10, lane="gmail.com") == 10
    assert pay(database, limits, 10, after=1, lane="gmail.com") == 0
    assert turns(database) == pytest.approx({"all": 0.1, "domain:gmail.com": 10})
    assert pay(database, limits, 10, after=1) == 10


def test_idle_time_is_not_saved_up(database: Database) -> None:
    limits = Limits(rate=10)
    pay(database, limits, 10)
    assert [pay(database, limits, 10, after=3600) for _ in range(3)] == [10, 0, 0]


def test_a_day_gives_what_is_left_of_it_and_then_holds_issues_until_tomorrow(
    database: Database,
) -> None:
    limits = Limits(quota=100)
    assert [pay(database, limits, 60) for _ in range(3)] == [60, 35, 0]
    assert counted(database) == [(95, 0)]
    assert turns(database) == {"quota": 12 * 3600}
    with database.read() as session:
        assert held_until(session, 1) == NOON + timedelta(hours=12)


def test_letters_take_their_own_turn_and_move_that_of_issues_on(database: Database) -> None:
    with database.begin() as session:
        for _ in range(2):
            charge_letters(session, Limits(rate=2, quota=10), 1, NOON)
        assert not letters_are_free(session, NOON)
        assert letters_are_free(session, NOON + SECOND)
    assert turns(database) == {"letters": 1, "all": 1}
    assert counted(database) == [(0, 2)]
    with database.begin() as session:
        charge_letters(session, Limits(), 1, NOON)
    assert counted(database) == [(0, 2)]
