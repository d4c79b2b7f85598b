"""Journey C: leaving, twice, by mistake, for a while, and coming back."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from subscribers import store
from subscribers.address import parse
from subscribers.errors import LinkSpent, NotFound
from subscribers.models import List
from tests.factories import (
    ADMIN,
    NOW,
    READER,
    evidence_of,
    make_list,
    make_request,
    make_subscriber,
    subscription_of,
)

DAY = timedelta(hours=24)


def test_leaving_twice_leaves_one_line(session: Session, monthly: List) -> None:
    """# U-1"""
    person = make_subscriber(session, monthly)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOW)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOW + DAY)
    subscription = subscription_of(session, monthly, person)
    assert (subscription.state, subscription.changed_at) == ("unsubscribed", NOW)
    assert evidence_of(session, person.id) == ["added", "left"]


def test_leaving_one_list_leaves_the_others(session: Session, monthly: List) -> None:
    weekly = make_list(session, "weekly")
    person = make_subscriber(session, monthly, "ann@example.com")
    make_subscriber(session, weekly, "ann@example.com")
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOW)
    assert session.scalars(store.audience(monthly.id)).all() == []
    assert session.scalars(store.audience(weekly.id)).all() == [person.id]


def test_a_goodbye_withdraws_a_request_that_is_open(session: Session, monthly: List) -> None:
    person, request = make_request(session, monthly)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOW)
    with pytest.raises(LinkSpent):
        store.confirm(session, request.id, visit=READER, now=NOW)


def test_who_left_comes_back_by_asking_and_confirming(session: Session, monthly: List) -> None:
    person, first = make_request(session, monthly, "ann@example.com")
    store.confirm(session, first.id, visit=READER, now=NOW)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOW)
    _, second = make_request(session, monthly, "ann@example.com", now=NOW + DAY)
    assert subscription_of(session, monthly, person).state == "unsubscribed"
    store.confirm(session, second.id, visit=READER, now=NOW + DAY)
    subscription = subscription_of(session, monthly, person)
    assert (subscription.state, subscription.joined_at) == ("active", NOW)
    assert evidence_of(session, person.id) == ["asked", "confirmed", "left", "asked", "came_back"]


def test_a_goodbye_can_be_undone_for_a_day(session: Session, monthly: List) -> None:
    """# U-6"""
    person = make_subscriber(session, monthly)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOW)
    store.undo_unsubscribe(session, monthly.id, person.id, visit=READER, now=NOW + DAY)
    store.undo_unsubscribe(session, monthly.id, person.id, visit=READER, now=NOW + DAY)
    assert subscription_of(session, monthly, person).state == "active"
    assert evidence_of(session, person.id) == ["added", "left", "came_back"]


def test_after_a_day_a_goodbye_stands(session: Session, monthly: List) -> None:
    """# U-6"""
    person = make_subscriber(session, monthly)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOW)
    late = NOW + DAY + timedelta(seconds=1)
    with pytest.raises(LinkSpent):
        store.undo_unsubscribe(session, monthly.id, person.id, visit=READER, now=late)
    assert subscription_of(session, monthly, person).state == "unsubscribed"


def test_undoing_a_withdrawn_request_makes_nobody_active(session: Session, monthly: List) -> None:
    """The link in a forwarded mail must not confirm what was never confirmed."""
    person, _ = make_request(session, monthly)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOW)
    with pytest.raises(LinkSpent):
        store.undo_unsubscribe(session, monthly.id, person.id, visit=READER, now=NOW)


def test_a_pause_stops_the_mail_until_it_ends(session: Session, monthly: List) -> None:
    person = make_subscriber(session, monthly)
    for _ in range(2):
        store.pause(session, monthly.id, person.id, visit=READER, now=NOW)
    assert session.scalars(store.audience(monthly.id)).all() == []
    for _ in range(2):
        store.resume(session, monthly.id, person.id, visit=READER, now=NOW)
    assert session.scalars(store.audience(monthly.id)).all() == [person.id]
    assert evidence_of(session, person.id) == ["added", "paused", "resumed"]


@pytest.mark.parametrize("act", [store.pause, store.resume])
def test_neither_pause_nor_resume_brings_back_who_left(
    session: Session, monthly: List, act: "type[object]"
) -> None:
    person = make_subscriber(session, monthly)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOW)
    act(session, monthly.id, person.id, visit=READER, now=NOW)  # type: ignore[call-arg]
    assert subscription_of(session, monthly, person).state == "unsubscribed"


def test_an_admin_may_bring_back_with_evidence(session: Session, monthly: List) -> None:
    person = make_subscriber(session, monthly, "ann@example.com")
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOW)
    store.add(session, monthly, parse("ann@example.com"), visit=ADMIN, now=NOW)
    assert subscription_of(session, monthly, person).state == "active"
    assert evidence_of(session, person.id) == ["added", "left", "added"]


def test_nobody_leaves_a_list_they_were_never_on(session: Session, monthly: List) -> None:
    for act in (store.unsubscribe, store.undo_unsubscribe, store.pause, store.resume):
        with pytest.raises(NotFound):
            act(session, monthly.id, 4711, visit=READER, now=NOW)
