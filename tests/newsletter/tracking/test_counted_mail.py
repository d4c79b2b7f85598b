"""What is counted stands in the mails as the list said when the issue was scheduled."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from newsletter import issues
from newsletter.app import App
from newsletter.links import Reading
from newsletter.message import Link
from newsletter.models import Issue
from newsletter.slots import slot
from newsletter.tracking import READING
from newsletter.worker.local import run
from subscribers import store
from subscribers.database import now
from subscribers.models import List, Subscription
from tests.newsletter.house import EMAIL, add_people, open_house, subscriber_id, write_draft
from tests.newsletter.receiver import Receiver

LINKED = replace(
    EMAIL,
    html=f'<body><a href="{slot("link/1")}">Read</a></body>',
    text=f"[1] <{slot('link/1')}>",
    links=(Link(1, "https://site.example/story", "Read", 1),),
)


@pytest.fixture
def receiver(tmp_path: Path) -> Receiver:
    return Receiver(tmp_path / "book")


@pytest.fixture
def app(tmp_path: Path, receiver: Receiver) -> Iterator[App]:
    opened = open_house(f"sqlite:///{tmp_path / 'newsletter.db'}", tmp_path, receiver)
    yield opened
    opened.database.close()


def sent(app: App, **columns: str) -> int:
    """Send an issue of a list with these modes to two people, of whom the first agreed."""
    list_id = add_people(app, 2)
    with app.database.begin() as session:
        store.edit_list(session, session.get_one(List, list_id), **columns)
        agreed = Subscription.subscriber_id == subscriber_id(app, 1)
        session.execute(update(Subscription).where(agreed).values(tracking_consent=True))
    number = write_draft(app, list_id, email=LINKED).issue.id
    with app.database.begin() as session:
        issue = session.get_one(Issue, number)
        issues.schedule(session, issue, who="editor", now=now(), no_test=True)
        # What the list says from now on is of no consequence for this issue.
        store.edit_list(session, session.get_one(List, list_id), click_tracking="off")
    run(app, until_idle=True)
    return number


def test_a_new_list_counts_in_aggregate(app: App, receiver: Receiver) -> None:
    """# L-1: the same mail for everybody."""
    token = app.links.reading_token(Reading(sent(app)))
    (email,) = receiver.emails
    assert f'href="http://127.0.0.1:8025/c/1/{token}"' in email.html
    assert f'src="http://127.0.0.1:8025/o/{token}"' in email.html
    assert "https://site.example/story" in email.text
    assert all(READING not in envelope.values for envelope in receiver.envelopes)


def test_by_name_is_counted_who_agreed_and_nobody_else(app: App, receiver: Receiver) -> None:
    """# L-1"""
    number = sent(app, click_tracking="individual")
    readings = {
        envelope.address: app.links.read_reading(envelope.values[READING])
        for envelope in receiver.envelopes
    }
    assert readings == {
        "reader00001@readers.example": Reading(number, subscriber_id(app, 1)),
        "reader00002@readers.example": Reading(number),
    }


def test_off_leaves_the_mail_as_its_author_wrote_it(app: App, receiver: Receiver) -> None:
    """# M-3"""
    sent(app, click_tracking="off", open_tracking="off")
    assert receiver.emails[0].html == '<body><a href="https://site.example/story">Read</a></body>'
