"""Admins: signing in, being turned away, and being signed out."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from newsletter import access
from newsletter.access import passwords
from newsletter.access.attempts import OF_A_NAME, OF_A_NETWORK, OF_ONE, take_try
from newsletter.errors import AccessError, SignInRefused
from newsletter.models import Admin, AdminSession, LoginAttempt
from subscribers.database import Database
from tests.factories import NOON

ADA, GOOD, WRONG = "ada", "a good long password", "a wrong long password"
HERE, THERE = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def house(database: Database) -> Database:
    with database.begin() as session:
        access.add_admin(session, ADA, GOOD, now=NOON)
    return database


def enter(
    house: Database, password: str = GOOD, name: str = ADA, ip: str = HERE, now: datetime = NOON
) -> str:
    return access.sign_in(house, name, password, ip=ip, now=now)


def is_in(house: Database, key: str, now: datetime = NOON) -> bool:
    with house.read() as session:
        return access.session_of(session, key, now=now) is not None


def refused(
    house: Database, password: str = GOOD, name: str = ADA, ip: str = HERE, now: datetime = NOON
) -> timedelta | None:
    """Be turned away, and return how long to wait."""
    with pytest.raises(SignInRefused) as error:
        enter(house, password, name, ip, now)
    return error.value.wait


def try_often(house: Database, times: int, name: str = ADA, ip: str = HERE) -> None:
    """Write tries down without the work of looking at a password."""
    with house.begin() as session:
        for _ in range(times):
            assert take_try(session, name, ip, now=NOON) is None


def test_who_knows_the_password_comes_in(house: Database) -> None:
    assert is_in(house, enter(house))
    assert refused(house, WRONG) is None


def test_password_and_session_are_kept_as_hashes(house: Database) -> None:
    """RULES S-9: Argon2id."""
    key = enter(house)
    with house.read() as session:
        admin, held = (
            session.scalars(select(Admin)).one(),
            session.scalars(select(AdminSession)).one(),
        )
    assert admin.password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert GOOD not in admin.password
    assert key not in held.key_hash


def test_five_tries_and_the_sixth_has_to_wait(house: Database) -> None:
    """RULES S-9: also with the right password, and for a name that nobody bears."""
    for name in (ADA, "nobody"):
        for _ in range(OF_ONE):
            assert refused(house, WRONG, name) is None
        assert refused(house, GOOD, name) == timedelta(minutes=15)
    later = NOON + timedelta(minutes=15)
    assert is_in(house, enter(house, now=later), later)


def test_who_waits_waits_for_the_first_of_the_five(house: Database) -> None:
    try_often(house, OF_ONE)
    late = NOON + timedelta(minutes=10)
    assert refused(house, GOOD, now=late) == timedelta(minutes=5)


def test_a_stranger_elsewhere_locks_nobody_out(house: Database) -> None:
    try_often(house, OF_ONE, ip=THERE)
    assert is_in(house, enter(house))


def test_one_network_does_not_try_all_names_and_one_name_is_not_tried_by_all(
    house: Database,
) -> None:
    for number in range(OF_A_NETWORK):
        try_often(house, 1, name=f"name{number}", ip=THERE)
    assert refused(house, GOOD, ADA, THERE)
    for number in range(OF_A_NAME):
        try_often(house, 1, ip=f"192.0.{number}.1")
    assert refused(house)


def test_an_ipv6_network_is_one(house: Database) -> None:
    try_often(house, OF_ONE, ip="2001:db8::1")
    assert refused(house, GOOD, ADA, "2001:db8::2")


def test_coming_in_forgets_the_tries_before(house: Database) -> None:
    try_often(house, OF_ONE - 1)
    enter(house)
    with house.read() as session:
        assert session.scalar(select(func.count()).select_from(LoginAttempt)) == 0


def test_a_session_ends_when_nobody_is_there_and_after_half_a_day(house: Database) -> None:
    key, at = enter(house), NOON
    assert not is_in(house, key, NOON + access.IDLE)
    while at < NOON + access.LONGEST - timedelta(minutes=50):
        at += timedelta(minutes=50)
        assert is_in(house, key, at)
        with house.begin() as session:
            access.seen(session, key, now=at)
    assert not is_in(house, key, NOON + access.LONGEST)


def test_a_new_password_ends_every_session_and_forgets_who_tried(house: Database) -> None:
    """RULES S-9: listmonk kept old ones (CVE-2026-34828)."""
    keys = [enter(house), enter(house, ip=THERE)]
    try_often(house, OF_ONE)
    with house.begin() as session:
        admin = access.find_admin(session, ADA)
        assert admin
        access.change_password(session, admin, WRONG)
    assert [is_in(house, key) for key in keys] == [False, False]
    assert is_in(house, enter(house, WRONG))
    assert refused(house, GOOD) is None


def test_who_is_taken_away_is_out_at_once(house: Database) -> None:
    key = enter(house)
    with house.begin() as session:
        admin = access.find_admin(session, ADA)
        assert admin
        access.remove_admin(session, admin)
    assert not is_in(house, key)
    assert refused(house) is None


def test_signing_out_ends_this_session_alone(house: Database) -> None:
    here, there = enter(house), enter(house, ip=THERE)
    with house.begin() as session:
        access.sign_out(session, here)
    assert (is_in(house, here), is_in(house, there)) == (False, True)


@pytest.mark.parametrize("odd", ["", "x", "x" * 43, "\udc80" * 43, "é" * 43])
def test_nothing_else_is_a_session(house: Database, odd: str) -> None:
    assert not is_in(house, odd)


@pytest.mark.parametrize("odd", ["", "\0", "\udc80", "é" * 10_000])
def test_an_odd_password_is_a_wrong_one(house: Database, odd: str) -> None:
    assert refused(house, odd) is None


@pytest.mark.parametrize("odd", ["", "\0", "ADA", "ada ", "é" * 10_000])
def test_an_odd_name_is_nobodys(house: Database, odd: str) -> None:
    """PostgreSQL has no word with a NUL in it."""
    assert refused(house, GOOD, odd) is None


def test_an_easy_password_is_refused() -> None:
    with pytest.raises(AccessError, match="at least 12"):
        passwords.hashed("hunter2")
    assert passwords.generated() != passwords.generated()


def test_a_name_that_nobody_bears_costs_the_same_work(house: Database) -> None:
    """RULES S-9: one hash each, of the same cost."""
    with house.read() as session:
        kept = session.scalars(select(Admin.password)).one()
    assert passwords._nobodys().split("$")[:4] == kept.split("$")[:4]
