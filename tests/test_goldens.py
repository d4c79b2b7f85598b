"""The examples as they leave, word for word and tag for tag; `make goldens` writes them anew."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.digest.reader import read_post
from newsletter.flowed import fixed
from newsletter.message import RenderedEmail
from newsletter.render.renderer import render_issue
from tests.emails import EXAMPLES, MASTHEAD, ROOT

GOLDENS = ROOT / "tests" / "goldens"
Golden = Callable[[Path, str], None]

posts = pytest.mark.parametrize("post", EXAMPLES, ids=lambda post: post.parent.name)


def lines(email: RenderedEmail) -> str:
    """Return the HTML with a tag on each line, and pictures by number.

    Their names are hashes of bytes, which another release of an image library packs otherwise.
    """
    html = email.html.replace("><", ">\n<")
    for number, asset in enumerate(email.assets, 1):
        html = html.replace(asset.name, f"picture-{number}")
    assert not re.search(r"asset/[0-9a-f]{32}", html)
    return html + "\n"


@posts
def test_the_html_of_an_example(post: Path, golden: Golden) -> None:
    golden(
        GOLDENS / f"{post.parent.name}.html", lines(render_issue(read_post(post), MASTHEAD).email)
    )


@posts
def test_the_text_of_an_example(post: Path, golden: Golden) -> None:
    email = render_issue(read_post(post), MASTHEAD).email
    golden(GOLDENS / f"{post.parent.name}.txt", fixed(email.text))


def test_an_example_as_a_letter(golden: Golden) -> None:
    masthead = replace(MASTHEAD, layout="letter")
    email = render_issue(read_post(EXAMPLES[-1]), masthead).email
    golden(GOLDENS / "letter.html", lines(email))
    golden(GOLDENS / "letter.txt", fixed(email.text))
