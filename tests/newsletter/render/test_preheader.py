"""The line that an inbox shows beside the subject."""

from pathlib import Path

import pytest

from newsletter.digest.reader import read_post
from newsletter.render.preheader import preheader
from tests.emails import EXAMPLES, elements, rendered

STORIES = "\n".join(f"## {title}\n\nText.\n" for title in ("The first story", "A second one", "3"))
LONG = "A sentence that says something about this month and the next. " * 4


def said(folder: Path, body: str, front: str = "title: A Title") -> str:
    return rendered(folder, body, front=front).email.preheader


@pytest.mark.parametrize("post", EXAMPLES, ids=lambda post: post.parent.name)
def test_an_example_gets_80_to_120_characters(post: Path) -> None:
    digest = read_post(post)
    assert 80 <= len(preheader(digest, digest.title)) <= 120


def test_without_a_description_the_intro_speaks(tmp_path: Path) -> None:
    line = said(tmp_path, f"{LONG}\n\n{STORIES}")
    assert line.startswith("A sentence that says something")
    assert 80 <= len(line) <= 120


def test_without_an_intro_the_stories_speak(tmp_path: Path) -> None:
    assert said(tmp_path, STORIES) == "The first story; A second one; 3"


def test_a_short_description_goes_on_with_the_stories(tmp_path: Path) -> None:
    line = said(tmp_path, STORIES, "title: T\ndescription: Short words")
    assert line == "Short words. The first story; A second one; 3"


def test_no_full_stop_follows_a_full_stop_of_another_script(tmp_path: Path) -> None:
    assert said(tmp_path, "## 夏\n\nB.", "title: A\ndescription: 春です。") == "春です。 夏"


def test_a_long_description_ends_at_a_word(tmp_path: Path) -> None:
    line = said(tmp_path, STORIES, f"title: T\ndescription: {LONG}")
    assert len(line) <= 120
    assert line.endswith("…")
    assert LONG.startswith(line[:-1] + " ")


def test_it_does_not_say_the_subject_again(tmp_path: Path) -> None:
    line = said(tmp_path, STORIES, "title: The News!\ndescription: the news")
    assert line.startswith("The first story")


def test_what_the_front_matter_wishes_is_taken_as_it_is(tmp_path: Path) -> None:
    front = "title: T\nnewsletter:\n  preheader: Just this"
    assert said(tmp_path, STORIES, front) == "Just this"


def test_it_is_the_first_thing_in_the_body_and_padded(tmp_path: Path) -> None:
    html = rendered(tmp_path, STORIES, front="title: T\ndescription: A < b & more").email.html
    first = next(elements(html, "div"))
    inner = next(one for one in first.iter("div") if "display:none" in one.get("style", ""))
    assert (inner.text or "").startswith("A < b & more. The first story")
    assert "&#847;&zwnj;&nbsp;" in html
