"""Headings without gaps and tables with heads: what a screen reader is told."""

import re
from pathlib import Path

import pytest

from newsletter.render.outline import headed, outlined
from tests.emails import elements, rendered, words


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2", "3"),
        ("4", "3"),
        ("4 5 4", "3 4 3"),
        ("4 6 6 3 4", "3 4 4 3 4"),
        ("6 5 4 3", "3 3 3 3"),
        ("1 2 3 4 5 6", "3 4 5 6 6 6"),
    ],
)
def test_headings_go_down_one_level_at_a_time(written: str, shown: str) -> None:
    html = "".join(f"<h{level}>x</h{level}>" for level in written.split())
    made = outlined(html, 2)
    assert re.findall(r"<h(\d)", made) == shown.split()
    assert re.findall(r"</h(\d)", made) == shown.split()


def test_a_heading_without_words_goes() -> None:
    assert outlined("<p>a</p><h3> </h3><p>b</p>", 2) == "<p>a</p><p>b</p>"


def test_a_heading_before_the_stories_follows_the_title_and_is_not_set_like_a_story(
    tmp_path: Path,
) -> None:
    html = rendered(
        tmp_path, "#### Before\n\nWords.\n\n## A story\n\n#### In it\n\nMore."
    ).email.html
    found = [(one.tag, words(one)) for one in elements(html, "h1", "h2", "h3", "h4")]
    assert found == [
        ("h1", "A Title"),
        ("h2", "Before"),
        ("h2", "A story"),
        ("h3", "In it"),
    ]
    # The looks of a story's title are its own: this one is set as other headings are.
    first, second = (one.get("style", "") for one in elements(html, "h2"))
    assert "serif" not in first.replace("sans-serif", "")
    assert "Georgia" in second


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<tr><th>a</th><th>b</th></tr>", ["col", "col"]),
        ("<tr><th>a</th><td>b</td></tr>", ["row"]),
        ('<tr><th scope="rowgroup">a</th><td>b</td></tr>', ["rowgroup"]),
    ],
)
def test_the_head_of_a_column_or_row_says_so(written: str, shown: list[str]) -> None:
    assert re.findall(r'scope="(\w+)"', headed(written)) == shown


def test_an_empty_head_is_a_plain_cell() -> None:
    html = headed('<tr><th style="text-align:left"></th><th>b</th></tr>')
    assert html == '<tr><td style="text-align:left"></td><th scope="col">b</th></tr>'


def test_the_name_that_an_author_gives_a_heading_is_its_anchor(tmp_path: Path) -> None:
    html = rendered(tmp_path, "## A {#one}\n\nx\n\n## B {.y #two}\n\nx").email.html
    assert [one.get("id") for one in elements(html, "h2") if one.get("id")] == ["one", "two"]
