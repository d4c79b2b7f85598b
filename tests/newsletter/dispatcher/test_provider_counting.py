"""Clicks and opens left to the provider: who agreed in calls of their own, and nothing of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, update

from newsletter import issues
from newsletter.app import App
from newsletter.errors import IssueError
from newsletter.message import Link, RenderedEmail
from newsletter.models import Issue, SentDay
from newsletter.providers.protocol import Provider
from newsletter.rehearsal import send_test
from newsletter.slots import slot
from subscribers import store
from subscribers.address import parse
from subscribers.models import List, Subscription
from tests.doubles.sendgrid_counting import Tracked, has_pixel, tracked
from tests.doubles.sendgrid_mail import Accepted
from tests.doubles.sendgrid_server import Fault, SendGridDouble
from tests.newsletter.house import (
    EMAIL,
    NOON,
    add_people,
    address,
    batches,
    claimed,
    drain,
    open_house,
    start,
    state,
    subscriber_id,
    write_draft,
)
from tests.newsletter.providers.at_sendgrid import sendgrid
from tests.newsletter.receiver import Receiver

STORY = "https://site.example/story?a=1&b=2"
LINKED = RenderedEmail(
    sender=EMAIL.sender,
    subject="Nine stories",
    html=(
        f'<body><a href="{slot("archive")}">online</a><a class="x" href="{slot("link/1")}">One</a>'
        f'<a style="a:\'>\'" href="{slot("link/2")}">https://site.example/plain</a>'
        f'<A title="> href=" HREF="{slot("link/1")}">One again</A>'
        f'<a href="{slot("unsubscribe")}">leave</a><a href="{slot("preferences")}">choose</a>'
        '<a href="https://ledger.example/privacy/">privacy</a></body>'
    ),
    text=f"[1] <{slot('link/1')}> {slot('unsubscribe')}",
    links=(
        Link(1, STORY, "One", 1),
        Link(2, "https://site.example/plain", "https://site.example/plain", 1),
    ),
)
OFF = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
    "ganalytics": {"enable": False},
}
BY_NAME = {"click_tracking": "individual", "open_tracking": "individual", "counted_by": "provider"}


@pytest.fixture
def double() -> Iterator[SendGridDouble]:
    with SendGridDouble(may_count=True) as running:
        yield running
        assert running.problems == []


@pytest.fixture
def app(database_url: str, tmp_path: Path, double: SendGridDouble) -> Iterator[App]:
    opened = open_house(database_url, tmp_path, sendgrid(double))
    yield opened
    opened.database.close()


@contextmanager
def again(app: App, folder: Path, provider: Provider, **settings: Any) -> Iterator[App]:
    """Open the same house with another provider or other settings."""
    url = app.database.engine.url.render_as_string(hide_password=False)
    opened = open_house(url, folder, provider, **settings)
    yield opened
    opened.database.close()


def agree(app: App, *numbers: int, allowed: bool = True) -> None:
    people = [subscriber_id(app, number) for number in numbers]
    with app.database.begin() as session:
        session.execute(
            update(Subscription)
            .where(Subscription.subscriber_id.in_(people))
            .values(tracking_consent=allowed)
        )


def scheduled(app: App, people: int, *agreed: int, **columns: Any) -> int:
    """Schedule an issue of a list that leaves counting to its provider; some of its people agreed."""
    list_id = add_people(app, people)
    with app.database.begin() as session:
        store.edit_list(session, session.get_one(List, list_id), **(BY_NAME | columns))
    agree(app, *agreed)
    number = write_draft(app, list_id, email=LINKED).issue.id
    with app.database.begin() as session:
        issue = session.get_one(Issue, number)
        issues.schedule(session, issue, who="editor", now=NOON, no_test=True)
        # What the list says from now on is of no consequence for this issue.
        store.edit_list(
            session, session.get_one(List, list_id), counted_by="own", click_tracking="aggregate"
        )
    return number


def calls(double: SendGridDouble) -> list[tuple[bool, list[str]]]:
    """Return of each call whether SendGrid counts in it, and to whom it went."""
    found: dict[int, list[Accepted]] = {}
    for one in double.accepted:
        found.setdefault(one.request, []).append(one)
    return [(has_pixel(those[0]), [one.to for one in those]) for _, those in sorted(found.items())]


def test_who_agreed_is_counted_by_sendgrid_and_the_others_are_in_a_call_that_counts_nothing(
    app: App, double: SendGridDouble
) -> None:
    """# SG-5, L-1"""
    scheduled(app, 5, 2, 3)
    start(app)
    drain(app)
    others = [address(1), address(4), address(5)]
    assert sorted(calls(double)) == [(False, others), (True, [address(2), address(3)])]
    by_name = {one.to: one.shared["tracking_settings"] for one in double.accepted}
    assert by_name[address(1)] == OFF
    assert by_name[address(2)] == OFF | {
        "click_tracking": {"enable": True, "enable_text": False},
        "open_tracking": {"enable": True},
    }
    assert len(double.to) == len(set(double.to)) == 5


def test_only_counted_links_lead_through_sendgrid_and_none_through_us(
    app: App, double: SendGridDouble
) -> None:
    """# SG-5, M-3: every other link says so before its address, and nothing of ours counts."""
    scheduled(app, 2, 1)
    start(app)
    drain(app)
    mails = {one.to: one for one in double.accepted}
    counted, plain = mails[address(1)], mails[address(2)]
    assert tracked(counted) == [Tracked(STORY, 0), Tracked(STORY, 1)]
    assert counted.html.count(" clicktracking=off") == 5
    assert "clicktracking=off href" in counted.html.lower()
    assert "clicktracking" not in plain.html
    for mail in (counted, plain):
        for ours in ("/c/", "/o/", "<img"):
            assert ours not in mail.html + mail.text
        assert 'href="https://site.example/story?a=1&amp;b=2"' in mail.html.replace("HREF", "href")
    counted_twin = counted.html.replace(" clicktracking=off", "").replace(
        counted.headers["List-Unsubscribe"].split("/u/")[1].split(">")[0], "TOKEN"
    )
    assert counted_twin == plain.html.replace(
        plain.headers["List-Unsubscribe"].split("/u/")[1].split(">")[0], "TOKEN"
    )


@pytest.mark.parametrize(
    ("columns", "clicks", "opens"),
    [
        ({"click_tracking": "off"}, (False, False), True),
        ({"open_tracking": "off"}, (True, False), False),
    ],
)
def test_sendgrid_counts_what_the_list_counts_and_no_more(
    app: App, double: SendGridDouble, columns: dict[str, Any], clicks: Any, opens: bool
) -> None:
    """# SG-5: and nothing in a text, where it would count the link to leave by too."""
    scheduled(app, 1, 1, **columns)
    start(app)
    drain(app)
    (mail,) = double.accepted
    said = mail.shared["tracking_settings"]
    assert tuple(said["click_tracking"].values()) == clicks
    assert said["open_tracking"] == {"enable": opens}
    assert ("clicktracking=off" in mail.html) is clicks[0]


def test_who_takes_it_back_before_the_call_is_not_counted_and_nobody_is_lost(
    app: App, double: SendGridDouble
) -> None:
    """# L-1: a batch that was all of one mind is parted when it is claimed."""
    scheduled(app, 6, 1, 2, 3, 4)
    start(app, 3)
    agree(app, 2, allowed=False)
    drain(app)
    assert sorted(double.to) == [address(number) for number in range(1, 7)]
    assert {one for counts, those in calls(double) if counts for one in those} == {
        address(number) for number in (1, 3, 4)
    }


def test_most_batches_are_of_one_mind_when_they_are_made(app: App, double: SendGridDouble) -> None:
    scheduled(app, 8, 2, 4, 6, 8)
    start(app, 2)
    drain(app)
    assert [(state_, size, parent) for _, state_, size, _, parent in batches(app)] == [
        ("submitted", 2, None)
    ] * 4


def test_who_is_parted_off_is_paid_for_once(
    app: App, double: SendGridDouble, tmp_path: Path
) -> None:
    """The day's quota counts a person once, in whichever batch they end."""
    scheduled(app, 6, 1, 2)
    with again(app, tmp_path, sendgrid(double), daily_quota=1000) as limited:
        start(limited, 100)
        drain(limited)
    assert len(double.to) == 6
    with app.database.read() as session:
        assert session.scalars(select(SentDay.issues)).all() == [6]


def test_a_lost_answer_leaves_only_that_call_in_doubt(app: App, double: SendGridDouble) -> None:
    """# R-2: the others, parted off before, go out once."""
    number = scheduled(app, 4, 1, 2)
    start(app, 100)
    double.plan(Fault(breaks="reset", takes=True))
    drain(app)
    with app.database.read() as session:
        seen = issues.progress(session, session.get_one(Issue, number))
    assert (seen.in_doubt, seen.submitted + seen.pending) == (2, 2)
    assert len(double.to) == len(set(double.to))


def test_a_claim_says_whether_all_of_it_agreed(app: App) -> None:
    scheduled(app, 4, 1, 2, 3)
    start(app, 100)
    first, second = claimed(app), claimed(app)
    assert {(one.counted, len(one.people)) for one in (first, second)} == {(True, 3), (False, 1)}
    assert all(
        one.counted is all(person.counted for person in one.people) for one in (first, second)
    )


def test_a_provider_that_cannot_count_holds_the_issue_and_mails_nobody(
    app: App, double: SendGridDouble, tmp_path: Path
) -> None:
    number = scheduled(app, 2, 1)
    start(app)
    receiver = Receiver(tmp_path / "book")
    with again(app, tmp_path, receiver) as elsewhere:
        drain(elsewhere)
    assert state(app, number) == "paused"
    with app.database.read() as session:
        assert (
            "receiver counts none"
            in issues.steps(session, session.get_one(Issue, number))[-1].detail
        )
    assert receiver.envelopes == []


def test_a_test_mail_is_counted_by_nobody_and_refused_where_the_provider_cannot(
    app: App, double: SendGridDouble, tmp_path: Path
) -> None:
    number = scheduled(app, 1, 1)
    with app.database.read() as session:
        issue = session.get_one(Issue, number)
    editor = [parse("editor@ledger.example")]
    send_test(app, issue, editor, who="editor", now=NOON)
    assert double.accepted[0].shared["tracking_settings"] == OFF
    assert "clicktracking" not in double.accepted[0].html
    with (
        again(app, tmp_path, Receiver(tmp_path / "book")) as elsewhere,
        pytest.raises(IssueError, match="receiver counts none"),
    ):
        send_test(elsewhere, issue, editor, who="editor", now=NOON)


def test_who_takes_it_back_while_their_batch_is_claimed_takes_the_others_along(
    migrated_postgres_url: str, tmp_path: Path, double: SendGridDouble
) -> None:
    """# L-1: between the look that parts a batch and the one that reads its people."""
    app = open_house(migrated_postgres_url, tmp_path, sendgrid(double))
    scheduled(app, 2, 1, 2)
    start(app)
    looks: list[str] = []

    def take_back(*given: Any) -> None:
        if "coalesce(subscription.tracking_consent" in given[2] and not looks:
            looks.append(given[2])
            agree(app, 2, allowed=False)

    event.listen(app.database.engine, "after_cursor_execute", take_back)
    drain(app)
    event.remove(app.database.engine, "after_cursor_execute", take_back)
    app.database.close()
    assert looks
    assert calls(double) == [(False, [address(1), address(2)])]
