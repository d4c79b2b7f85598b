"""Being counted by name: asked apart, kept as the person's answer, taken back with evidence."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from subscribers import store
from subscribers.errors import ListRefused, NotFound
from subscribers.models import Consent, ConsentKind, List, Subscriber
from tests.factories import NOON, READER, make_list, make_subscriber, subscription_of

QUESTION = "Count what I open and click."


def answers(session: Session, list_: List, person: Subscriber, *, allowed: bool) -> None:
    store.set_tracking(
        session,
        list_.id,
        person.id,
        allowed=allowed,
        wording=QUESTION,
        visit=READER,
        now=NOON,
    )


def lines(session: Session) -> list[Consent]:
    kinds = (ConsentKind.TRACKING_ALLOWED, ConsentKind.TRACKING_WITHDRAWN)
    told = select(Consent).where(Consent.kind.in_(kinds)).order_by(Consent.id)
    return list(session.scalars(told))


def test_nobody_has_agreed_before_they_are_asked(session: Session, monthly: List) -> None:
    """RULES L-1."""
    person = make_subscriber(session, monthly)
    assert subscription_of(session, monthly, person).tracking_consent is None
    answers(session, monthly, person, allowed=False)
    assert lines(session) == []


def test_a_yes_is_kept_with_the_question_that_was_shown(session: Session, monthly: List) -> None:
    person = make_subscriber(session, monthly)
    answers(session, monthly, person, allowed=True)
    answers(session, monthly, person, allowed=True)
    assert subscription_of(session, monthly, person).tracking_consent is True
    (line,) = lines(session)
    assert (line.kind, line.wording, line.actor) == ("tracking_allowed", QUESTION, "self")
    assert "agreed to be counted by name" in store.story(session, person.email_key or "")[-2]


def test_a_yes_can_be_taken_back(session: Session, monthly: List) -> None:
    person = make_subscriber(session, monthly)
    answers(session, monthly, person, allowed=True)
    answers(session, monthly, person, allowed=False)
    assert subscription_of(session, monthly, person).tracking_consent is False
    assert [line.kind for line in lines(session)] == ["tracking_allowed", "tracking_withdrawn"]


def test_erasing_takes_the_answer_away(session: Session, monthly: List) -> None:
    person = make_subscriber(session, monthly)
    answers(session, monthly, person, allowed=True)
    store.erase(session, person, actor="self", now=NOON)
    assert subscription_of(session, monthly, person).tracking_consent is None


def test_a_list_asks_only_when_it_counts_by_name(session: Session, monthly: List) -> None:
    assert not store.asks_for_tracking(monthly)
    assert store.asks_for_tracking(make_list(session, "b", open_tracking="individual"))
    assert not store.asks_for_tracking(make_list(session, "c", click_tracking="aggregate"))


def test_an_unknown_mode_is_refused(session: Session, monthly: List) -> None:
    with pytest.raises(ListRefused, match="off, aggregate or individual"):
        store.edit_list(session, monthly, click_tracking="everything")


def test_who_is_not_on_the_list_cannot_answer(session: Session, monthly: List) -> None:
    person = make_subscriber(session, monthly)
    with pytest.raises(NotFound):
        answers(session, make_list(session, "other"), person, allowed=True)
