"""The audience: who gets the next issue, and who is found by a few letters."""

from collections.abc import Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from subscribers import store
from subscribers.database import Database
from subscribers.models import List, SuppressionReason
from tests.factories import NOON, READER, make_list, make_request, make_subscriber


def mailed(session: Session, list_: List) -> Sequence[int]:
    found = session.scalars(store.audience(list_.id)).all()
    assert store.count_audience(session, list_.id) == len(found)
    return found


def test_an_empty_list_mails_nobody(session: Session, monthly: List) -> None:
    assert mailed(session, monthly) == []


def test_only_people_who_agreed_and_are_there_are_mailed(session: Session, monthly: List) -> None:
    """One of each kind: only the active one stays."""
    active = make_subscriber(session, monthly, "active@example.com")
    make_request(session, monthly, "pending@example.com")
    paused = make_subscriber(session, monthly, "paused@example.com")
    store.pause(session, monthly.id, paused.id, visit=READER, now=NOON)
    left = make_subscriber(session, monthly, "left@example.com")
    store.unsubscribe(session, monthly.id, left.id, visit=READER, now=NOON)
    make_subscriber(session, monthly, "suppressed@example.com")
    store.suppress(session, "suppressed@example.com", SuppressionReason.BOUNCED, now=NOON)
    erased = make_subscriber(session, monthly, "erased@example.com")
    erased.email = erased.email_key = None
    make_subscriber(session, make_list(session, "weekly"), "elsewhere@example.com")
    session.flush()
    assert mailed(session, monthly) == [active.id]


def test_an_erased_person_neither_slips_through_nor_hides_somebody(
    session: Session, monthly: List
) -> None:
    """Comparing with NULL must not let a row slip through, nor hide another's."""
    make_subscriber(session, monthly, "ann@example.com")
    erased = make_subscriber(session, monthly, "erased@example.com")
    erased.email = erased.email_key = None
    session.flush()
    store.suppress(session, "somebody@example.com", SuppressionReason.MANUAL, now=NOON)
    assert erased.id not in mailed(session, monthly)
    assert len(mailed(session, monthly)) == 1


def test_the_same_person_on_two_lists_is_mailed_once_by_each(
    session: Session, monthly: List
) -> None:
    weekly = make_list(session, "weekly")
    person = make_subscriber(session, monthly, "ann@example.com")
    again = make_subscriber(session, weekly, "ANN@example.com")
    assert again.id == person.id
    assert mailed(session, monthly) == mailed(session, weekly) == [person.id]


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        ("ann", ["ann@example.com", "anna@example.com"]),
        ("ANN@", ["ann@example.com"]),
        ("a_n", []),
        ("a%", []),
        ("", ["a-b@example.com", "ann@example.com", "anna@example.com", "bob@example.com"]),
        ("zoë", []),
    ],
)
def test_people_are_found_by_how_their_address_begins(
    session: Session, monthly: List, prefix: str, found: list[str]
) -> None:
    for email in ("bob@example.com", "anna@example.com", "Ann@Example.com", "a-b@example.com"):
        make_subscriber(session, monthly, email)
    assert [one.email_key for one in store.search(session, prefix, limit=9)] == found


def test_a_search_finds_no_more_than_asked_for(session: Session, monthly: List) -> None:
    for number in range(5):
        make_subscriber(session, monthly, f"a{number}@example.com")
    keys = [one.email_key for one in store.search(session, "a", limit=2)]
    assert keys == ["a0@example.com", "a1@example.com"]


def test_a_search_goes_on_after_an_address(session: Session, monthly: List) -> None:
    for number in range(5):
        make_subscriber(session, monthly, f"a{number}@example.com")
    make_subscriber(session, monthly, "b@example.com")
    pages, last = [], ""
    while page := [one.email_key for one in store.search(session, "a", limit=2, after=last)]:
        pages.append([key and key[:2] for key in page])
        last = page[-1] or ""
    assert pages == [["a0", "a1"], ["a2", "a3"], ["a4"]]
    # An address before all that are looked for begins at the first of them.
    assert [one.email for one in store.search(session, "b", limit=2, after="a")] == [
        "b@example.com"
    ]


def test_the_people_of_a_segment_come_page_by_page(session: Session, monthly: List) -> None:
    for number in range(3):
        make_subscriber(session, monthly, f"a{number}@example.com")
    left = make_subscriber(session, monthly, "a9@example.com")
    store.unsubscribe(session, monthly.id, left.id, visit=READER, now=NOON)
    first = store.sample_audience(session, monthly.id, limit=2)
    then = store.sample_audience(session, monthly.id, limit=2, after=first[-1].email_key or "")
    assert [one.email for one in (*first, *then)] == [f"a{at}@example.com" for at in range(3)]


def test_a_search_is_answered_by_the_index(database: Database) -> None:
    """With a million people it must not read them all: no index fits a language's order."""
    question = " SELECT id FROM subscriber WHERE email_key >= 'a' AND email_key < 'b'"
    plan = ("EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN") + question
    with database.read() as session:
        if not database.is_sqlite:
            session.execute(text("SET LOCAL enable_seqscan = off"))
        told = " ".join(str(row) for row in session.execute(text(plan)))
    assert "email_key" in told
    assert "SEARCH" in told or "Index Cond" in told


def test_an_unknown_address_is_nobody(session: Session, monthly: List) -> None:
    make_subscriber(session, monthly, "ann@example.com")
    assert store.find(session, "bob@example.com") is None
