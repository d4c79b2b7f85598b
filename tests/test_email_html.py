"""What holds for the email of any digest: the examples, from the file to the finished HTML."""

import re
from functools import cache
from pathlib import Path

import pytest

from newsletter.digest.reader import read_post
from newsletter.message import RenderedEmail
from newsletter.render.letters import KINDS, render_letter
from newsletter.render.renderer import render_issue
from newsletter.slots import SLOT
from tests.emails import EXAMPLES, MASTHEAD, document, elements, words

OURS = {"archive", "subscribe", "unsubscribe", "preferences"}
# RENDERING §5 and the size that a nine-story digest is promised to keep.
LARGEST = 50_000


@cache
def issue(post: Path) -> RenderedEmail:
    return render_issue(read_post(post), MASTHEAD).email


@cache
def letter(kind: str) -> RenderedEmail:
    return render_letter(kind, MASTHEAD)


examples = pytest.mark.parametrize("post", EXAMPLES, ids=lambda post: post.parent.name)
emails = pytest.mark.parametrize(
    "email",
    [*(issue(post) for post in EXAMPLES), *(letter(kind) for kind in KINDS)],
    ids=[*(post.parent.name for post in EXAMPLES), *KINDS],
)


@examples
def test_nine_stories_stand_in_their_order_each_with_its_source_below_it(post: Path) -> None:
    digest = read_post(post)
    found = [
        (element.tag, words(element))
        for element in elements(issue(post).html, "h2", "p")
        if element.tag == "h2" or element.get("class") == "source"
    ]
    expected = [("h2", "In this issue")]
    for story in digest.stories:
        expected.append(("h2", story.title_text))
        (source,) = story.sources
        expected.append(("p", f"Source: {source.label} ({source.host})"))
    assert len(digest.stories) == 9
    assert found == expected


@examples
def test_the_html_stays_far_from_where_inboxes_cut(post: Path) -> None:
    assert len(issue(post).html.encode()) <= LARGEST


@examples
def test_every_picture_says_something_and_has_its_sizes(post: Path) -> None:
    pictures = list(elements(issue(post).html, "img"))
    assert len(pictures) >= 8
    for picture in pictures:
        assert picture.get("alt")
        assert int(picture.get("width", "")) <= 548
        assert int(picture.get("height", "")) > 0


@examples
def test_every_picture_is_an_asset_and_every_asset_a_picture(post: Path) -> None:
    email = issue(post)
    shown = {name for name in SLOT.findall(email.html) if name.startswith("asset/")}
    assert shown == {f"asset/{asset.name}" for asset in email.assets}
    assert all(len(asset.data) <= 200_000 for asset in email.assets)


@examples
def test_every_address_is_a_slot_that_somebody_fills_or_the_privacy_notice(post: Path) -> None:
    email = issue(post)
    for element in elements(email.html, "a", "img"):
        address = element.get("href") or element.get("src") or ""
        assert SLOT.fullmatch(address) or address == MASTHEAD.privacy_url, address
    numbers = {f"link/{link.number}" for link in email.links}
    assets = {f"asset/{asset.name}" for asset in email.assets}
    assert set(SLOT.findall(email.html)) == OURS | numbers | assets


@emails
def test_nothing_of_the_workshop_is_left(email: RenderedEmail) -> None:
    assert not re.search(r"<mj-|zzb\d|zzpadding|\{\{|\{%|data-premailer", email.html)
    assert email.html.startswith("<!DOCTYPE html>")
    assert "fonts.googleapis" not in email.html
    assert " style=''" not in email.html


@emails
def test_a_screen_reader_finds_its_way(email: RenderedEmail) -> None:
    root = document(email.html)
    assert root.get("lang") == "en"
    assert root.get("dir") == "ltr"
    landmarks = [one.get("role") for one in root.iter("div") if one.get("role")]
    assert landmarks == ["banner", "main", "contentinfo"]
    assert len(list(root.iter("h1"))) == 1
    for table in root.iter("table"):
        assert table.get("role") == "presentation" or table.get("class") == "data"


@emails
def test_the_email_knows_the_dark(email: RenderedEmail) -> None:
    sheets = ["".join(sheet.itertext()) for sheet in elements(email.html, "style")]
    dark = [sheet for sheet in sheets if "prefers-color-scheme: dark" in sheet]
    outlook = [sheet for sheet in sheets if "[data-ogsc]" in sheet]
    # Gmail drops a whole block that holds a selector it dislikes.
    assert len(dark) == len(outlook) == 1
    assert dark != outlook
    assert '<meta name="color-scheme" content="light dark">' in email.html


@emails
def test_colours_have_six_digits(email: RenderedEmail) -> None:
    for sort in re.findall(r"(?:color|background|border[a-z-]*|bgcolor)[:=][^;\"]*", email.html):
        assert not re.search(r"#[0-9a-fA-F]{3}(?![0-9a-fA-F])", sort), sort


@emails
def test_inline_styles_leave_the_last_word_to_the_dark(email: RenderedEmail) -> None:
    for element in document(email.html).iter():
        assert "!important" not in element.get("style", "")


@emails
def test_the_button_is_large_enough_for_a_thumb(email: RenderedEmail) -> None:
    (button,) = [
        link
        for link in elements(email.html, "a")
        if "display:inline-block" in link.get("style", "")
    ]
    style = dict(part.split(":", 1) for part in (button.get("style") or "").split(";"))
    above = int(style["padding"].split("px")[0])
    assert 2 * above + int(style["line-height"].removesuffix("px")) >= 44


@emails
def test_the_preheader_is_not_the_subject(email: RenderedEmail) -> None:
    assert email.preheader
    assert email.preheader != email.subject
