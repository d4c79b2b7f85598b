"""Whether somebody still wants a list: who is asked, how they answer, and that nobody is removed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from newsletter import letters
from newsletter.errors import SettingsError
from newsletter.models import Letter, LetterBody, LetterKind
from subscribers import store
from subscribers.database import Database
from subscribers.models import Consent, List, Subscriber, Subscription
from tests.factories import DAY, NOON, READER, make_list
from tests.newsletter.reports.rows import named, readers, send_issue

LATER = NOON + 100 * DAY
RECENT = LATER - 5 * DAY


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """Give a session in which five people who agreed to be counted got three issues."""
    with database.begin() as opened:
        list_ = make_list(
            opened, click_tracking="individual", open_tracking="individual", ask_after=90
        )
        people = readers(opened, list_, 5)
        opened.execute(update(Subscription).values(tracking_consent=True, joined_at=NOON - DAY))
        for month in (1, 2, 3):
            at = NOON + month * 30 * DAY
            send_issue(opened, list_, people, key=f"{month}", at=at, mode="individual")
        yield opened


def list_of(session: Session) -> List:
    return session.scalars(select(List)).one()


def asked(session: Session) -> list[int]:
    """Return the places of those who would be asked."""
    first = min(session.scalars(select(Subscriber.id)))
    return sorted(one - first for one in letters.silent(session, list_of(session), LATER))


def test_who_followed_a_link_joined_answered_or_was_asked_lately_is_left_in_peace(
    session: Session,
) -> None:
    """# M-2: an open is no sign of life, and a machine's click is none either."""
    assert asked(session) == [0, 1, 2, 3, 4]
    from newsletter.models import Issue

    issue = session.scalars(select(Issue)).all()[-1]
    people = session.scalars(select(Subscriber.id).order_by(Subscriber.id)).all()
    named(session, issue, people[0], 1, "unknown", at=RECENT)
    named(session, issue, people[1], 1, "machine", at=RECENT)
    named(session, issue, people[1], 0, "person", at=RECENT)
    session.execute(
        update(Subscription).where(Subscription.subscriber_id == people[2]).values(joined_at=RECENT)
    )
    store.stay(session, issue.list_id, people[3], visit=READER, now=RECENT)
    assert asked(session) == [1, 4]
    session.add(LetterBody(hash="body", subject="x", html="x", text="x"))
    session.flush()
    letters.ask(session, list_of(session), [people[4]], "body", now=RECENT)
    assert asked(session) == [1]
    kinds = session.execute(select(Letter.kind, Letter.subscriber_id)).all()
    assert [tuple(row) for row in kinds] == [(LetterKind.STILL_WANT, people[4])]


def test_of_whom_nothing_can_be_known_nobody_asks(session: Session) -> None:
    """# L-1"""
    session.execute(update(Subscription).values(tracking_consent=None))
    assert asked(session) == []


def test_two_issues_are_no_chance_to_show_oneself(session: Session) -> None:
    store.edit_list(session, list_of(session), ask_after=60)
    assert asked(session) == []


@pytest.mark.parametrize(
    ("columns", "why"),
    [({"ask_after": 0}, "asks nobody"), ({"click_tracking": "aggregate"}, "counts nobody by name")],
)
def test_a_list_that_does_not_ask_or_cannot_know_says_so(
    session: Session, columns: dict[str, object], why: str
) -> None:
    store.edit_list(session, list_of(session), **columns)
    with pytest.raises(SettingsError, match=why):
        asked(session)


def test_a_yes_is_evidence_and_a_sign_of_life_and_undoes_no_goodbye(session: Session) -> None:
    list_id, person = list_of(session).id, session.scalars(select(Subscriber.id)).first()
    assert person
    assert store.stay(session, list_id, person, visit=READER, now=RECENT)
    store.engaged(session, {person: RECENT - timedelta(days=1)})
    line = session.scalars(select(Consent).where(Consent.kind == "stays")).one()
    assert (line.subscriber_id, line.at) == (person, RECENT)
    alive = select(Subscriber.last_engaged_at).where(Subscriber.id == person)
    assert session.scalar(alive) == RECENT
    store.unsubscribe(session, list_id, person, visit=READER, now=RECENT)
    assert store.stay(session, list_id, person, visit=READER, now=LATER) is None
    assert session.get_one(Subscription, (list_id, person)).state == "unsubscribed"
