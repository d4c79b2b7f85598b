"""Every email as Chromium lays it out: accessible, readable light and dark, nothing sticks out."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

import pytest

from newsletter.render.colour import contrast
from newsletter.render.letters import KINDS
from tests.browser import COLOURS
from tests.meters.documents import NAMES, email, pictured
from tests.meters.known import marks
from tests.meters.posts import EXAMPLES
from tests.parts import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = [
    pytest.mark.part("chromium"),
    pytest.mark.part("meters"),
    pytest.mark.xdist_group("browser"),
]
# A picture that somebody else serves: as large as most are.
ELSEWHERE = (ROOT / "examples/site/content/blog/2026-10-open-data/Poster.png").read_bytes()
RUN = "(options) => axe.run(document, {resultTypes: ['violations'], ...options})"
COLOUR = ["color-contrast", "link-in-text-block"]
ONLY_COLOUR = {"runOnly": {"type": "rule", "values": COLOUR}}
# Contrast is most of axe's work, and the same at any width; of ours it is asked everywhere.
WITHOUT_COLOUR = {"rules": {name: {"enabled": False} for name in COLOUR}}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@pytest.fixture(scope="module")
def page(browser: "Browser") -> Iterator["Page"]:
    """Give one page for all emails: no network, and a picture wherever one is asked for."""
    context = browser.new_context()
    page = context.new_page()
    yield page
    context.close()


def show(page: "Page", name: str, width: int) -> None:
    """Show an email in a window of this width."""
    pictures = pictured(name)

    def answer(route: "Route") -> None:
        route.fulfill(body=pictures.get(route.request.url, ELSEWHERE), content_type="image/png")

    page.unroute_all()
    page.route("**/*", answer)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": width, "height": 800})
    page.set_content(email(name).html, wait_until="load")


def each(meter: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "name", [pytest.param(one, marks=marks(one, meter)) for one in NAMES]
    )


@pytest.mark.parametrize("width", [375, 1000])
@each("axe")
def test_axe_finds_no_barrier_light_or_dark(page: "Page", axe: str, name: str, width: int) -> None:
    """A-1: each mail, at the width of a phone and of a desk."""
    show(page, name, width)
    page.evaluate(axe)
    is_ours = name in KINDS or name in {post.name for post in EXAMPLES}
    asked: list[tuple[Scheme, Any]] = [("light", {}), ("dark", ONLY_COLOUR)]
    if not is_ours and width != 375:
        asked = [("light", WITHOUT_COLOUR)]
    found = []
    for scheme, options in asked:
        page.emulate_media(color_scheme=scheme)
        for one in page.evaluate(RUN, options)["violations"]:
            found += [f"{scheme}: {one['id']}: {node['html'][:200]}" for node in one["nodes"]]
    assert found == []


@each("overflow")
def test_nothing_sticks_out_on_the_narrowest_phone(page: "Page", name: str) -> None:
    show(page, name, 320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@each("contrast")
def test_every_word_can_be_read_light_and_dark(page: "Page", name: str) -> None:
    """A-1: 4.5:1, computed here and not by axe, which leaves out what it is not sure of."""
    show(page, name, 1000)
    pale = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        seen = page.evaluate(COLOURS)
        assert seen
        pale += [(scheme, *one) for one in seen if contrast(one[1], one[2]) < 4.5]
    assert pale == []
