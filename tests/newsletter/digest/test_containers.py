"""The neutral lines for boxes, and the tokens that they become."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from newsletter.digest.author_text import UNFIT, neutral
from newsletter.digest.containers import KINDS, STRUCTURES, closing, opening
from newsletter.digest.inline_words import plain
from newsletter.digest.markdown import parse
from newsletter.digest.phrases import spoken
from tests.limits import soon


def _tokens(source: str) -> list[Token]:
    return parse(source)[0]


def _outline(source: str) -> str:
    """Return the tokens as nested words: `note(“Note” p(a))`."""
    written = ""
    title = False
    for token in _tokens(source):
        name = token.info if token.type == "container_open" else token.tag
        if token.type.startswith(("container_title", "container_caption")):
            title = token.nesting > 0
        elif token.nesting > 0 or token.type == "fence":
            written += f" {name}("
        elif token.nesting < 0:
            written += ")"
        elif token.type == "inline":
            words = plain(token)
            written += f" “{words}”" if title else words
        if token.type == "fence":
            written += f"{token.content.strip()})"
    return spoken(written.strip())


def _box(kind: str, *lines: str, title: str = "") -> str:
    return "\n".join((opening(kind, title), *lines, closing()))


def test_a_box_holds_the_blocks_between_its_lines() -> None:
    assert _outline(_box("note", "a", "", "- b")) == "note( “Note” p(a) ul( li( p(b))))"


def test_both_lines_are_one_line_whatever_the_title() -> None:
    assert "\n" not in opening("note", "a\nb\r\n c") + closing()


@pytest.mark.parametrize(
    ("word", "title", "kind", "heading"),
    [
        ("note", "", "note", "Note"),
        ("danger", "", "caution", "Danger"),
        ("INFO", "", "note", "Info"),
        ("see-also", "", "note", "See also"),
        ("warning", "Mind *the* gap", "warning", "Warning: Mind the gap"),
        ("warning", "**Warning** of fog", "warning", "Warning of fog"),
        ("tip", "Hint: read it", "tip", "Hint: read it"),
        ("spoiler", "", "note", "Note"),
    ],
)
def test_an_admonition_of_any_generator_has_a_kind_and_a_heading_that_says_it(
    word: str, title: str, kind: str, heading: str
) -> None:
    assert _outline(_box(word, "a", title=title)) == f"{kind}( “{heading}” p(a))"


def test_a_title_is_inline_markdown() -> None:
    (inline,) = [
        one
        for one in _tokens(_box("tip", title="`a` [b](https://b.example)"))
        if one.type == "inline"
    ]
    assert [one.type for one in inline.children or ()] == [
        "text",
        "code_inline",
        "text",
        "link_open",
        "text",
        "link_close",
    ]


def test_a_caption_stands_below_its_figure_and_a_summary_above_its_details() -> None:
    assert _outline(_box("figure", "a", title="C")) == "figure( p(a) “C”)"
    assert _outline(_box("details", "a", title="S")) == "details( “S” p(a))"
    assert _outline(_box("aside", "a")) == "aside( p(a))"


def test_boxes_stand_in_boxes() -> None:
    inner = _box("tip", "b")
    assert _outline(_box("note", "a", inner, "c")) == ("note( “Note” p(a) tip( “Tip” p(b)) p(c))")


def test_a_plain_box_is_as_if_it_were_not_there() -> None:
    assert _outline(_box("plain", "## A", _box("note", "b"), "c")) == (
        "h2(A) note( “Note” p(b)) p(c)"
    )
    assert _outline(_box("note", _box("plain", "a"), "b")) == "note( “Note” p(a) p(b))"


def test_a_box_stands_in_a_list_and_in_a_quote() -> None:
    indented = _box("tip", "b").replace("\n", "\n  ")
    assert _outline(f"- a\n\n  {indented}\n\n- c") == ("ul( li( p(a) tip( “Tip” p(b))) li( p(c)))")
    quoted = _box("tip", "b").replace("\n", "\n> ")
    assert _outline(f"> a\n> {quoted}\n> c") == "blockquote( p(a) tip( “Tip” p(b)) p(c))"


def test_lists_and_quotes_stand_in_a_box() -> None:
    quoted = _box("tip", "b").replace("\n", "\n> ")
    item = "- " + _box("tip", "b").replace("\n", "\n  ")
    assert _outline(_box("note", f"> {quoted}", item, "c")) == (
        "note( “Note” blockquote( tip( “Tip” p(b))) ul( li( tip( “Tip” p(b)))) p(c))"
    )


@pytest.mark.parametrize("indent", ["", " ", "   ", "    ", "\t", "          "])
def test_the_lines_of_a_box_may_be_indented(indent: str) -> None:
    assert _outline(f"{indent}{opening('tip')}\na\n{indent}{closing()}") == "tip( “Tip” p(a))"


def test_a_box_needs_no_empty_lines_around_it() -> None:
    assert _outline(f"a\n{_box('tip', 'b')}\nc") == "p(a) tip( “Tip” p(b)) p(c)"
    assert _outline(f"| a |\n|---|\n| b |\n{_box('tip', 'c')}").endswith("tip( “Tip” p(c))")


def test_a_box_that_nothing_closes_ends_with_its_parent() -> None:
    assert _outline(f"{opening('tip')}\na\n\nb") == "tip( “Tip” p(a) p(b))"
    assert _outline(f"> {opening('tip')}\n> a\n\nb") == "blockquote( tip( “Tip” p(a))) p(b)"
    assert _outline(f"- {opening('tip')}\n  a\n\nb\n\n{_box('note', 'c')}") == (
        "ul( li( tip( “Tip” p(a)))) p(b) note( “Note” p(c))"
    )


def test_a_closing_that_closes_nothing_goes() -> None:
    assert _outline(f"a\n{closing()}\nb\n\n{closing()}") == "p(a) p(b)"


def test_raw_html_ends_where_a_box_begins_or_ends() -> None:
    assert _outline(f"<div>\n{_box('tip', '<p>', '*a*', '</p>')}\n</div>b") == (
        "tip( “Tip” p(*a*)) p(b)"
    )
    assert _outline(f"<pre>\n{opening('tip')}\n</pre>\n\na") == "code(Tip) p(a)"


def test_a_figure_of_one_picture_is_that_picture_and_its_caption_the_title() -> None:
    (picture,) = [
        child
        for token in _tokens(_box("figure", "![a](a.png)", title="By *us*"))
        for child in token.children or ()
    ]
    assert (picture.type, picture.attrs["title"]) == ("image", "By us")


def test_no_mark_is_left_in_code_or_in_a_line_with_words() -> None:
    marked = f"a {opening('tip', 'T')} b{closing()} `{closing()}c`"
    source = f"{marked}\n\n```\n{opening('tip', 'T')}\n{closing()}```\n"
    words = "".join(token.content for token in _tokens(source))
    assert words == neutral(words)
    assert "tip" not in words


def test_an_author_cannot_write_a_mark() -> None:
    """S-14: reading takes these characters out of a post before any dialect sees it."""
    for kind in (*STRUCTURES, *KINDS):
        line = opening(kind)
        assert neutral(line) == line.translate(UNFIT) != line
    assert neutral(closing()) == ""


def test_a_box_tells_the_lines_it_took() -> None:
    opened = next(one for one in _tokens(f"a\n\n{_box('tip', 'b', '', 'c')}") if one.info == "tip")
    assert opened.map == [2, 6]


def test_deeper_than_the_parser_goes_a_box_is_left_out_and_its_words_stay() -> None:
    source = "\n".join([*[opening("tip")] * 40, "words", *[closing()] * 40])
    assert "p(words)" in _outline(source)


LINES = st.lists(
    st.sampled_from(
        [
            *(opening("note"), opening("plain"), opening("figure", "c"), closing(), closing()),
            *("a", "", "- ", "> ", "  ", "    ", "<div>", "```", "## h", "| a |", "|---|"),
        ]
    ),
    max_size=30,
)


@settings(max_examples=300, deadline=None)
@given(lines=LINES, joints=st.lists(st.sampled_from(["\n", "", "\n  "]), min_size=30, max_size=30))
@soon()
def test_whatever_the_lines_every_box_is_closed_and_no_mark_is_left(
    lines: list[str], joints: list[str]
) -> None:
    source = "".join(line + joint for line, joint in zip(lines, joints, strict=False))
    depth: list[str] = []
    for token in _tokens(source):
        assert token.content == neutral(token.content)
        if token.type == "container_open":
            depth.append(token.info)
        elif token.type == "container_close":
            assert depth.pop() == token.info
    assert not depth


@pytest.mark.parametrize(
    "line", [opening("note"), opening("plain"), closing(), f"- {opening('note')}", "<div>\n"]
)
def test_no_number_of_boxes_takes_more_than_two_seconds(line: str) -> None:
    source = f"{line}\n\n" * (100_000 // (len(line) + 2))
    with soon():
        _tokens(source)
