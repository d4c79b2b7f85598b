"""Segments by what people did: only of those who agreed, and refused where nobody can know."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from newsletter import dispatcher, engagement, issues
from newsletter.models import Delivery, DeliveryException, Issue
from newsletter.reports import roll_up
from subscribers import store
from subscribers.database import Database
from subscribers.errors import SegmentRefused
from subscribers.models import List, Subscriber, Subscription
from tests.factories import DAY, NOON, make_list
from tests.newsletter.reports.rows import PAGE, named, readers, send_issue

LATER = NOON + 90 * DAY


@pytest.fixture
def mailed(database: Database) -> None:
    """Let five people have got three issues; 0 to 3 agreed to be counted.

    0 clicked in the first issue and opened the third, 1 clicked in the third, 2's clicks are
    machines' and 3 did nothing; 4 never agreed. The third did not reach 3.
    """
    with database.begin() as opened:
        list_ = make_list(opened, click_tracking="individual", open_tracking="individual")
        people = readers(opened, list_, 5)
        opened.execute(
            update(Subscription)
            .where(Subscription.subscriber_id.in_(people[:4]))
            .values(tracking_consent=True)
        )
        issues = [
            send_issue(
                opened, list_, people, key=key, at=NOON + month * 30 * DAY, mode="individual"
            )
            for month, key in enumerate(("first", "second", "third"))
        ]
        named(opened, issues[0], people[0], 1, "person")
        named(opened, issues[2], people[0], 0, "unknown")
        named(opened, issues[2], people[1], 1, "person")
        named(opened, issues[2], people[2], 1, "machine")
        named(opened, issues[2], people[2], 0, "machine")
        named(opened, issues[2], people[4], 1, "person")
        opened.add(
            DeliveryException(
                issue_id=issues[2].id, subscriber_id=people[3], state="failed", at=NOON
            )
        )


@pytest.fixture
def session(database: Database, mailed: None) -> Iterator[Session]:
    """Give a session in which they did."""
    with database.begin() as opened:
        yield opened


def whom(session: Session, text: str, *, besides: int = 0) -> list[int]:
    """Return the places of those whom a filter means."""
    list_ = session.scalars(select(List)).one()
    condition = engagement.narrowed(session, list_, text, besides=besides)
    first = min(session.scalars(select(Subscriber.id)))
    return sorted(one - first for one in session.scalars(store.audience(list_.id, condition)))


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("clicked", [0, 1]),
        ("clicked(last 1)", [1]),
        ("clicked(last 3)", [0, 1]),
        ("opened(last 2)", [0]),
        ("opened", [0]),
        ("counted", [0, 1, 2, 3]),
        ("received(last 3)", [0, 1, 2, 4]),
        ("received(last 2) and counted and not clicked(last 2)", [0, 2]),
        ("received", [0, 1, 2, 3, 4]),
        ("not counted", [4]),
        ('not clicked and email starts "reader"', [2, 3, 4]),
    ],
)
def test_a_filter_means_those_who_did_it(session: Session, text: str, places: list[int]) -> None:
    """# M-1, L-1: machines are nobody, and who never agreed did nothing that is known."""
    assert whom(session, text) == places


def test_who_took_it_back_did_nothing_that_is_known(session: Session) -> None:
    session.execute(update(Subscription).values(tracking_consent=False))
    assert whom(session, "clicked or opened or counted") == []


def test_the_issue_that_is_sent_is_not_one_of_the_last(session: Session) -> None:
    third = session.scalars(select(Issue.id).where(Issue.key == "third")).one()
    assert whom(session, "clicked(last 2)", besides=third) == [0]


@pytest.mark.parametrize("mode", ["off", "aggregate"])
def test_where_an_issue_counted_nobody_by_name_it_is_refused_and_says_why(
    session: Session, mode: str
) -> None:
    """# L-1"""
    session.execute(update(Issue).where(Issue.key == "second").values(click_tracking=mode))
    with pytest.raises(SegmentRefused, match=f"second counts clicks `{mode}`"):
        whom(session, "tag:vip or clicked(last 2)")
    assert whom(session, "clicked(last 1)") == [1]
    assert whom(session, "opened(last 2)") == [0]
    session.execute(update(Issue).values(click_tracking=mode))
    with pytest.raises(SegmentRefused, match="no issue of ledger counts clicks by name"):
        whom(session, "clicked")


@pytest.mark.usefixtures("mailed")
def test_what_is_kept_no_more_is_refused_and_says_why(database: Database) -> None:
    roll_up(database, now=NOON + timedelta(days=91))
    with database.begin() as later:
        with pytest.raises(SegmentRefused, match="first began more than 90 days ago"):
            whom(later, "clicked(last 3)")
        assert whom(later, "clicked") == [1]
        assert whom(later, "received(last 3)") == [0, 1, 2, 4]


@pytest.mark.parametrize(
    "text", ["clicked(3)", "clicked(last 0)", "clicked(last 1.5)", "opened(first 3)", "counted(1)"]
)
def test_what_else_is_in_the_brackets_is_refused(session: Session, text: str) -> None:
    with pytest.raises(SegmentRefused, match="nothing"):
        whom(session, text)


def test_a_filter_is_told_in_words() -> None:
    told = engagement.told("received(last 3) and not clicked(last 3)")
    assert told == "received (last 3), and not (clicked (last 3))"


@pytest.mark.usefixtures("mailed")
def test_an_issue_goes_to_those_whom_the_filter_means_when_it_starts(database: Database) -> None:
    with database.begin() as session:
        first = min(session.scalars(select(Subscriber.id)))
        list_ = session.scalars(select(List)).one()
        made = issues.draft(
            session, list_, key="fourth", source="4.md", title="4", email=PAGE, who="ada", now=LATER
        ).issue
        row = session.get_one(Issue, made.id)
        issues.schedule(
            session, row, who="ada", now=LATER, no_test=True, segment="clicked(last 1) or tag:vip"
        )
    assert dispatcher.start_due(database, size=10, who="worker", now=LATER) == 1
    with database.read() as later:
        got = select(Delivery.subscriber_id).where(Delivery.issue_id == made.id)
        assert [one - first for one in later.scalars(got)] == [1]
