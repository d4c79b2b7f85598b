"""The two layouts, and who chooses."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from newsletter.digest.reader import read_post
from newsletter.message import Masthead
from newsletter.render.renderer import Rendering, render_issue
from newsletter.slots import slot
from tests.emails import MASTHEAD, document, elements, words

LETTER = replace(MASTHEAD, layout="letter")
BODY = """Dear all.

## One

First.[^1]

![A wheel](a.png)

## Two

Second.

![A wheel](a.png)

## Three

Third.

[^1]: [Alpha](https://alpha.example/1)
"""


def made(folder: Path, masthead: Masthead, *, options: str = "", body: str = BODY) -> Rendering:
    Image.new("RGB", (800, 400), "#336699").save(folder / "a.png")
    post = folder / "index.md"
    front = "title: A Title" + (f"\nnewsletter:\n  {options}" if options else "")
    post.write_text(f"---\n{front}\n---\n\n{body}", encoding="utf-8")
    return render_issue(read_post(post), masthead)


def is_letter(rendering: Rendering) -> bool:
    return 'class="prose' in rendering.email.html or "prose" in {
        name
        for one in elements(rendering.email.html, "td")
        for name in (one.get("class") or "").split()
    }


def test_a_letter_has_no_thumbnails_no_numbers_and_no_contents(tmp_path: Path) -> None:
    rendering = made(tmp_path, LETTER)
    assert is_letter(rendering)
    html = rendering.email.html
    assert [words(one) for one in elements(html, "h2")] == ["One", "Two", "Three"]
    classes = {name for one in document(html).iter() for name in (one.get("class") or "").split()}
    assert not classes & {"thumb", "no", "toc", "go", "lead"}
    assert "In this issue" not in rendering.email.text
    assert "\nOne\n---\n" in rendering.email.text
    assert not [one for one in elements(html, "a") if "inline-block" in (one.get("style") or "")]


def test_a_letter_says_everything_that_a_digest_says(tmp_path: Path) -> None:
    letter, digest = made(tmp_path, LETTER), made(tmp_path, MASTHEAD)
    said = words(document(letter.email.html))
    for part in ("Dear all.", "First.", "Second.", "Third.", "Source: Alpha (alpha.example)"):
        assert part in said
    assert letter.email.links == digest.email.links
    assert slot("archive") in letter.email.html
    assert slot("unsubscribe") in letter.email.html
    # Once full width; the second time would be the same picture again.
    assert len(list(elements(letter.email.html, "img"))) == 1


def test_the_front_matter_beats_the_list(tmp_path: Path) -> None:
    assert is_letter(made(tmp_path, MASTHEAD, options="layout: letter"))
    assert not is_letter(made(tmp_path, LETTER, options="layout: digest"))
    assert is_letter(made(tmp_path, LETTER))
    assert not is_letter(made(tmp_path, MASTHEAD))


def test_a_post_without_stories_is_a_letter_unless_it_says_otherwise(tmp_path: Path) -> None:
    plain = "Dear all, this month nothing happened.\n"
    assert is_letter(made(tmp_path, MASTHEAD, body=plain))
    assert not is_letter(made(tmp_path, MASTHEAD, body=plain, options="layout: digest"))


@pytest.mark.parametrize("wished", ["poster", "../digest", "confirm"])
def test_a_layout_that_there_is_not_is_a_finding(tmp_path: Path, wished: str) -> None:
    rendering = made(tmp_path, MASTHEAD, options=f"layout: {wished}")
    assert [finding.code for finding in rendering.findings] == ["layout-unknown"]
    assert not is_letter(rendering)


def test_a_letter_is_small(tmp_path: Path) -> None:
    assert len(made(tmp_path, LETTER).email.html) < len(made(tmp_path, MASTHEAD).email.html) / 1.2


def test_a_logo_stands_beside_the_name(tmp_path: Path) -> None:
    masthead = replace(MASTHEAD, logo_url="https://ledger.example/logo.png?a=1&b=2")
    for layout in ("digest", "letter"):
        html = made(tmp_path, replace(masthead, layout=layout)).email.html
        logo = next(elements(html, "img"))
        assert (logo.get("src"), logo.get("alt")) == (masthead.logo_url, "")
        assert logo.get("height") == "32"
    assert "logo" not in words(document(made(tmp_path, MASTHEAD).email.html))
