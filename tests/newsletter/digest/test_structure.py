"""A post's headings tell its stories, whichever levels its author uses."""

from pathlib import Path

import pytest

from tests.newsletter.digest.writing import HEAD, read


@pytest.mark.parametrize(
    ("body", "stories"),
    [
        ("Intro\n\n## One\n\na\n\n### Deeper\n\n## Two\n\nb\n", ["One", "Two"]),
        ("# One\n\n## Deeper\n\n# Two\n", ["One", "Two"]),
        ("### One\n\n#### Deeper\n\n### Two\n", ["One", "Two"]),
        ("#### One\n\n#### Two\n", ["One", "Two"]),
        ("A letter.\n\n##### A label\n\nWords.\n\n###### Another\n", []),
        ("A letter without any heading.\n", []),
        ("# Lone\n\n## One\n\n## Two\n", ["One", "Two"]),
        ("# A digest\n\nIntro\n\n# One\n\n# Two\n", ["One", "Two"]),
        ("# A digest\n\n## One\n", ["One"]),
        ("## One\n\n# A digest\n\n# Two\n", ["A digest", "Two"]),
        ("> ## Quoted\n\n- ## Listed\n\n## One\n", ["One"]),
        ("One\n===\n\nTwo\n===\n", ["One", "Two"]),
    ],
)
def test_the_headings_tell_the_stories(tmp_path: Path, body: str, stories: list[str]) -> None:
    digest = read(tmp_path, HEAD + body)

    assert [story.title_text for story in digest.stories] == stories


@pytest.mark.parametrize("heading", ["A Digest", "A  digest", "*A* digest", "“A digest”"])
def test_a_first_heading_that_repeats_the_title_is_said_once(tmp_path: Path, heading: str) -> None:
    digest = read(tmp_path, f"{HEAD}# {heading}\n\nIntro.\n\n## One\n\na\n")

    assert [token.content for token in digest.intro if token.type == "inline"] == ["Intro."]


@pytest.mark.parametrize(
    ("end", "stories"),
    [
        ("## References\n\n[^1]: [a](https://a.example)\n", ["One"]),
        ("## Quellen:\n\n[^1]: [a](https://a.example)\n", ["One"]),
        ("## References\n\nSee [b](https://b.example).\n\n[^1]: [a](https://a.example)\n", ["One", "References"]),
        ("## References\n", ["One", "References"]),
        ("## Thanks\n\n[^1]: [a](https://a.example)\n", ["One", "Thanks"]),
    ],
)  # fmt: skip
def test_a_heading_above_nothing_but_notes_is_no_story(
    tmp_path: Path, end: str, stories: list[str]
) -> None:
    digest = read(tmp_path, f"{HEAD}## One\n\na[^1]\n\n{end}")

    assert [story.title_text for story in digest.stories] == stories


@pytest.mark.parametrize(
    "mark", ["<!--more-->", "<!-- more -->", "<!-- truncate -->", "<!--end_excerpt-->"]
)
def test_what_ends_an_excerpt_shows_nowhere(tmp_path: Path, mark: str) -> None:
    digest = read(tmp_path, f"{HEAD}One.\n\n{mark}\n\nTwo.\n")

    assert [token.content for token in digest.intro if token.content] == ["One.", "Two."]


@pytest.mark.parametrize(
    ("body", "title", "stories"),
    [
        ("## News\n\n### A\n\na\n\n### B\n\nb\n", "News", ["A", "B"]),
        ("Hello.\n\n## News\n\nWords.\n", "News", []),
        ("#### News\n\nWords.\n", "News", []),
    ],
)
def test_the_only_heading_of_the_highest_level_is_the_title(
    tmp_path: Path, body: str, title: str, stories: list[str]
) -> None:
    digest = read(tmp_path, body)

    assert (digest.title, [story.title_text for story in digest.stories]) == (title, stories)


def test_a_picture_below_a_smaller_heading_stays_there(tmp_path: Path) -> None:
    digest = read(tmp_path, f"{HEAD}## A\n\nWords.\n\n### B\n\n![C](https://c.example/c.png)\n")

    assert digest.stories[0].image is None
    assert any(
        child.type == "image" for one in digest.stories[0].blocks for child in one.children or ()
    )


def test_each_picture_of_a_story_stays_and_the_first_leads_it(tmp_path: Path) -> None:
    digest = read(
        tmp_path, f"{HEAD}## One\n\na\n\n![p](p.png)\n\nb\n\n![q](q.png)\n\n![r](r.png)\n"
    )

    (story,) = digest.stories
    assert story.image is not None
    assert story.image.src == "p.png"
    shown = [
        one.attrs["src"]
        for token in story.blocks
        for one in token.children or ()
        if one.type == "image"
    ]
    assert shown == ["q.png", "r.png"]
    assert list(digest.images) == ["p.png", "q.png", "r.png"]


@pytest.mark.parametrize(
    ("body", "is_shown"),
    [("Words.\n", True), ("## One\n\na\n", True), ("## One\n\n![p](p.png)\n", False), ("![c](c.png)\n", False)],
)  # fmt: skip
def test_a_cover_is_shown_where_the_post_has_no_other_picture(
    tmp_path: Path, body: str, is_shown: bool
) -> None:
    (tmp_path / "c.png").write_bytes(b"png")

    digest = read(tmp_path, f"---\ntitle: A\ncover: {{src: c.png, alt: Sea}}\n---\n{body}")

    first = digest.intro[1].children if len(digest.intro) > 1 else None
    shown = [one.content for one in first or () if one.type == "image"]
    assert (shown == ["Sea"]) is is_shown


def test_a_cover_that_cannot_be_shown_leaves_no_hole(tmp_path: Path) -> None:
    assert read(tmp_path, "---\ntitle: A\ncover: c.png\n---\n").intro == ()
