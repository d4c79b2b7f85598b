"""Nothing leaves before it can be read: post, pictures, and the page behind the goodbye link."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from newsletter import dispatcher, issues
from newsletter.app import App
from newsletter.fetch import Network
from newsletter.message import RenderedEmail
from newsletter.models import Issue, StoredAsset
from newsletter.slots import slot
from newsletter.web.server import serve
from newsletter.worker.live import look_whether_live
from newsletter.worker.tick import idle
from tests.doubles.web_pages import Pages, web_pages
from tests.newsletter.house import (
    EMAIL,
    NOON,
    add_people,
    open_house,
    state,
    steps,
    write_draft,
)
from tests.newsletter.receiver import Receiver
from tests.ports import free_port

MINUTE = timedelta(minutes=1)
# Everything is on this machine, whatever its name; only a name that says so is private.
NETWORK = Network(
    resolve=lambda host, _: ["10.0.0.1" if host == "intranet.example" else "127.0.0.1"],
    may_reach=lambda address: str(address) == "127.0.0.1",
    timeout=20,
)
Make = Callable[..., App]


@pytest.fixture
def site() -> Iterator[Pages]:
    with web_pages() as pages:
        pages.pages |= {"/november/": 200, "/cover.jpg": 200}
        yield pages


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def app(database_url: str, tmp_path: Path, port: int) -> Iterator[App]:
    """Open a house that serves its pages at its public address, as long as the test runs."""
    receiver = Receiver(tmp_path / "book")
    opened = open_house(database_url, tmp_path, receiver, public_url=f"http://127.0.0.1:{port}")
    handle = serve(opened, host="127.0.0.1", port=port)
    yield opened
    handle.stop()
    opened.database.close()


def email(site: Pages) -> RenderedEmail:
    """Return an email with a picture of our own and one that the site serves."""
    pictures = f'<img alt="" src="{slot("asset/c0ffee.png")}"><img src="{site.url("site.example", "/cover.jpg")}">'
    return replace(EMAIL, html=pictures + EMAIL.html)


def scheduled(app: App, site: Pages, *, at: datetime = NOON, host: str = "site.example") -> int:
    with app.database.begin() as session:
        session.add(StoredAsset(name="c0ffee.png", media_type="image/png", data=b"PNG"))
    list_id = add_people(app, 3)
    number = write_draft(app, list_id, email=email(site)).issue.id
    with app.database.begin() as session:
        issue = session.get_one(Issue, number)
        issue.web_url = site.url(host, "/november/")
        issues.schedule(
            session, issue, at=at, who="editor", now=NOON, no_test=True, live_check=True
        )
    return number


def look(app: App, after: timedelta = timedelta()) -> int:
    return look_whether_live(app, NOON + after, NETWORK)


def begin(app: App, after: timedelta = timedelta()) -> int:
    return dispatcher.start_due(app.database, size=10, who="worker", now=NOON + after)


def why(app: App, issue: int) -> str:
    with app.database.read() as session:
        return issues.steps(session, session.get_one(Issue, issue))[-1].detail


def hold(app: App, issue: int) -> str:
    with app.database.read() as session:
        row = session.get_one(Issue, issue)
        return f"{row.state} {row.hold_reason}".strip()


def test_an_issue_starts_when_everything_it_shows_was_found(app: App, site: Pages) -> None:
    scheduled(app, site)
    assert begin(app) == 0
    assert look(app) == 1
    assert begin(app) == 1
    assert sorted({one.path for one in site.asked}) == ["/cover.jpg", "/november/"]


def test_what_is_not_online_yet_holds_it_and_it_goes_on_by_itself(app: App, site: Pages) -> None:
    site.pages["/november/"] = 404
    issue = scheduled(app, site)
    look(app)
    assert hold(app, issue) == "paused not-live"
    assert why(app, issue) == f"not-live: {site.url('site.example', '/november/')} answers 404"
    assert look(app, MINUTE / 2) == 0
    assert look(app, MINUTE) == 1
    assert hold(app, issue) == "paused not-live"
    site.pages["/november/"] = 200
    assert look(app, 2 * MINUTE) == 1
    assert begin(app, 2 * MINUTE) == 1
    assert [step for step, _ in steps(app, issue)][2:] == ["pause", "resume", "start"]


@pytest.mark.parametrize(
    ("page", "answer", "told"),
    [
        ("/cover.jpg", 410, "answers 410"),
        ("/cover.jpg", 500, "answers 500"),
        (
            "/november/",
            "http://intranet.example/",
            "cannot be read: its host has a private address",
        ),
        ("/november/", "/november/", "cannot be read: it redirects more than 3 times"),
    ],
)
def test_whatever_a_reader_could_not_see_is_named(
    app: App, site: Pages, page: str, answer: int | str, told: str
) -> None:
    site.pages[page] = answer
    issue = scheduled(app, site)
    look(app)
    assert why(app, issue) == f"not-live: {site.url('site.example', page)} {told}"


def test_a_picture_of_ours_that_is_gone_holds_it(app: App, site: Pages) -> None:
    issue = scheduled(app, site)
    with app.database.begin() as session:
        session.delete(session.get_one(StoredAsset, "c0ffee.png"))
    look(app)
    assert why(app, issue) == f"not-live: {app.links.asset('c0ffee.png')} answers 404"


def test_an_address_that_leads_to_another_database_holds_it(
    app: App, site: Pages, tmp_path: Path
) -> None:
    """The pages answer, with our keys even: but goodbyes there would be lost."""
    other = f"sqlite:///{tmp_path / 'other.db'}"
    book = Receiver(tmp_path / "book")
    here = open_house(other, tmp_path, book, public_url=app.settings.public_url)
    issue = scheduled(here, site)
    look(here)
    assert why(here, issue).endswith("is that of another house or database")
    here.database.close()


def test_an_address_at_which_nobody_answers_holds_it(
    database_url: str, tmp_path: Path, site: Pages, port: int
) -> None:
    url = f"http://127.0.0.1:{port}"
    app = open_house(database_url, tmp_path, Receiver(tmp_path / "book"), public_url=url)
    issue = scheduled(app, site)
    look(app)
    assert why(app, issue).startswith(f"not-live: the unsubscribe page at {url} cannot be read")
    app.database.close()


def test_a_goodbye_page_behind_a_redirect_holds_it(
    database_url: str, tmp_path: Path, site: Pages
) -> None:
    """RULES U-1: a mail client's one click follows no redirect."""
    public = site.url("127.0.0.1", "")
    app = open_house(database_url, tmp_path, Receiver(tmp_path / "book"), public_url=public)
    issue = scheduled(app, site)
    site.otherwise = "https://elsewhere.example/"
    look(app)
    assert why(app, issue).endswith("cannot be read: it redirects to https://elsewhere.example/")
    app.database.close()


def test_who_resumes_it_sends_it_whether_or_not_it_is_live(app: App, site: Pages) -> None:
    site.pages.clear()
    issue = scheduled(app, site)
    look(app)
    with app.database.begin() as session:
        issues.resume(session, session.get_one(Issue, issue), who="editor", now=NOON)
    assert look(app, MINUTE) == 0
    assert begin(app) == 1


def test_an_issue_is_looked_at_when_it_is_due_and_not_when_it_is_late(
    app: App, site: Pages
) -> None:
    issue = scheduled(app, site, at=NOON + MINUTE)
    assert look(app) == 0
    late = timedelta(hours=2)
    assert look(app, late) == 0
    assert begin(app, late) == 0
    assert hold(app, issue) == "paused late"
    assert not site.asked


def test_a_worker_that_is_to_end_waits_a_quarter_of_an_hour_for_the_site(
    app: App, site: Pages
) -> None:
    site.pages.clear()
    scheduled(app, site)
    look(app)
    with app.database.read() as session:
        assert not idle(session, NOON + 14 * MINUTE)
        assert idle(session, NOON + 15 * MINUTE)


def test_without_the_check_nothing_is_asked(app: App, site: Pages) -> None:
    issue = scheduled(app, site)
    with app.database.begin() as session:
        session.get_one(Issue, issue).is_live = True
    assert look(app) == 0
    assert begin(app) == 1
    assert state(app, issue) == "sending"
    assert not site.asked
