"""A provider that is away: what one worker learns, all know."""

from datetime import timedelta

from sqlalchemy import select

from newsletter.models import Turn
from newsletter.pace import breaker
from newsletter.pace.breaker import LONGEST_SECONDS, TRIAL_SECONDS, Outage
from newsletter.pace.turns import LETTERS, PROVIDER, free
from subscribers.database import Database
from tests.factories import NOON

SECOND = timedelta(seconds=1)


def fail(
    database: Database, *, after: float = 0, retry_after: float | None = None, trial: bool = False
) -> Outage:
    with database.begin() as session:
        return breaker.failed(
            session, retry_after=retry_after, is_trial=trial, now=NOON + after * SECOND
        )


def try_it(database: Database, after: float) -> bool:
    with database.begin() as session:
        return breaker.take_trial(session, NOON + after * SECOND)


def is_quiet(database: Database, after: float = 0) -> bool:
    with database.read() as session:
        return not session.scalar(select(free(NOON + after * SECOND, PROVIDER)))


def test_the_wait_doubles_to_ten_minutes_and_no_two_houses_wait_alike(database: Database) -> None:
    waits = [fail(database, trial=True).seconds for _ in range(14)]
    ideal = [min(2.0**number, LONGEST_SECONDS) for number in range(14)]
    assert all(most / 2 <= wait <= most for wait, most in zip(waits, ideal, strict=True))
    assert len({wait / most for wait, most in zip(waits, ideal, strict=True)}) > 5


def test_calls_that_were_under_way_together_count_once(database: Database) -> None:
    waits = [fail(database).seconds for _ in range(8)]
    assert max(waits) <= 1
    with database.read() as session:
        assert session.get_one(Turn, PROVIDER).failures == 1


def test_one_tries_for_all_and_the_others_wait_for_what_comes_of_it(database: Database) -> None:
    fail(database)
    assert is_quiet(database)
    assert [try_it(database, 2), try_it(database, 2)] == [True, False]
    assert is_quiet(database, 2)
    fail(database, after=3, trial=True)
    assert is_quiet(database, 3)
    assert not is_quiet(database, 6)


def test_who_dies_of_the_trial_keeps_the_others_for_a_minute(database: Database) -> None:
    fail(database)
    assert try_it(database, 2)
    assert is_quiet(database, TRIAL_SECONDS)
    assert try_it(database, 2 + TRIAL_SECONDS)


def test_an_answer_opens_the_way_for_everybody_at_once(database: Database) -> None:
    for _ in range(5):
        fail(database, trial=True)
    with database.begin() as session:
        assert breaker.is_open(session)
        breaker.answered(session)
        assert not breaker.is_open(session)
    assert not is_quiet(database)
    assert fail(database).seconds <= 1


def test_the_third_trial_in_vain_persists(database: Database) -> None:
    told = [fail(database, trial=number > 0).persists for number in range(4)]
    assert told == [False, False, True, True]


def test_the_providers_own_word_counts_for_letters_too(database: Database) -> None:
    for asked in (90, 120, 30):
        fail(database, retry_after=asked)
    with database.read() as session:
        held = [
            after
            for after in (119.9, 120)
            if session.scalar(select(free(NOON + after * SECOND, PROVIDER, LETTERS)))
        ]
    assert held == [120]
