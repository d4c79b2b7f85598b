"""A post that names no language is set as its letters tell."""

from pathlib import Path

import pytest

from newsletter.digest.reader import read_post
from newsletter.render.renderer import render_issue
from newsletter.render.script import language_by_letters
from tests.emails import MASTHEAD


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ملخص الشهر مع كلمة English", "ar"),
        ("סיכום החודש", "he"),
        ("今月のまとめ", "ja"),
        ("本月摘要", "zh"),
        ("The month in short", ""),
        ("Der Monat, kurz", ""),
        ("A page on the word 日 and what it means", ""),
        ("2026-11 !", ""),
        ("", ""),
    ],
)
def test_letters_tell_a_language_or_none(text: str, language: str) -> None:
    assert language_by_letters(text) == language


@pytest.mark.parametrize(
    ("head", "lang", "direction"), [("", "ar", "rtl"), ("lang: en\n", "en", "ltr")]
)
def test_an_arabic_post_runs_leftward_unless_it_says_otherwise(
    tmp_path: Path, head: str, lang: str, direction: str
) -> None:
    post = tmp_path / "index.md"
    written = f"---\ntitle: ملخص الشهر\n{head}---\nقصة عربية.\n"
    post.write_text(written, encoding="utf-8")

    html = render_issue(read_post(post), MASTHEAD).email.html

    assert f'<html lang="{lang}" dir="{direction}"' in html
