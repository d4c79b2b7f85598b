"""The preview in Chromium: its views, its keys, and a save that is seen while it is open."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Error, FrameLocator, Page, expect

from newsletter.web.listening import listen
from newsletter.web.preview import create_preview
from newsletter.web.preview.sheet import VIEWS
from tests.newsletter.web.preview.post import BROKEN, POST, desk_for, write

pytestmark = pytest.mark.part("chromium")
WIDTHS = (375, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# A save is looked for a few times a second; the rest is for a machine that is busy.
SOON = 30_000
# The email inside is measured in tests/meters.
RUN = "axe.run(document, {iframes: false, resultTypes: ['violations']})"


@dataclass
class Shown:
    """A post in a folder, and its preview in a browser."""

    folder: Path
    page: Page
    complaints: list[str] = field(default_factory=list)

    @property
    def email(self) -> FrameLocator:
        """The inside of the frame."""
        return self.page.frame_locator("#stage iframe").first

    def save(self, text: str) -> None:
        """Save the post as an editor would."""
        write(self.folder, text)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Give one page for all tests: a process of its own for each costs seconds."""
    page = browser.new_context().new_page()
    yield page
    page.context.close()


@pytest.fixture
def shown(tmp_path: Path, page: Page) -> Iterator[Shown]:
    """Serve a post's preview and open it."""
    Image.new("RGB", (400, 200), "#336699").save(tmp_path / "pond.png")
    desk = desk_for(write(tmp_path))
    handle = listen(create_preview(desk), host="127.0.0.1", port=0)
    shown = Shown(tmp_path, page)

    def note(said: ConsoleMessage) -> None:
        shown.complaints.append(said.text)

    def fail(error: Error) -> None:
        shown.complaints.append(str(error))

    page.on("console", note)
    page.on("pageerror", fail)
    page.set_viewport_size({"width": 1280, "height": 860})
    page.emulate_media(color_scheme="light")
    page.goto(f"http://127.0.0.1:{handle.port}/")
    yield shown
    page.remove_listener("console", note)
    page.remove_listener("pageerror", fail)
    page.goto("about:blank")
    desk.close()
    handle.stop()


def ground(shown: Shown) -> str:
    """Return the colour of the sheet that the words of the email stand on."""
    colour: str = shown.email.locator(".sheet > table").first.evaluate(
        "(one) => getComputedStyle(one).backgroundColor"
    )
    return colour


def brightness(colour: str) -> int:
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3])


def test_the_keys_1_to_6_choose_the_views(shown: Shown) -> None:
    page = shown.page
    for key, name in enumerate(VIEWS, 1):
        page.keyboard.press(str(key))
        expect(page.locator("nav a[aria-current]")).to_have_attribute("data-view", name)
        visible = {"text": ".text", "source": ".source"}.get(name, ".stage")
        for panel in (".stage", ".text", ".source"):
            expect(page.locator(panel)).to_be_visible(visible=panel == visible)
    assert page.url.endswith("/?view=source")


def test_a_view_can_be_chosen_by_pressing_it_and_survives_reloading(shown: Shown) -> None:
    shown.page.get_by_role("link", name="Plain text").click()
    shown.page.reload()
    expect(shown.page.locator("#text")).to_be_visible()
    expect(shown.page.locator("#text")).to_contain_text("It did so on Tuesday.")


def test_the_phone_is_as_wide_as_a_phone(shown: Shown) -> None:
    inside = "document.documentElement.clientWidth"
    assert shown.email.locator("body").evaluate(inside) > 620
    shown.page.keyboard.press("2")
    assert shown.email.locator("body").evaluate(inside) == 375


def test_the_dark_inbox_is_dark_and_the_light_one_light_whatever_the_system_prefers(
    shown: Shown,
) -> None:
    for scheme in SCHEMES:
        shown.page.emulate_media(color_scheme=scheme)
        shown.page.keyboard.press("3")
        expect(shown.page.locator("#stage iframe")).to_have_count(1)
        assert brightness(ground(shown)) < 150
        shown.page.keyboard.press("1")
        expect(shown.page.locator("#stage iframe")).to_have_count(1)
        assert brightness(ground(shown)) > 600


def test_without_pictures_their_words_are_read(shown: Shown) -> None:
    picture = shown.email.get_by_alt_text("The pond")
    loaded = "(one) => one.complete && one.naturalWidth > 0"
    assert picture.evaluate(loaded)
    shown.page.keyboard.press("4")
    expect(shown.page.locator("#stage iframe")).to_have_count(1)
    assert not shown.email.get_by_alt_text("The pond").evaluate(loaded)


def test_a_save_is_seen_and_scrolled_to_while_the_page_is_open(shown: Shown) -> None:
    long = POST + "\nA paragraph.\n" * 30
    shown.save(long)
    expect(shown.email.locator("p", has_text="A paragraph.")).to_have_count(30, timeout=SOON)
    shown.save(long + "\nAnd a last one.\n")
    last = shown.email.get_by_text("And a last one.")
    expect(last).to_be_visible(timeout=SOON)
    expect(last).to_be_in_viewport()
    expect(shown.page.locator("#pulse")).to_contain_text("saved")


def test_a_save_is_seen_in_the_text_and_in_the_source(shown: Shown) -> None:
    for view, panel in (("5", "#text"), ("6", "#source")):
        shown.page.keyboard.press(view)
        shown.save(POST.replace("Tuesday", f"day {view}"))
        expect(shown.page.locator(panel)).to_contain_text(f"day {view}", timeout=SOON)


def test_a_picture_that_is_saved_is_seen(shown: Shown) -> None:
    before = shown.email.get_by_alt_text("The pond").get_attribute("src")
    Image.new("RGB", (400, 200), "#993366").save(shown.folder / "pond.png")
    picture = shown.email.get_by_alt_text("The pond")
    expect(picture).not_to_have_attribute("src", before or "", timeout=SOON)


def test_a_post_that_breaks_says_where_and_keeps_its_last_rendering(shown: Shown) -> None:
    shown.save(BROKEN)
    alert = shown.page.get_by_role("alert")
    expect(alert).to_contain_text("cannot be rendered as it stands", timeout=SOON)
    expect(shown.email.get_by_text("It did so on Tuesday.")).to_be_visible()
    alert.get_by_role("link", name="line 3").click()
    expect(shown.page.locator("#line-3")).to_be_focused()
    shown.save(POST)
    expect(shown.page.locator(".trouble")).to_have_count(0, timeout=SOON)


def test_a_post_that_was_never_whole_is_shown_once_it_is(tmp_path: Path, page: Page) -> None:
    desk = desk_for(write(tmp_path, BROKEN))
    handle = listen(create_preview(desk), host="127.0.0.1", port=0)
    page.goto(f"http://127.0.0.1:{handle.port}/")
    expect(page.locator("#line-3")).to_contain_text("not YAML")
    page.keyboard.press("1")
    expect(page.get_by_text("There is no email yet.")).to_be_visible()
    write(tmp_path)
    words = page.frame_locator("#stage iframe").get_by_text("It did so on Tuesday.")
    expect(words).to_be_visible(timeout=SOON)
    expect(page.get_by_text("There is no email yet.")).to_be_hidden()
    page.goto("about:blank")
    desk.close()
    handle.stop()


def test_pressing_a_finding_leads_to_its_line(shown: Shown) -> None:
    (shown.folder / "pond.png").unlink()
    finding = shown.page.locator("#findings li", has_text="picture-missing")
    expect(finding).to_be_visible(timeout=SOON)
    finding.get_by_role("link").click()
    line = POST.splitlines().index("![The pond](pond.png)") + 1
    expect(shown.page.locator(f"#line-{line}")).to_be_focused()
    expect(shown.page.locator(f"#line-{line}")).to_contain_text("The picture pond.png is not there")


def test_what_an_author_writes_never_runs(shown: Shown) -> None:
    """# S-10: neither in the frame nor in our own page."""
    owned = "document.body.dataset.owned = 1"
    evil = f"<script>{owned}</script><img src='x' onerror='{owned}'><svg onload='{owned}'></svg>"
    shown.save(POST.replace("A quiet month", evil) + f"\n\n{evil}\n\nThe end.\n")
    expect(shown.email.get_by_text("The end.")).to_be_visible(timeout=SOON)
    for key in "123456":
        shown.page.keyboard.press(key)
        expect(shown.page.locator("#stage iframe")).to_have_count(1)
        for body in (shown.page.locator("body"), shown.email.locator("body")):
            assert body.get_attribute("data-owned") is None


def test_the_frame_runs_no_script_and_has_an_origin_of_its_own(shown: Shown) -> None:
    """# S-10: also one that a template of somebody's own would bring."""
    body = shown.email.locator("body")
    assert body.evaluate("self.origin") == "null"
    body.evaluate(
        """(body) => {
          const script = document.createElement("script");
          script.textContent = "document.body.dataset.owned = 1";
          body.append(script);
        }"""
    )
    assert body.get_attribute("data-owned") is None
    assert shown.page.evaluate("document.querySelector('iframe').contentDocument") is None


def test_a_link_of_the_email_opens_beside_the_preview(shown: Shown) -> None:
    shown.save(POST + "\n\n[Elsewhere](http://127.0.0.1:1/elsewhere)\n")
    link = shown.email.get_by_role("link", name="Elsewhere")
    expect(link).to_be_visible(timeout=SOON)
    with shown.page.context.expect_page() as opened:
        link.click()
    assert opened.value.evaluate("window.opener") is None
    opened.value.close()
    expect(link).to_be_visible()


def test_the_page_fits_and_says_nothing_on_the_console(shown: Shown) -> None:
    """# A-1: at phone and desk width, light and dark."""
    for width, scheme, key in product(WIDTHS, SCHEMES, "12356"):
        shown.page.set_viewport_size({"width": width, "height": 800})
        shown.page.emulate_media(color_scheme=scheme)
        shown.page.keyboard.press(key)
        sideways = shown.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert sideways <= 0, (width, key)
    assert shown.complaints == []


@pytest.mark.part("meters")
def test_axe_finds_no_barrier_in_any_view(shown: Shown, axe: str) -> None:
    """# A-1: with findings of each kind, and while the post is broken."""
    shown.save(POST.replace("A quiet month", "A QUIET MONTH") + "\n[Local](http://localhost/)\n")
    expect(shown.page.locator("#findings .error")).to_be_visible(timeout=SOON)
    shown.save(BROKEN)
    expect(shown.page.locator(".trouble")).to_be_visible(timeout=SOON)
    shown.page.evaluate(axe)
    for width, scheme, key in product(WIDTHS, SCHEMES, "12356"):
        shown.page.set_viewport_size({"width": width, "height": 800})
        shown.page.emulate_media(color_scheme=scheme)
        shown.page.keyboard.press(key)
        found = shown.page.evaluate(RUN)["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], (width, scheme, key)


def test_the_page_says_when_the_command_has_ended(tmp_path: Path, page: Page) -> None:
    desk = desk_for(write(tmp_path))
    handle = listen(create_preview(desk), host="127.0.0.1", port=0)
    page.goto(f"http://127.0.0.1:{handle.port}/")
    expect(page.locator("#pulse")).to_have_text("follows each save")
    desk.close()
    handle.stop()
    expect(page.locator("#pulse")).to_have_text("the command has ended", timeout=SOON)
