"""A person signs up, confirms and leaves in a real browser, by clicking what the pages offer."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from playwright.sync_api import Browser, Page

from newsletter.letters import LetterSender
from newsletter.web.server import serve
from subscribers import store
from tests.factories import NOON
from tests.newsletter.receiver import Receiver
from tests.newsletter.web.site import BEA, Site

pytestmark = pytest.mark.part("chromium")
# What a person who does not see the page is led by.
LED_BY = """() => ({
  title: document.title,
  language: document.documentElement.lang,
  main: document.querySelectorAll("main").length,
  header: document.querySelectorAll("body > header").length,
  headings: [...document.querySelectorAll("h1, h2, h3")].map((one) => Number(one.tagName[1])),
  unlabelled: [...document.querySelectorAll("input:not([type=hidden])")]
    .filter((one) => one.labels.length !== 1).length,
  twice: [...document.querySelectorAll("[id]")]
    .filter((one) => document.querySelectorAll("#" + one.id).length > 1).length,
})"""


@pytest.fixture
def base(site: Site) -> Iterator[str]:
    """Serve the pages on a socket and give their address."""
    handle = serve(site.app, host="127.0.0.1", port=0)
    yield f"http://127.0.0.1:{handle.port}"
    handle.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open an empty page of a visitor who was never here."""
    context = browser.new_context(viewport={"width": 375, "height": 800})
    yield context.new_page()
    context.close()


def letter_link(site: Site, base: str) -> str:
    """Send the letters that are due, and return the link of the last as it is served here."""
    receiver = site.app.provider
    assert isinstance(receiver, Receiver)
    sender = LetterSender(site.app.database, site.app.links, receiver, name="worker")
    while sender.send_some():
        pass
    return receiver.envelopes[-1].values["link"].replace(site.app.settings.public_url, base)


def heading(page: Page) -> str:
    """Return the page's one heading."""
    return page.locator("h1").inner_text()


def test_a_person_signs_up_confirms_pauses_and_leaves(site: Site, base: str, page: Page) -> None:
    """# U-2, U-3 and U-6: journey B and C as a person walks them, without a script of ours."""
    with time_machine.travel(NOON, tick=True) as clock:
        page.goto(base)
        page.get_by_role("link", name="Subscribe").click()
        page.get_by_label("Email address").fill(BEA)
        page.get_by_label("Name").fill("Bea")
        clock.shift(timedelta(seconds=10))
        page.get_by_role("button", name="Subscribe").click()
        assert heading(page) == "Almost there"

        page.goto(letter_link(site, base))
        with site.app.database.read() as session:
            found = store.find(session, BEA)
        assert found
        assert site.state(found.id) == "pending"
        page.get_by_role("button", name="Yes, subscribe me").click()
        assert heading(page) == "You are subscribed"
        assert site.state(found.id) == "active"

        page.goto(f"{base}/u/{site.goodbye(found.id)}")
        page.get_by_role("link", name="Take a break instead").click()
        page.get_by_role("button", name="Take a break").click()
        assert site.state(found.id) == "paused"
        page.get_by_role("button", name="Go on").click()
        assert site.state(found.id) == "active"

        page.get_by_role("button", name="Send me my link").click()
        page.goto(letter_link(site, base))
        assert BEA in page.locator("main").inner_text()
        page.get_by_label("What we call you").fill("Beatrix")
        page.get_by_role("button", name="Save").click()
        assert page.get_by_label("What we call you").input_value() == "Beatrix"
        page.get_by_role("button", name="Leave").click()
        assert site.state(found.id) == "unsubscribed"
    assert page.context.cookies() == []


def test_every_page_says_what_it_is_to_those_who_do_not_see_it(
    site: Site, base: str, page: Page
) -> None:
    """# A-1: a title of its own, one language, landmarks, headings in order, labels."""
    site.publish()
    _, pending = site.asks(BEA)
    links = site.app.links
    with time_machine.travel(NOON, tick=True):
        paths = [
            "/", "/subscribe/ledger", "/archive/ledger", "/nothing", f"/u/{site.goodbye()}",
            f"/p/{site.goodbye()}", f"/confirm/{pending}", f"/u/{site.test_token()}",
            f"/me/{links.fresh_token(site.ada, NOON)}",
            f"/me/{links.fresh_token(site.ada, NOON - timedelta(hours=2))}",
        ]  # fmt: skip
        titles = []
        for path in paths:
            page.goto(base + path)
            found = page.evaluate(LED_BY)
            titles.append(found.pop("title"))
            headings = found.pop("headings")
            assert headings[0] == 1, path
            assert all(after - before <= 1 for before, after in pairwise(headings))
            whole = {"language": "en", "main": 1, "header": 1, "unlabelled": 0, "twice": 0}
            assert found == whole, path
    assert all(titles)
    assert len(set(titles)) == len(titles)
