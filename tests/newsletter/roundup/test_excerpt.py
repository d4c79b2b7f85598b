"""The few words that a roundup quotes of a post."""

from pathlib import Path

import pytest

from newsletter.digest.reader import read_post
from newsletter.roundup.excerpt import excerpt, shortened

SENTENCE = "Eight words stand in a row just here. "


def quoted(folder: Path, body: str, front: str = "") -> str:
    text = f"---\ntitle: T\n{front}---\n\n{body}\n"
    file = folder / "post.md"
    file.write_text(text, encoding="utf-8")
    return excerpt(read_post(file), text)


def test_a_description_is_quoted(tmp_path: Path) -> None:
    said = quoted(tmp_path, "Other words.\n\n<!--more-->", "description: In short.\n")
    assert said == "In short."


@pytest.mark.parametrize("mark", ["<!--more-->", "<!-- more -->", "<!-- truncate -->"])
def test_what_stands_before_the_mark_is_quoted(tmp_path: Path, mark: str) -> None:
    assert quoted(tmp_path, f"One.\n\nTwo.\n\n{mark}\n\nThree.") == "One. Two."


def test_without_a_mark_the_first_paragraph_is_quoted(tmp_path: Path) -> None:
    body = "![A picture](p.png)\n\nSome *plain* [words](https://a.example/), no `markup`.\n\nMore."
    assert quoted(tmp_path, body) == "Some plain words, no markup."


def test_a_post_that_begins_with_a_heading_is_quoted_too(tmp_path: Path) -> None:
    assert quoted(tmp_path, "## First\n\nWords of the first.") == "Words of the first."


def test_a_post_without_a_paragraph_has_nothing_to_quote(tmp_path: Path) -> None:
    assert quoted(tmp_path, "```\ncode\n```") == ""


def test_a_long_text_ends_with_a_sentence_in_good_time() -> None:
    assert shortened(SENTENCE * 20) == (SENTENCE * 7).strip()


def test_a_sentence_without_end_is_cut_at_a_word() -> None:
    said = shortened("word, " * 100)
    assert said == "word, " * 59 + "word…"


def test_a_script_without_spaces_is_cut_as_well() -> None:
    said = shortened("水面は静かです。" * 40)
    assert said == "水面は静かです。" * 15


def test_a_short_text_stays_as_it_is() -> None:
    assert shortened("A few words") == "A few words"
