"""The admin's pages in Chromium, without a line of script: by keyboard, on a phone, in the dark."""

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page

from newsletter import access
from newsletter.web.server import serve
from subscribers.database import now
from tests.newsletter.web.keys import ADMIN, PASSWORD, people
from tests.newsletter.web.site import Site
from tests.newsletter.web.test_in_browser import LONG, LOOK, SCHEMES, WIDTHS

pytestmark = pytest.mark.part("chromium")
# Where the mark stands, against the character it is about.
MARK = """() => {
  const mark = document.querySelector("mark"), caret = getComputedStyle(mark, "::after");
  return [mark.textContent, caret.content, mark.getBoundingClientRect().width];
}"""


@pytest.fixture
def base(site: Site) -> Iterator[str]:
    """Serve a house with an admin and a few people, and give its address."""
    site.edit(name=LONG)
    people(site, ["a-name-that-goes-on-and-on-and-on-and-on@readers.example"], "vip")
    with site.app.database.begin() as session:
        access.add_admin(session, ADMIN, PASSWORD, now=now())
    handle = serve(site.app, host="127.0.0.1", port=0)
    yield f"http://127.0.0.1:{handle.port}"
    handle.stop()


def walk(page: Page, base: str) -> Iterator[str]:
    """Go through the pages as an admin does, and stop at each of them."""
    page.goto(f"{base}/admin/lists/ledger/segment")
    yield "asked to sign in"
    for password in ("wrong", PASSWORD):
        page.get_by_label("Name").fill(ADMIN)
        page.get_by_label("Password").fill(password)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        yield f"signed in with {password}"
    with page.expect_navigation():
        page.get_by_role("link", name="Segments of").click()
    yield "a form"
    for text in ("joined > 2026-02-30 and tag:vip", "tag:vip"):
        look(page, text)
        yield text
    page.get_by_text("What a filter is made of").click()
    yield "the help"


def look(page: Page, text: str) -> None:
    """Try a filter."""
    page.get_by_label("Filter").fill(text)
    with page.expect_navigation():
        page.get_by_role("button", name="Look").click()


@pytest.mark.part("meters")
def test_every_page_fits_can_be_pressed_and_has_no_barrier(
    base: str, browser: Browser, axe: str
) -> None:
    """# A-1: at phone and desk width, light and dark."""
    context = browser.new_context()
    page = context.new_page()
    for at in walk(page, base):
        page.evaluate(axe)
        for width, scheme in product(WIDTHS, SCHEMES):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            found = page.evaluate(LOOK)
            assert found["sideways"] <= 0, (at, width)
            assert (found["small"], found["nameless"], found["headings"]) == ([], [], 1), at
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            seen = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in seen] == [], (at, scheme)
    context.close()


def test_an_admin_tries_a_filter_without_any_script(base: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    steps = walk(page, base)
    assert next(steps)
    assert page.locator("h1").inner_text() == "Sign in"
    next(steps)
    assert "Name or password is wrong." in page.locator("main").inner_text()
    next(steps)
    assert page.locator("h1").inner_text() == "Lists"
    next(steps), next(steps)
    assert page.locator("mark").inner_text() == "2"
    assert "there is no day 2026-02-30" in page.locator("#problem").inner_text()
    next(steps)
    assert page.locator("#found").inner_text() == "1 person"
    assert "People tagged vip, who may be mailed now." in page.locator("main").inner_text()
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    assert page.locator("h1").inner_text() == "Sign in"
    page.goto(f"{base}/admin")
    assert page.locator("h1").inner_text() == "Sign in"
    context.close()


def test_the_mark_is_under_the_character_also_where_a_line_breaks(
    base: str, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 800})
    page = context.new_page()
    for _ in walk(page, base):
        if page.locator("mark").count():
            character, caret, width = page.evaluate(MARK)
            assert (character, caret) == ("2", '"^"')
            assert 0 < width < 20
            break
    text = 'tag:vip and name contains "自分" and ' * 3 + "\n\nand x"
    look(page, text)
    assert page.evaluate(MARK)[0] == "a"
    box, paper = page.locator("mark").bounding_box(), page.locator(".marked").bounding_box()
    assert box
    assert paper
    assert paper["x"] < box["x"] < paper["x"] + paper["width"]
    context.close()
