"""Straight quotation marks become those of the post's language."""

# ruff: noqa: RUF001 (quotation marks are what this is about)

from pathlib import Path

import pytest

from newsletter.digest.inline_words import plain
from newsletter.digest.quotes import MARKS, quotes
from tests.newsletter.digest.writing import read


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "She said “it’s a ‘moth’”."),
        ("de", "She said „it’s a ‚moth‘“."),
        ("de-CH", "She said «it’s a ‹moth›»."),
        ("fr", "She said « it’s a “moth” »."),
        ("es-MX", "She said «it’s a “moth”»."),
        ("pl", "She said „it’s a «moth»”."),
        ("sv", "She said ”it’s a ’moth’”."),
        ("he", "She said \"it’s a 'moth'\"."),
        ("ja", "She said “it’s a ‘moth’”."),
        ("", "She said “it’s a ‘moth’”."),
    ],
)
def test_each_language_has_its_own(tmp_path: Path, language: str, said: str) -> None:
    post = f"---\ntitle: T\nlang: {language}\n---\nShe said \"it's a 'moth'\".\n"
    assert plain(read(tmp_path, post).intro[1]) == said


def test_a_hebrew_abbreviation_keeps_its_mark(tmp_path: Path) -> None:
    digest = read(tmp_path, '---\ntitle: T\nlang: he\n---\nהדו"ח השנתי\n')
    assert plain(digest.intro[1]) == 'הדו"ח השנתי'


@pytest.mark.parametrize("language", [*MARKS, "xx", "pt_BR"])
def test_there_are_always_four(language: str) -> None:
    assert len(quotes(language)) == 4
