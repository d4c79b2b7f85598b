"""What only kramdown understands never shows; what it means for a reader stays."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.digest.containers import closing
from newsletter.digest.dialects.dialect import Lifted
from newsletter.digest.dialects.kramdown.blocks import lift_kramdown
from newsletter.digest.phrases import spoken
from tests.limits import soon
from tests.newsletter.digest.dialects.lifting import opening
from tests.newsletter.digest.writing import read

HEAD = "---\ntitle: Bits\nlayout: post\n---\n"


def lifted(text: str) -> str:
    """Return Markdown without what is kramdown's own."""
    return spoken(lift_kramdown(Lifted(text)).text)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Words.\n{: .lead #a style='x'}\n\nMore.", "Words.\n\nMore."),
        ("Words.\n{:.a}\nMore.", "Words.\n\nMore."),
        ("{: .a}\nWords.", "Words."),
        ("* one\n{:.x}\n* two", "* one\n* two"),
        ("> Quoted.\n> {: .x}", "> Quoted."),
        ("## Story\n{: #own}", "## Story {#own}"),
        ("Story\n-----\n{: #own .x}", "Story {#own}\n-----"),
        ("![A](a.png){: width='300' .x}", '![A](a.png){width="300"}'),
        ("![A](a.png)\n{: width=\"300\"}", '![A](a.png){width="300"}'),
        ("See [x](y){:target='_blank'} and *so*{: .red} and `c`{:.l}.", "See [x](y) and *so* and `c`."),
        ("An {:ok, value} of words and `{: .x}` in code.", "An {:ok, value} of words and `{: .x}` in code."),
        ("```\n{: .x}\n{::comment}\n```", "```\n{: .x}\n{::comment}\n```"),
        ("{:big: width='9'}\n\n![A](a.png){:big}", '\n\n![A](a.png){width="9"}'),
        ("{::comment}\nHidden.\n{:/comment}\nShown.", "\nShown."),
        ("A {::comment}hidden{:/} word.", "A  word."),
        ("{::comment} never closed\n\nShown.", "{::comment} never closed\n\nShown."),
        ("{::options parse_block_html='true' /}\nWords.", "\nWords."),
        ("{::nomarkdown}\n<b>x</b>\n{:/nomarkdown}", "\n<b>x</b>\n"),
        ("Words.\n\n* TOC\n{:toc .x}\n\nMore.", "Words.\n\n\nMore."),
        ("Line \\\\\nnext", "Line \\\nnext"),
        ("* a\n^\n* b", "* a\n\n* b"),
        ("| a | b |\n| c | d |", "|  |  |\n|---|---|\n| a | b |\n| c | d |"),
        ("| a | b |\n|---|:-:|\n| c | d |\n|===\n| e | f |", "| a | b |\n|---|:-:|\n| c | d |\n| e | f |"),
        ("Of | a | kind\n| b |", "Of | a | kind\n| b |"),
        ("<div markdown='1' id=\"x\">\n*Words*\n</div>\nAfter.", '\n<div id="x">\n\n\n*Words*\n\n</div>\n\nAfter.'),
        ("<p markdown=\"1\">*Words*</p>", "*Words*\n\n\n"),
    ],
)  # fmt: skip
def test_attributes_comments_tables_and_html_become_plain_markdown(
    written: str, meant: str
) -> None:
    assert lifted(written) == meant


@pytest.mark.parametrize(
    ("written", "kind", "title", "words"),
    [
        ("> Words.\n{: .prompt-tip }", "tip", "", "Words."),
        ("Words.\n{: .notice--warning}", "warning", "", "Words."),
        ("{: .note }\nWords.", "note", "", "Words."),
        ("{: .warning-title }\n> Mind\n>\n> Words.", "warning", "Mind", "\nWords."),
        ("> Words.\n{: .alert .alert-danger}", "danger", "", "Words."),
        ('<div class="callout callout-info" markdown="1">\nWords.\n</div>', "info", "", "\n\nWords."),
        ("<details markdown='1'><summary>More *of*</summary>\nWords.\n</details>", "details", "More *of*", "\n\nWords."),
    ],
)  # fmt: skip
def test_a_themes_boxes_become_ours(written: str, kind: str, title: str, words: str) -> None:
    found = lifted(written)

    first = opening(kind, title)
    assert first in found
    inner = found[found.index(first) + len(first) : found.index(closing())]
    assert inner.strip("\n") == words.strip("\n")


def test_a_finding_after_lines_that_went_names_its_own_line(tmp_path: Path) -> None:
    digest = read(
        tmp_path,
        HEAD
        + "{::comment}\nx\n{:/comment}\n\n| a |\n| b |\n\n## Story\n{: #own}\n\n![A](no.png)\n",
        "2026-11-05-bits.md",
    )

    assert [(one.anchor, one.line) for one in digest.stories] == [("own", 12)]
    assert [one.line for one in digest.findings if one.code == "picture-missing"] == [15]


@pytest.mark.parametrize(
    "hostile",
    [
        "{: .a\n" * 40_000,
        "{::comment}\n" * 20_000,
        "*a*{: " * 40_000,
        "{:a" * 80_000,
        "<div markdown='1'>\n" * 12_000,
        "<div markdown='1' " + "a " * 100_000,
        "<div " + 'a="1" ' * 40_000,
        "<p markdown='1'>" + "<p>" * 60_000,
        "| a\n" * 60_000,
        "|" * 250_000,
        "> a\n{: .note}\n" * 15_000,
        "{: a='" + "\\'" * 100_000,
        "\\\\" * 120_000 + "\n",
        "{::comment}" + "{:/" * 80_000,
    ],
    ids=range(14),
)
def test_no_body_takes_long(hostile: str) -> None:
    """T12."""
    with soon():
        lifted(hostile)


PIECES = st.sampled_from(
    [
        *("{:", "}", ".note", "#id", " ", "\n", "\n\n", "{::comment}", "{:/comment}", "{:/}", "| ", "|\n"),
        *("|---|\n", "> ", "* ", "## ", "```\n", "`", "markdown='1'", "<div ", ">", "</div>", "<p ", "toc"),
        *("width='3'", "![a](b)", "*x*", "\\\\\n", "^\n", "{:a: .b}\n", "<details ", "<summary>x</summary>"),
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
@soon()
def test_any_body_at_all_is_lifted_line_for_line(text: str) -> None:
    """T12."""
    found = lift_kramdown(Lifted(text))

    assert len(found.lines) == found.text.count("\n") + 1
    assert list(found.lines) == sorted(found.lines)
    assert not found.lines or 1 <= found.lines[-1] <= text.count("\n") + 1
