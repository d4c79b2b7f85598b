"""Authors' HTML: what is kept, what goes, and what is written our way."""

import re
from pathlib import Path

import pytest
from markdown_it.token import Token

from newsletter.digest.model import Digest
from newsletter.render.html import AuthorHTML
from newsletter.render.linkbook import LinkBook
from newsletter.render.pictures.album import Album
from newsletter.slots import SLOT, slot
from tests.emails import document, elements, rendered, words

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe src='https://x.example'></iframe>",
    "<form action='https://x.example'><input name=a><button>b</button></form>",
    "<style>body{background:url(https://x.example)}</style>",
    "<p style=\"background:url('https://x.example/pixel')\">x</p>",
    '<table><tr><td style="text-align:right;position:fixed">x</td></tr></table>',
    "<base href='https://x.example'><meta http-equiv=refresh content=0>",
    "<!--[if mso]><script>alert(1)</script><![endif]-->",
    "</div></td></tr></table><script>alert(1)</script>",
    "<div onclick=alert(1) style='position:fixed'>x</div>",
    "`</code><script>alert(1)</script>`",
    '<a href="https://slot.invalid/unsubscribe/">x</a>',
    '<a href="https://slot&#46;invalid/unsubscribe/">x</a>',
    '<img src="https://slot.invalid/asset/x.png/">',
    "## Title <script>alert(1)</script> <img src=x onerror=alert(1)>",
]
NEVER = {"script", "iframe", "form", "input", "button", "base", "object", "svg", "math"}
OUR_SLOTS = ("archive", "subscribe", "unsubscribe", "preferences", "link", "asset")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_an_author_writes_runs_or_lays_hands_on_the_page(
    tmp_path: Path, hostile: str
) -> None:
    """S-14."""
    plain = rendered(tmp_path, "Words.\n\n## Story\n\nMore.").email.html
    html = rendered(tmp_path, f"Words.\n\n## Story\n\nMore.\n\n{hostile}\n").email.html
    tags = {element.tag for element in document(html).iter()}
    assert not tags & NEVER
    for element in document(html).iter():
        assert not [name for name in element.attrib if name.startswith("on")]
        for name in ("href", "src"):
            address = element.get(name, "https://")
            assert address.startswith(("https://", "http://", "mailto:", "#")), address
        assert "url(" not in element.get("style", "")
        assert "position" not in element.get("style", "")
    assert html.count("<style") == plain.count("<style")
    assert html.count("slot.invalid/unsubscribe") == 1


def test_html_that_no_reader_made_neutral_is_judged_as_strictly(tmp_path: Path) -> None:
    """S-14."""
    digest = Digest(path=tmp_path / "post.md", title="T")
    author = AuthorHTML(digest, LinkBook(), Album(digest.path, served_by="service"), box=548)
    hostile = (
        f'<a href="{slot("unsubscribe")}">x</a><img src="{slot("asset/x.png")}">'
        '<IMG/src=https://x.example/pixel.gif><img alt=">" src="https://x.example/pixel.gif">'
        '<a href="https://slot&#46;invalid/unsubscribe/">y</a>'
    )
    # A tag that is left open is closed by the next one of ours.
    hostile += '<img src="https://x.example/pixel.gif" '
    tokens = [Token("html_block", "", 0, content=hostile), Token("paragraph_open", "p", 1)]
    html = author.blocks(tokens)
    assert "slot.invalid" not in html
    assert not [one for one in elements(html, "a", "img") if one.get("href") or one.get("src")]


def test_links_keep_their_words_when_they_lead_nowhere(tmp_path: Path) -> None:
    html = rendered(tmp_path, "See [the other page](../other/) now.").email.html
    assert "See the other page now." in [words(line) for line in elements(html, "p")]


def test_mail_and_telephone_links_stay(tmp_path: Path) -> None:
    html = rendered(tmp_path, "[Write](mailto:a@b.example) or [call](tel:+491234)").email.html
    addresses = [link.get("href") for link in elements(html, "a")]
    assert "mailto:a@b.example" in addresses
    assert "tel:+491234" in addresses


def test_a_link_to_another_story_of_the_issue_finds_it(tmp_path: Path) -> None:
    html = rendered(tmp_path, "See [below](#the-tides).\n\n## The tides\n\nHigh.").email.html
    assert "#the-tides" in [link.get("href") for link in elements(html, "a")]
    assert "the-tides" in [heading.get("id") for heading in elements(html, "h2")]


def test_there_is_one_h1_and_headings_inside_a_story_are_smaller(tmp_path: Path) -> None:
    html = rendered(tmp_path, "## A\n\n<h1>Loud</h1>\n\n### Quiet\n").email.html
    assert [heading.tag for heading in elements(html, "h1", "h2", "h3", "h4")] == [
        "h1",
        "h2",
        "h3",
        "h4",
    ]


def test_code_keeps_every_line_and_space_and_gets_its_colours(tmp_path: Path) -> None:
    code = 'def f(a):\n    """Text <b>."""\n    return a  # a: b, c\n'
    html = rendered(tmp_path, f"```python\n{code}```\n").email.html
    (block,) = elements(html, "pre")
    assert "".join(block.itertext()) == code
    assert {span.get("class") for span in block.iter("span")} >= {"k", "s", "c"}


def test_code_that_looks_like_a_style_attribute_is_not_tidied(tmp_path: Path) -> None:
    code = '<p style="color: red;  margin: 0, 1" class="x-outlook">'
    html = rendered(tmp_path, f"`{code}`\n\n    {code}\n").email.html
    assert [("".join(found.itertext())).strip() for found in elements(html, "code")] == [code, code]


def test_words_of_neighbouring_elements_are_not_glued(tmp_path: Path) -> None:
    html = rendered(tmp_path, "**one**\n*two*\n[three](https://x.example)").email.html
    assert "one two three" in [words(line) for line in elements(html, "p")]


def test_tables_keep_their_columns_alignment(tmp_path: Path) -> None:
    html = rendered(tmp_path, "| a | b |\n|---|--:|\n| 1 | 2 |\n").email.html
    cell = next(cell for cell in elements(html, "td") if words(cell) == "2" and not len(cell))
    assert "text-align:right" in cell.get("style", "")


@pytest.mark.parametrize(
    "written",
    [
        "https<font>://slot.</font><font>invalid/unsubscribe/</font>",
        "<font>https://slot.in</font>valid/link/1/",
        '<span title="https://slot.<x>invalid/unsubscribe/">a</span>',
    ],
)
def test_tags_that_are_dropped_put_no_slot_together(tmp_path: Path, written: str) -> None:
    """# S-14: a slot that an author forges would be filled with a reader's own link."""
    html = rendered(tmp_path, f"Before {written} after.").email.html
    shown = [name for tag in re.findall(r"<[^>]*>", html) for name in SLOT.findall(tag)]
    assert SLOT.findall(html) == shown
    assert shown.count("unsubscribe") == 1
