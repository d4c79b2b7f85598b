"""A wrong link in a mail that is out: led elsewhere from one row, and nowhere but to a web page."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.errors import IssueError
from newsletter.hits import Targets
from newsletter.models import Issue
from subscribers.database import Database
from tests.factories import DAY, NOON
from tests.newsletter.events.rows import LINKS
from tests.newsletter.reports.rows import november

NEW = "https://site.example/harbour-2"


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """Give a session in which issue 1 went out with four links."""
    with database.begin() as opened:
        november(opened)
        yield opened


def repoint(session: Session, number: int, url: str) -> None:
    issue = session.get_one(Issue, 1)
    issues.repoint(session, issue, number, url, who="cli:ada", now=NOON + DAY)


def test_the_link_leads_there_and_the_log_says_from_where(
    session: Session, database: Database
) -> None:
    repoint(session, 1, NEW)
    issue = session.get_one(Issue, 1)
    assert [link.url for link in issues.links_of(issue)][:2] == [
        NEW,
        "https://site.example/harbour#more",
    ]
    (step,) = [one for one in issues.steps(session, issue) if one.step == "repointed"]
    assert (step.who, step.detail) == ("cli:ada", f"link 1: https://site.example/harbour → {NEW}")
    session.commit()
    assert Targets(database, LINKS).find(1).targets[1] == NEW


def test_the_same_post_is_the_same_issue_after_it(session: Session) -> None:
    """What was tested and frozen keeps its name: sending it again does nothing."""
    before = session.get_one(Issue, 1).content_hash
    repoint(session, 1, NEW)
    assert session.get_one(Issue, 1).content_hash == before


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example/",
        "/relative",
        "https://",
        "https:///evil.example",
        "https://site.example@evil.example/",
        "https://site.example/\r\nSet-Cookie: a=b",
        "https://site.example/a b",
        "https://site.example\\@evil.example/",
        "https://[::1/",
        "https://site.example:99999/",
        "mailto:ada@site.example",
        "https://site.example/" + "a" * 2_000,
        "",
    ],
)
def test_what_is_no_page_of_the_web_is_refused(session: Session, url: str) -> None:
    """# S-7"""
    before = list(session.get_one(Issue, 1).links)
    with pytest.raises(IssueError):
        repoint(session, 1, url)
    assert session.get_one(Issue, 1).links == before


@pytest.mark.parametrize(
    ("number", "columns", "why"),
    [
        (9, {}, "has no link 9"),
        (4, {}, "says its own address"),
        (1, {"click_tracking": "off"}, "hold the addresses themselves"),
        (1, {"started_at": None}, "has not begun"),
    ],
)
def test_a_link_that_does_not_lead_through_us_cannot_be_turned(
    session: Session, number: int, columns: dict[str, str | None], why: str
) -> None:
    issue = session.get_one(Issue, 1)
    for name, value in columns.items():
        setattr(issue, name, value)
    session.flush()
    with pytest.raises(IssueError, match=why):
        repoint(session, number, NEW)
