"""Every email as Chromium lays it out: accessible, readable light and dark, nothing sticks out."""

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Literal

import pytest

from newsletter.render.colour import contrast
from tests.browser import COLOURS
from tests.meters.documents import NAMES, email, pictured
from tests.meters.known import marks
from tests.parts import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = [
    pytest.mark.part("chromium"),
    pytest.mark.part("meters"),
]
# A picture that somebody else serves: as large as most are.
ELSEWHERE = (ROOT / "examples/site/content/blog/2026-10-open-data/Poster.png").read_bytes()
# Every rule of axe-core's; the script stays in the page when another email takes its place.
RUN = "axe.run(document, {resultTypes: ['violations']})"
Scheme = Literal["light", "dark"]
WIDTHS = (375, 1000)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


class Screen:
    """One page for all emails: no network, and a picture wherever one is asked for."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self._shown = ""
        page.route("**/*", self._answer)

    def show(self, name: str, width: int, scheme: Scheme = "light") -> "Page":
        """Show an email in a window of this width; one that is shown already is not loaded anew."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size({"width": width, "height": 800})
        if name != self._shown:
            self._shown = name
            self.page.set_content(email(name).html, wait_until="load")
        return self.page

    def _answer(self, route: "Route") -> None:
        own = pictured(self._shown).get(route.request.url, ELSEWHERE)
        route.fulfill(body=own, content_type="image/png")


@pytest.fixture(scope="module")
def screen(browser: "Browser") -> Iterator[Screen]:
    context = browser.new_context()
    yield Screen(context.new_page())
    context.close()


def each(meter: str) -> pytest.MarkDecorator:
    """Ask of every email; by its scope one email meets all tests before the next one comes."""
    return pytest.mark.parametrize(
        "name", [pytest.param(one, marks=marks(one, meter)) for one in NAMES], scope="module"
    )


@each("axe")
def test_axe_finds_no_barrier_light_or_dark(screen: Screen, axe: str, name: str) -> None:
    """A-1: each mail, by all rules, at the width of a phone and of a desk, light and dark.

    What is too narrow is so in either scheme; a word that is pale at one width only is found below.
    """
    found = []
    for width, scheme in zip(WIDTHS, SCHEMES, strict=True):
        page = screen.show(name, width, scheme)
        if not page.evaluate("'axe' in window"):
            page.evaluate(axe)
        for one in page.evaluate(RUN)["violations"]:
            told = f"{width} {scheme}: {one['id']}"
            found += [f"{told}: {node['html'][:200]}" for node in one["nodes"]]
    assert found == []


@each("overflow")
def test_nothing_sticks_out_on_the_narrowest_phone(screen: Screen, name: str) -> None:
    page = screen.show(name, 320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@each("contrast")
def test_every_word_can_be_read_light_and_dark(screen: Screen, name: str) -> None:
    """A-1: 4.5:1, computed here and not by axe, which leaves out what it is not sure of."""
    pale = []
    for width, scheme in product(WIDTHS, SCHEMES):
        seen = screen.show(name, width, scheme).evaluate(COLOURS)
        assert seen
        pale += [(width, scheme, *one) for one in seen if contrast(one[1], one[2]) < 4.5]
    assert pale == []
