"""A title or a description is words: the marks that some write into them are not mailed."""

from pathlib import Path

import pytest

from newsletter.digest.plain_words import plain_words
from tests.newsletter.digest.writing import read


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("A **bold** and *soft* title", "A bold and soft title"),
        ("What is new in `cargo` and ``a`b``", "What is new in cargo and a`b"),
        ("Tips &amp; Tricks &#8217;26", "Tips & Tricks \u201926"),
        ("<em>News</em> of<br>May", "News of May"),
        ("See [the docs](https://a.example/) now", "See the docs now"),
        ("_Quietly_ said, ~~not~~ twice", "Quietly said, not twice"),
        ("1 \\* 2 \\_x\\_", "1 * 2 _x_"),
        ("__init__.py, snake_case_names and *.md", "__init__.py, snake_case_names and *.md"),
        ("2*3*4, 2 * 3 and C*-algebras", "2*3*4, 2 * 3 and C*-algebras"),
        ("Vec<T>, a < b > c, AT&T, 5 &gt; 4", "Vec<T>, a < b > c, AT&T, 5 > 4"),
        ("[WIP] Notes [1]", "[WIP] Notes [1]"),
        ("C:\\temp ~5 %", "C:\\temp ~5 %"),
    ],
)
def test_marks_go_and_words_stay(written: str, meant: str) -> None:
    assert plain_words(written) == meant


def test_a_heading_that_repeats_a_marked_title_is_not_shown_twice(tmp_path: Path) -> None:
    digest = read(
        tmp_path,
        '---\ntitle: "News of `cargo` & **co**"\ndescription: "*All* of it"\n---\n'
        "# News of `cargo` & **co**\n\nWords.\n",
    )

    assert (digest.title, digest.description) == ("News of cargo & co", "All of it")
    assert not any(token.type == "heading_open" for token in digest.intro)
    assert digest.stories == ()
