"""API tokens: shown once, kept as a hash, counted in the database."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from newsletter import access
from newsletter.access.tokens import CALLS_A_MINUTE, PREFIX
from newsletter.errors import AccessError
from newsletter.models import ApiToken
from subscribers.database import Database
from tests.factories import NOON

A_DAY = timedelta(days=1)


def made(database: Database, name: str = "dashboard") -> str:
    with database.begin() as session:
        return access.make_token(session, name, expires_at=NOON + A_DAY, now=NOON)


def use(database: Database, token: str) -> access.Holder | access.TooMany | None:
    with database.begin() as session:
        held = access.holder_of(session, token, now=NOON)
        return access.use(session, held, now=NOON) if held else None


def test_only_a_hash_of_a_token_is_kept(database: Database) -> None:
    """RULES S-11: of 256 bits."""
    token = made(database)
    assert token.startswith(PREFIX)
    assert len(token) == len(PREFIX) + 43
    with database.read() as session:
        row = session.scalars(select(ApiToken)).one()
        kept = " ".join(str(getattr(row, one.key)) for one in ApiToken.__table__.columns)
    assert token not in kept
    assert row.beginning == token[: len(PREFIX) + 6]


def test_a_token_may_count_and_no_more_unless_it_was_said(database: Database) -> None:
    held = use(database, made(database))
    assert held == access.Holder("dashboard", frozenset({"count"}))


def test_a_token_opens_until_its_end(database: Database) -> None:
    token = made(database)
    with database.read() as session:
        assert access.holder_of(session, token, now=NOON + A_DAY - timedelta(seconds=1))
        assert access.holder_of(session, token, now=NOON + A_DAY) is None


@pytest.mark.parametrize("odd", ["", "newsletter_", "x" * 54, "{}x", "\udc80"])
def test_nothing_else_opens(database: Database, odd: str) -> None:
    token = odd.format(made(database))
    assert use(database, token) is None


def test_a_minute_has_so_many_calls_and_the_next_one_as_many(database: Database) -> None:
    token = made(database)
    late = NOON + timedelta(seconds=45)
    with database.begin() as session:
        held = access.holder_of(session, token, now=late)
        assert held
        for _ in range(CALLS_A_MINUTE):
            assert isinstance(access.use(session, held, now=late), access.Holder)
        assert access.use(session, held, now=late) == access.TooMany(timedelta(seconds=15))
        after = NOON + timedelta(minutes=1)
        assert isinstance(access.use(session, held, now=after), access.Holder)
    with database.read() as session:
        row = session.scalars(select(ApiToken)).one()
        assert (row.used, row.last_used_at) == (1, after)


@pytest.mark.parametrize("name", ["", "Ada", "a b", "a" * 65, "é", "-a"])
def test_an_odd_name_is_refused(database: Database, name: str) -> None:
    with pytest.raises(AccessError, match="no name"):
        made(database, name)


def test_a_name_is_of_one_key_alone(database: Database) -> None:
    made(database, "ada")
    with pytest.raises(AccessError, match="a token ada already"), database.begin() as session:
        access.add_admin(session, "ada", "a good long password", now=NOON)
