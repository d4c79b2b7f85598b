"""A post becomes an intro and stories."""

from pathlib import Path

import pytest

from newsletter.digest.inline_words import plain
from newsletter.digest.reader import read_post
from newsletter.errors import PostError
from newsletter.slots import SLOT
from tests.newsletter.digest.writing import EXAMPLES, HEAD, POSTS, codes, read

SHARED = Path(__file__).parents[4] / "shared" / "posts"


def _words(tokens: object) -> list[str]:
    return [plain(token) for token in tokens if token.type == "inline"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("month", ["2026-08-open-data", "2026-09-open-data", "2026-10-open-data"])
def test_each_example_has_nine_stories_with_a_picture_and_a_source_each(month: str) -> None:
    digest = read_post(EXAMPLES / month)

    assert len(digest.stories) == 9
    assert all(story.image and story.image.path for story in digest.stories)
    assert [len(story.sources) for story in digest.stories] == [1] * 9
    assert digest.sources == ()


if SHARED.is_dir():  # a folder beside the checkout, which not everybody has

    def test_the_seed_post_has_nine_stories_with_their_own_sources() -> None:
        digest = read_post(SHARED / "tmai-april-2024.md")

        hosts = [[source.host for source in story.sources] for story in digest.stories]
        assert hosts == [
            ["tomshardware.com"],
            ["theverge.com"],
            ["ai21.com"],
            ["databricks.com"],
            ["aboutamazon.com"],
            ["openai.com"],
            ["techradar.com"],
            ["techcrunch.com"],
            ["teslarati.com"],
        ]
        assert digest.authors == ("Arya", "Saurabha", "Vrushali")
        assert digest.cover is not None
        assert {one.code for one in digest.findings} == {"sources-by-position", "picture-missing"}

    def test_the_posts_of_other_sites_are_read_but_for_those_without_a_title() -> None:
        refused = []
        for path in sorted(SHARED.iterdir()):
            try:
                assert read_post(path).title
            except PostError as error:
                refused.append(str(error).rpartition(": ")[2])

        assert set(refused) <= {"the post has no title", "is Org mode, not Markdown"}


def test_a_story_knows_its_title_blocks_picture_anchor_and_line(tmp_path: Path) -> None:
    digest = read(
        tmp_path,
        HEAD + "Intro.\n\n## The *first* {#one .x}\n\nText.\n\n![Alt](a.png 'Cap')\n\nMore.\n",
    )

    (story,) = digest.stories
    assert _words(digest.intro) == ["Intro."]
    assert story.title_text == "The first"
    assert _words(story.blocks) == ["Text.", "More."]
    assert story.image is not None
    assert (story.image.src, story.image.alt, story.image.title) == ("a.png", "Alt", "Cap")
    assert story.image.line == 10
    assert (story.anchor, story.line) == ("one", 6)


def test_only_the_first_picture_that_stands_alone_leaves_the_text(tmp_path: Path) -> None:
    digest = read(
        tmp_path,
        HEAD + "## A\n\nAn ![i](i.png) icon.\n\n![](a.png)\n\n![](b.png)\n\n- ![](c.png)\n",
    )

    (story,) = digest.stories
    assert story.image is not None
    assert (story.image.src, story.image.alt) == ("a.png", None)
    inside = [
        child.attrs["src"]
        for token in story.blocks
        for child in token.children or ()
        if child.type == "image"
    ]
    assert inside == ["i.png", "b.png", "c.png"]
    assert list(digest.images) == ["i.png", "a.png", "b.png", "c.png"]


def test_a_picture_with_a_link_keeps_both(tmp_path: Path) -> None:
    (story,) = read(tmp_path, HEAD + "## A\n\n[![x](a.png)](https://a.example/)\n").stories

    assert story.image is None
    assert [child.type for child in story.blocks[1].children or ()] == [
        "link_open",
        "image",
        "link_close",
    ]


@pytest.mark.parametrize(
    ("body", "stories"),
    [
        ("Just a letter.\n", []),
        ("### One\n\ntext\n\n#### Part\n\n### Two\n", ["One", "Two"]),
        ("# A digest\n\n## One\n\n### Part\n\n## Two\n", ["One", "Two"]),
        ("# A “digest”\n\n## One\n", ["One"]),
        ("# One\n\n## Part\n\n# Two\n", ["One", "Two"]),
        ("Same\n----\n\nSame\n----\n", ["Same", "Same"]),
        ("> ## Quoted\n\n## One\n", ["One"]),
    ],
)
def test_stories_are_told_by_the_headings_that_a_post_uses(
    tmp_path: Path, body: str, stories: list[str]
) -> None:
    digest = read(tmp_path, '---\ntitle: A "digest"\n---\n'.replace('"', "") + body)

    assert [story.title_text for story in digest.stories] == stories
    assert len({story.anchor for story in digest.stories}) == len(stories)


def test_a_heading_that_repeats_the_title_is_dropped_and_another_is_not(tmp_path: Path) -> None:
    assert _words(read(tmp_path, HEAD + "# A digest\n\nIntro.\n").intro) == ["Intro."]
    other = read(tmp_path, HEAD + "# Something else\n\nIntro.\n")
    assert [story.title_text for story in other.stories] == ["Something else"]


def test_rules_between_stories_are_left_to_the_template(tmp_path: Path) -> None:
    digest = read(
        tmp_path, HEAD + "Intro.\n\n---\n\n## A\n\none\n\n---\n\ntwo\n\n---\n\n## B\n\nx\n"
    )

    assert [token.type for token in digest.intro] == ["paragraph_open", "inline", "paragraph_close"]
    assert [token.type for token in digest.stories[0].blocks].count("hr") == 1


def test_typography_is_set_as_hugo_sets_it(tmp_path: Path) -> None:
    digest = read(tmp_path, HEAD + '"It\'s" 1--2 --- so... (c) `--x "y"` <https://a.example/--x>\n')

    assert _words(digest.intro) == [
        '\u201cIt\u2019s\u201d 1\u20132 \u2014 so… (c) --x "y" https://a.example/--x'
    ]


def test_bare_web_addresses_become_links_and_file_names_do_not(tmp_path: Path) -> None:
    digest = read(
        tmp_path, HEAD + "See https://a.example/x_(y), main.py and `https://b.example`.\n"
    )

    links = [
        child.attrs["href"]
        for token in digest.intro
        for child in token.children or ()
        if child.type == "link_open"
    ]
    assert links == ["https://a.example/x_(y)"]


def test_task_boxes_are_letters_and_comments_are_gone(tmp_path: Path) -> None:
    digest = read(
        tmp_path, HEAD + "- [x] done\n- [ ] open\n\n<!--more-->\n\na <!-- b --> c\n\n<!-- d -->\n"
    )

    assert _words(digest.intro) == ["\u2611 done", "\u2610 open", "a c"]
    assert not any("html" in token.type for token in digest.intro)


def test_a_picture_in_raw_html_is_a_picture(tmp_path: Path) -> None:
    html = '<figure>\n<img src="a.png" alt="A &amp; B">\n<figcaption>By <b>us</b></figcaption>\n</figure>'
    (story,) = read(tmp_path, HEAD + f"## A\n\n{html}\n").stories

    assert story.image is not None
    assert (story.image.src, story.image.alt, story.image.title) == ("a.png", "A & B", "By us")
    assert story.blocks == ()


# S-14
@pytest.mark.parametrize(
    "body",
    [
        "https://slot.invalid/unsubscribe/",
        "[x](https://slot.invalid/link/1/)",
        "![x](https://SLOT.invalid/asset/a/)",
        "https&#58;//slot&#46;invalid/link/1/",
        "https://slot\\.invalid/link/1/",
        "https://slot.in\u00advalid/link/1/",
        "`https://slot.invalid/link/1/`",
        "<a href='https://slot.invalid/link/1/'>x</a>",
        "a \ue000token\ue001 b",
        "a &#xe000;token&#xE001; b",
        "[^1]\n\n[^1]: https://slot.invalid/link/1/ \ue000token\ue001",
    ],
)
def test_no_author_can_write_a_slot_or_a_hole(tmp_path: Path, body: str) -> None:
    digest = read(tmp_path, HEAD + f"{body}\n\n## Story\n\n{body.partition('[^1]:')[0]}\n")

    everything = repr(digest)
    assert not SLOT.search(everything)
    assert "slot.invalid" not in everything.lower()
    assert "\ue000" not in everything
    assert "\\ue000" not in everything


def test_front_matter_can_write_no_slot_and_no_hole_either(tmp_path: Path) -> None:
    digest = read(
        tmp_path, '---\ntitle: "\\uE000token\\uE001 https://slot\\u002einvalid/a/"\n---\nx'
    )

    assert digest.title == "\ufffdtoken\ufffd https://slot.example/a/"


def test_colours_of_a_terminal_are_taken_out_of_code(tmp_path: Path) -> None:
    digest = read(tmp_path, HEAD + "```\n\x1b[1;32mok\x1b[0m\n```\n")

    assert digest.intro[0].content == "ok\n"
    assert codes(digest) == []


def test_marks_in_headings_are_taken_out_of_the_titles() -> None:
    digest = read_post(POSTS / "marks-in-headings.md")

    title = digest.stories[0].title
    assert digest.stories[0].title_text == "A Footbridge That Reports Its Own Rust"
    assert [child.content for child in title.children or ()] == [digest.stories[0].title_text]
