"""Many at the same instant: no try to sign in and no call of the API is counted too few."""

from concurrent.futures import ThreadPoolExecutor

from newsletter import access
from newsletter.access.attempts import OF_ONE, take_try
from newsletter.access.tokens import CALLS_A_MINUTE
from subscribers.database import Database
from tests.factories import NOON


def test_of_many_tries_at_once_five_are_looked_at(database_url: str) -> None:
    """RULES S-9"""
    database = Database(database_url)

    def knock(_: int) -> bool:
        with database.begin() as session:
            return take_try(session, "ada", "192.0.2.1", now=NOON) is None

    with ThreadPoolExecutor(8) as pool:
        looked_at = sum(pool.map(knock, range(24)))
    database.close()
    assert looked_at == OF_ONE


def test_of_many_calls_at_once_a_minute_has_sixty(database_url: str) -> None:
    """RULES S-11"""
    database = Database(database_url)
    with database.begin() as session:
        token = access.make_token(session, "ci", expires_at=None, now=NOON)
    with database.read() as session:
        held = access.holder_of(session, token, now=NOON)
    assert held

    def call(_: int) -> bool:
        with database.begin() as session:
            return isinstance(access.use(session, held, now=NOON), access.Holder)

    with ThreadPoolExecutor(8) as pool:
        answered = sum(pool.map(call, range(CALLS_A_MINUTE + 12)))
    database.close()
    assert answered == CALLS_A_MINUTE
