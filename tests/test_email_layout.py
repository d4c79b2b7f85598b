"""The email as Chromium lays it out: nothing sticks out, everything can be read."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from PIL import Image

from newsletter.digest.reader import read_post
from newsletter.message import RenderedEmail
from newsletter.render.colour import contrast
from newsletter.render.letters import KINDS, render_letter
from newsletter.render.renderer import render_issue
from newsletter.slots import fill_slots
from tests.browser import COLOURS
from tests.emails import EXAMPLES, MASTHEAD, ROOT, rendered

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.part("chromium")

WIDE = """Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft.

## https://example.org/a/very/long/address/that/has/no/place/to/break/at/all/index.html

```python
def a_function_with_a_very_long_name(and_an_argument_with_a_long_name): return "and a string"
```

## A table

| Identifier | A long heading | Numbers | More | Even more |
|---|---|--:|---|---|
| an_identifier_with_underscores | words | 1,234,567 | `some_code` | words_words_words |

![A tall one](tall.png)

## A picture

> A quotation with `a_very_long_piece_of_code_inside_it_that_does_not_want_to_break` in it.

<figure><b>Drawn by hand</b><figcaption>A caption</figcaption></figure>

![](wide.png)
"""


def written(email: RenderedEmail, folder: Path) -> Path:
    for asset in email.assets:
        (folder / asset.name).write_bytes(asset.data)
    html = fill_slots(
        email.html,
        lambda name: (
            name.removeprefix("asset/") if name.startswith("asset/") else "https://x.example"
        ),
    )
    page = folder / "email.html"
    page.write_text(html, encoding="utf-8")
    return page


@pytest.fixture(scope="module", params=["example", "wide", "letter", "hebrew", *KINDS])
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an email on the disk: an example in both layouts, one that is hard to lay out, one from
    right to left, each letter.
    """
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "example":
        return written(render_issue(read_post(EXAMPLES[-1]), MASTHEAD).email, folder)
    if request.param == "letter":
        Image.new("RGB", (600, 2400), "#446688").save(folder / "tall.png")
        Image.new("RGB", (2400, 600), "#446688").save(folder / "wide.png")
        options = "title: A Title\nnewsletter: {layout: letter, note: Only here.}"
        return written(rendered(folder, WIDE, front=options).email, folder)
    if request.param == "hebrew":
        for name in ("page", "index"):
            Image.new("RGB", (1200, 700), "#446688").save(folder / f"{name}.png")
        post = folder / "index.md"
        post.write_bytes((ROOT / "tests" / "posts" / "hebrew.md").read_bytes())
        return written(render_issue(read_post(post), MASTHEAD).email, folder)
    if request.param == "wide":
        Image.new("RGB", (600, 2400), "#446688").save(folder / "tall.png")
        Image.new("RGB", (2400, 600), "#446688").save(folder / "wide.png")
        return written(rendered(folder, WIDE).email, folder)
    return written(render_letter(request.param, MASTHEAD), folder)


@pytest.fixture(scope="module")
def page(browser: "Browser") -> Iterator["Page"]:
    """Give one page for all emails, without a network: one for each test costs a process."""
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def loaded(page: "Page", file: Path) -> "Page":
    """Give the page with an email in it, which stays for all tests of this email."""
    page.goto(file.as_uri())
    return page


@pytest.fixture
def opened(loaded: "Page") -> "Page":
    """Give the email as it opens on a desk in the light, whatever was looked at before."""
    loaded.set_viewport_size({"width": 1280, "height": 720})
    loaded.emulate_media(color_scheme="light")
    return loaded


@pytest.mark.parametrize("width", [320, 375, 640, 1000])
def test_nothing_sticks_out(opened: "Page", width: int) -> None:
    opened.set_viewport_size({"width": width, "height": 800})
    assert opened.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read(opened: "Page", scheme: Literal["light", "dark"]) -> None:
    opened.emulate_media(color_scheme=scheme)
    seen = opened.evaluate(COLOURS)
    assert seen
    pale = [one for one in seen if contrast(one[1], one[2]) < 4.5]
    assert pale == []


def test_the_dark_page_is_dark_to_its_end(opened: "Page") -> None:
    opened.emulate_media(color_scheme="dark")
    opened.set_viewport_size({"width": 640, "height": 6000})
    ground = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    red, green, blue = (int(part) for part in ground[4:-1].split(","))
    assert red + green + blue < 120


@pytest.mark.parametrize("width", [375, 640])
def test_where_pictures_are_off_no_empty_box_is_left(
    browser: "Browser", tmp_path: Path, width: int
) -> None:
    email = render_issue(read_post(EXAMPLES[-1]), MASTHEAD).email
    file = written(replace(email, assets=()), tmp_path)
    context = browser.new_context(offline=True, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(file.as_uri())
    heights = page.evaluate("[...document.images].map((one) => one.offsetHeight)")
    context.close()
    assert len(heights) == 9
    assert all(0 < height <= 60 for height in heights)


def test_the_button_is_at_least_44_pixels_high(opened: "Page") -> None:
    buttons = opened.locator(".go a").all()
    # The letter's layout has none: its link stands at the top.
    assert len(buttons) == (0 if opened.locator(".prose").count() else 1)
    for button in buttons:
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
