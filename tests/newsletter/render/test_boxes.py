"""Admonitions, folds and figures, as they stand in a mail."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.digest.containers import closing, opening
from newsletter.digest.markdown import parse
from newsletter.digest.model import Digest
from newsletter.digest.phrases import spoken
from newsletter.render.colour import READABLE, contrast
from newsletter.render.design import looks
from newsletter.render.html import AuthorHTML
from newsletter.render.linkbook import LinkBook
from newsletter.render.pictures.album import Album
from newsletter.render.references import References
from newsletter.render.text_blocks import BlockWriter
from tests.emails import elements, words


def _html(*lines: str) -> str:
    digest = Digest(path=Path("post.md"), title="T")
    author = AuthorHTML(digest, LinkBook(), Album(digest.path, served_by="site"), box=548)
    return spoken(author.blocks(parse("\n".join(lines))[0]))


def _text(*lines: str) -> str:
    tokens, _ = parse(spoken("\n".join(lines)))
    return "\n".join(BlockWriter(References(LinkBook())).lines(tokens))


def test_a_box_is_a_cell_that_lays_out_and_its_title_is_bold() -> None:
    html = _html("before", opening("danger"), "a *b*", "", "- c", closing(), "after")
    (table,) = elements(html, "table")
    assert table.get("role") == "presentation"
    (cell,) = elements(html, "td")
    assert cell.get("class") == "box caution"
    assert words(cell) == "Danger a b c"
    assert [words(one) for one in elements(html, "strong")] == ["Danger"]


def test_boxes_in_boxes_stay_where_they_are() -> None:
    html = _html(opening("note"), opening("tip"), "a", closing(), "b", closing(), "c")
    cells = [words(cell) for cell in elements(html, "td")]
    assert cells == ["Note Tip a b", "Tip a"]
    assert html.count("<table") == html.count("</table>") == 2


def test_html_that_an_author_leaves_open_does_not_break_a_box() -> None:
    html = _html(opening("note"), "<div><aside><table><tr><td>", closing(), "</table>", "", "after")
    assert html.count("<table") == html.count("</table>")
    assert html.count("<td") == html.count("</td>")


def test_a_figure_has_its_caption_below() -> None:
    html = _html(opening("figure", "A [b](https://b.example)"), "words", closing())
    (figure,) = elements(html, "figure")
    assert [child.tag for child in figure] == ["p", "figcaption"]
    assert [link.get("href") for link in elements(html, "a")] == ["https://slot.invalid/link/1/"]


def _colours() -> Iterator[tuple[str, str, str]]:
    tokens = looks("#1f4fd8").tokens
    for scheme in ("light", "dark"):
        for kind, colour in tokens[scheme]["box"].items():
            yield f"{scheme} {kind}", colour, tokens[scheme]["tint"]


@pytest.mark.parametrize(("name", "colour", "ground"), list(_colours()))
def test_the_title_of_every_box_can_be_read(name: str, colour: str, ground: str) -> None:
    assert contrast(colour, ground) >= READABLE, name


def test_in_a_text_a_box_is_a_title_above_words_that_are_set_in() -> None:
    assert _text("before", "", opening("warning", "Mind the gap"), "a", "", "- b", closing()) == (
        "before\n\nWarning: Mind the gap\n  a\n\n  - b"
    )


@pytest.mark.parametrize(
    ("kind", "title", "line"),
    [
        ("note", "", "Note:"),
        ("note", "Read this", "Note: Read this"),
        ("details", "More", "More:"),
        ("details", "More?", "More?"),
    ],
)
def test_a_title_that_ends_in_a_word_gets_a_colon(kind: str, title: str, line: str) -> None:
    assert _text(opening(kind, title), "a", closing()) == f"{line}\n  a"


def test_a_box_without_title_or_words_leaves_no_trace() -> None:
    assert _text(opening("aside"), "a", closing()) == "  a"
    assert _text("a", opening("aside"), closing(), "b") == "a\n\nb"
    assert _text(opening("details", "S"), closing()) == "S:"


def test_lines_in_a_box_keep_to_72_columns() -> None:
    text = _text(opening("note"), "word " * 40, opening("tip"), "word " * 40, closing(), closing())
    assert max(map(len, text.split("\n"))) <= 72
    assert "\n    word" in text
