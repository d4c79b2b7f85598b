"""The pages in Chromium: they fit, they can be pressed with a thumb, and their policy holds."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from newsletter.web.server import serve
from subscribers import store
from subscribers.address import parse
from subscribers.database import now
from subscribers.models import Subscriber
from tests.newsletter.web.site import Site

pytestmark = pytest.mark.part("chromium")
WIDTHS = (320, 375, 1000)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LONG = "Der Nachrichtenüberblick der Donaudampfschifffahrtsgesellschaft & Friends"
# What sticks out sideways, what is too small for a thumb, and what has no name of its own.
LOOK = """() => {
  const seen = (one) => one.checkVisibility() && !one.closest(".trap");
  const small = [...document.querySelectorAll("button, .button, main input:not([type=hidden], [type=checkbox]), .choice")]
    .filter(seen).filter((one) => one.getBoundingClientRect().height < 44);
  const nameless = [...document.querySelectorAll("a, button, input:not([type=hidden])")]
    .filter(seen).filter((one) => !(one.innerText || one.labels?.[0]?.innerText || "").trim());
  const headings = document.querySelectorAll("h1").length;
  return {
    sideways: document.documentElement.scrollWidth - window.innerWidth,
    small: small.map((one) => one.outerHTML),
    nameless: nameless.map((one) => one.outerHTML),
    headings,
  };
}"""


@pytest.fixture
def base(site: Site) -> Iterator[str]:
    """Serve the pages on a socket and give their address."""
    handle = serve(site.app, host="127.0.0.1", port=0)
    yield f"http://127.0.0.1:{handle.port}"
    handle.stop()


def open_page(browser: Browser, url: str) -> tuple[Page, list[str]]:
    """Open a page in a context of its own, with what its console complained of."""
    page = browser.new_context(viewport={"width": 375, "height": 800}).new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    return page, complaints


def every_path(site: Site) -> Iterator[str]:
    """Fill the site, under a name that never ends, and yield the path of each of its pages.

    Then two of them again, from right to left.
    """
    site.edit(name=LONG, open_tracking="individual")
    site.publish(subject="A subject that goes on and on, as subjects do now and then, and on")
    _, confirm = site.asks("bea@readers.example", now=now())
    fresh = site.app.links.fresh_token(site.ada, now())
    with site.app.database.begin() as session:
        person, new = session.get_one(Subscriber, site.ada), parse("ada@new.example")
        wish = store.ask_to_move(session, person, new, now=now())
        assert wish
    yield from (
        "/", "/subscribe", "/archive/ledger", f"/u/{site.goodbye()}", f"/p/{site.goodbye()}",
        f"/confirm/{confirm}", f"/me/{fresh}", f"/u/{site.test_token()}",
        f"/address/{site.app.links.move_token(wish.id, now())}",
    )  # fmt: skip
    site.edit(language="ar")
    yield from ("/subscribe/ledger", f"/me/{fresh}")


@pytest.mark.part("meters")
def test_axe_finds_no_barrier_on_any_page(
    site: Site, base: str, browser: Browser, axe: str
) -> None:
    """# A-1: light and dark."""
    page, _ = open_page(browser, base)
    for path in every_path(site):
        page.goto(base + path)
        page.evaluate(axe)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], (path, scheme)
    page.context.close()


def test_every_page_fits_and_can_be_pressed(site: Site, base: str, browser: Browser) -> None:
    """# A-1: at phone and desk width, light and dark, also under a name that never ends."""
    page, complaints = open_page(browser, base)
    for path in every_path(site):
        page.goto(base + path)
        for width, scheme in product(WIDTHS, SCHEMES):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            found = page.evaluate(LOOK)
            assert found["sideways"] <= 0, (path, width)
            assert (found["small"], found["nameless"], found["headings"]) == ([], [], 1), path
        grounds = [_ground(page, scheme) for scheme in SCHEMES]
        assert grounds[0] != grounds[1]
        assert complaints == [], path
    page.context.close()


def _ground(page: Page, scheme: Literal["light", "dark"]) -> str:
    page.emulate_media(color_scheme=scheme)
    ground: str = page.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor")
    return ground


def test_a_reader_leaves_and_comes_back_by_keyboard_alone(
    site: Site, base: str, browser: Browser
) -> None:
    """# U-2 and U-6"""
    page, _ = open_page(browser, f"{base}/u/{site.goodbye()}")
    assert site.state() == "active"
    press(page, "Unsubscribe")
    assert page.locator("h1").inner_text() == "You have left The Monthly Ledger."
    assert "Nothing more will be sent." in page.locator("main").inner_text()
    assert site.state() == "unsubscribed"
    press(page, "Undo")
    assert "You are back" in page.locator("h1").inner_text()
    assert site.state() == "active"
    assert page.context.cookies() == []
    page.context.close()


def press(page: Page, words: str) -> None:
    """Go to the button of these words by Tab, see that its focus shows, and press Enter."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == words:
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_visitor_is_told_what_is_wrong_with_an_address(
    site: Site, base: str, browser: Browser
) -> None:
    page, _ = open_page(browser, f"{base}/subscribe/ledger")
    page.evaluate("document.forms[0].noValidate = true")
    # As if the form had stood there for ten seconds.
    shown = site.form(shown=now() - timedelta(seconds=10))["shown"]
    page.evaluate(f"document.forms[0].shown.value = {shown!r}")
    page.fill("#email", "bea@@readers")
    press(page, "Subscribe")
    problem = page.get_by_role("alert")
    assert problem.inner_text()
    assert page.locator("#email").get_attribute("aria-describedby") == "problem"
    assert page.locator("#email").input_value() == "bea@@readers"
    page.context.close()
