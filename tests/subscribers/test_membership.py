"""Where a subscription goes from each state, and where it stays."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from subscribers import store
from subscribers.address import parse
from subscribers.errors import LinkSpent
from subscribers.models import Consent, List, Subscriber, SuppressionReason
from tests.factories import (
    ADMIN,
    DAY,
    NOON,
    READER,
    make_list,
    make_request,
    make_subscriber,
    subscription_of,
)

ANN = parse("ann@example.com")
Act = Callable[..., object]


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(Consent.kind).order_by(Consent.id)))


def in_state(session: Session, list_: List, state: str) -> Subscriber:
    """Bring Ann to a state by what a person can do."""
    if state == "pending":
        return make_request(session, list_, ANN.email)[0]
    person = make_subscriber(session, list_, ANN.email)
    if state in ("paused", "unsubscribed"):
        act = store.pause if state == "paused" else store.unsubscribe
        act(session, list_.id, person.id, visit=READER, now=NOON)
    return person


@pytest.mark.parametrize(
    ("before", "act", "after"),
    [
        ("pending", store.pause, "pending"),
        ("pending", store.resume, "pending"),
        ("pending", store.undo_unsubscribe, "pending"),
        ("pending", store.unsubscribe, "unsubscribed"),
        ("active", store.pause, "paused"),
        ("active", store.resume, "active"),
        ("active", store.undo_unsubscribe, "active"),
        ("active", store.unsubscribe, "unsubscribed"),
        ("paused", store.pause, "paused"),
        ("paused", store.resume, "active"),
        ("paused", store.undo_unsubscribe, "paused"),
        ("paused", store.unsubscribe, "unsubscribed"),
        ("unsubscribed", store.pause, "unsubscribed"),
        ("unsubscribed", store.resume, "unsubscribed"),
        ("unsubscribed", store.undo_unsubscribe, "active"),
        ("unsubscribed", store.unsubscribe, "unsubscribed"),
    ],
)
def test_an_act_of_the_reader_leads_where_its_name_says_and_leaves_a_line_only_then(
    session: Session, monthly: List, before: str, act: Act, after: str
) -> None:
    person = in_state(session, monthly, before)
    lines = len(kinds(session))
    now = NOON + timedelta(hours=1)
    act(session, monthly.id, person.id, visit=READER, now=now)
    found = subscription_of(session, monthly, person)
    assert found.state == after
    assert found.changed_at == (NOON if before == after else now)
    assert len(kinds(session)) == lines + (before != after)


@pytest.mark.parametrize(
    ("state", "letter"),
    [("pending", True), ("active", False), ("paused", False), ("unsubscribed", True)],
)
def test_signing_up_changes_no_state_and_asks_only_who_is_not_here(
    session: Session, monthly: List, state: str, letter: bool
) -> None:
    """S-1: a stranger who fills in the form for somebody changes nothing for them."""
    person = in_state(session, monthly, state)
    signed = store.sign_up(session, monthly, ANN, visit=READER, now=NOON + DAY)
    assert (signed is not None) == letter
    assert subscription_of(session, monthly, person).state == state


@pytest.mark.parametrize("state", ["pending", "active", "paused", "unsubscribed"])
def test_signing_up_while_suppressed_leaves_no_line(
    session: Session, monthly: List, state: str
) -> None:
    person = in_state(session, monthly, state)
    store.suppress(session, ANN.key, SuppressionReason.BOUNCED, now=NOON)
    before = kinds(session)
    assert store.sign_up(session, monthly, ANN, visit=READER, now=NOON + DAY) is None
    assert subscription_of(session, monthly, person).state == state
    assert kinds(session) == before


def test_the_link_clicked_again_does_not_end_a_pause(session: Session, monthly: List) -> None:
    person, request = make_request(session, monthly)
    store.confirm(session, request.id, visit=READER, now=NOON)
    store.pause(session, monthly.id, person.id, visit=READER, now=NOON)
    store.confirm(session, request.id, visit=READER, now=NOON + DAY)
    assert subscription_of(session, monthly, person).state == "paused"


def test_a_request_answered_by_a_goodbye_stays_spent_after_the_goodbye_is_undone(
    session: Session, monthly: List
) -> None:
    person, request = make_request(session, monthly)
    store.confirm(session, request.id, visit=READER, now=NOON)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOON)
    store.undo_unsubscribe(session, monthly.id, person.id, visit=READER, now=NOON)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOON)
    with pytest.raises(LinkSpent) as raised:
        store.confirm(session, request.id, visit=READER, now=NOON)
    assert raised.value.mend


def test_who_left_before_confirming_is_pending_again_after_asking_anew(
    session: Session, monthly: List
) -> None:
    person = in_state(session, monthly, "pending")
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOON)
    _, request = make_request(session, monthly, ANN.email, now=NOON + DAY)
    assert subscription_of(session, monthly, person).state == "pending"
    store.confirm(session, request.id, visit=READER, now=NOON + DAY)
    assert kinds(session) == ["asked", "left", "asked", "confirmed"]


def test_a_goodbye_while_a_new_request_is_open_withdraws_it(
    session: Session, monthly: List
) -> None:
    """The old footer still works for who left, asked again, and thought better of it."""
    person = in_state(session, monthly, "unsubscribed")
    _, request = make_request(session, monthly, ANN.email, now=NOON + DAY)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOON + DAY)
    with pytest.raises(LinkSpent):
        store.confirm(session, request.id, visit=READER, now=NOON + DAY)
    assert store.count_audience(session, monthly.id) == 0


def test_saying_goodbye_again_does_not_open_the_day_of_undoing_again(
    session: Session, monthly: List
) -> None:
    """U-6: or a forwarded mail and the form would bring back who left long ago."""
    person = in_state(session, monthly, "unsubscribed")
    later = NOON + 30 * DAY
    make_request(session, monthly, ANN.email, now=later)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=later)
    with pytest.raises(LinkSpent):
        store.undo_unsubscribe(session, monthly.id, person.id, visit=READER, now=later)


def test_one_persons_request_confirms_nobody_else(session: Session, monthly: List) -> None:
    _, request = make_request(session, monthly, "bob@example.com")
    ann = in_state(session, monthly, "pending")
    store.confirm(session, request.id, visit=READER, now=NOON)
    assert subscription_of(session, monthly, ann).state == "pending"
    assert store.count_audience(session, monthly.id) == 1


def test_a_request_on_one_list_confirms_no_other(session: Session, monthly: List) -> None:
    weekly = make_list(session, "weekly")
    person = in_state(session, monthly, "pending")
    _, request = make_request(session, weekly, ANN.email, now=NOON + DAY)
    store.confirm(session, request.id, visit=READER, now=NOON + DAY)
    assert subscription_of(session, weekly, person).state == "active"
    assert subscription_of(session, monthly, person).state == "pending"


def test_who_comes_back_to_a_single_opt_in_list_is_active_at_once(session: Session) -> None:
    club = make_list(session, "club", opt_in="single")
    person = in_state(session, club, "unsubscribed")
    store.sign_up(session, club, ANN, visit=READER, now=NOON + DAY)
    found = subscription_of(session, club, person)
    assert (found.state, found.joined_at) == ("active", NOON)
    assert kinds(session) == ["added", "left", "came_back"]


def test_a_list_that_turned_to_single_opt_in_takes_who_waited(
    session: Session, monthly: List
) -> None:
    person = in_state(session, monthly, "pending")
    store.edit_list(session, monthly, opt_in="single")
    store.sign_up(session, monthly, ANN, visit=READER, now=NOON)
    assert subscription_of(session, monthly, person).state == "active"


def test_three_letters_without_an_answer_are_all_until_the_last_one_is_answered(
    session: Session, monthly: List
) -> None:
    """S-2: the third letter still works a year later, and its answer opens the form again."""
    for day in range(3):
        person, request = make_request(session, monthly, ANN.email, now=NOON + day * DAY)
    later = NOON + 365 * DAY
    assert store.sign_up(session, monthly, ANN, visit=READER, now=later) is None
    store.confirm(session, request.id, visit=READER, now=later)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=later)
    assert store.sign_up(session, monthly, ANN, visit=READER, now=later)


def test_the_limit_of_one_address_is_not_the_limit_of_another(
    session: Session, monthly: List
) -> None:
    """# S-2"""
    make_request(session, monthly, "bob@example.com")
    assert store.sign_up(session, monthly, ANN, visit=READER, now=NOON)


@pytest.mark.parametrize("state", ["pending", "paused", "unsubscribed"])
def test_an_admin_makes_anybody_active_with_one_line_of_evidence(
    session: Session, monthly: List, state: str
) -> None:
    in_state(session, monthly, state)
    before = kinds(session)
    for _ in range(2):
        added = store.add(session, monthly, ANN, visit=ADMIN, now=NOON + DAY)
        assert added.state == "active"
    assert kinds(session) == [*before, "added"]
