"""Role and disposable addresses are flagged, and taken like others."""

import pytest
from sqlalchemy.orm import Session

from subscribers import store
from subscribers.address import parse
from subscribers.flags import flags_of
from subscribers.models import List
from tests.factories import NOON, READER, make_subscriber


@pytest.mark.parametrize(
    ("email", "flags"),
    [
        ("info@example.com", ("role",)),
        ("Info+fair@example.com", ("role",)),
        ("infos@example.com", ()),
        ("ann@mailinator.com", ("disposable",)),
        ("admin@yopmail.com", ("role", "disposable")),
        ("ann@notmailinator.com", ()),
    ],
)
def test_an_odd_address_is_flagged(email: str, flags: tuple[str, ...]) -> None:
    assert flags_of(parse(email).key) == flags


def test_it_is_taken_like_any_other_and_its_story_says_so(session: Session, monthly: List) -> None:
    person = make_subscriber(session, monthly, "info@mailinator.com")
    assert list(session.scalars(store.audience(monthly.id))) == [person.id]
    assert store.sign_up(session, monthly, parse("press@x.example"), visit=READER, now=NOON)
    told = " ".join(store.story(session, "info@mailinator.com"))
    assert "a role address" in told
    assert "a disposable address" in told
