"""The roundup as a post: it reads back as what it was made of, and nothing is wrong with it."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.digest.inline_words import plain
from newsletter.digest.markdown import parse
from newsletter.digest.model import Digest
from newsletter.digest.reader import read_post
from newsletter.publishing import publication
from newsletter.roundup import Entry, write
from newsletter.roundup.writing import escaped
from tests.newsletter.roundup.site import NOW, URL, gathered, post, site

WHEN = datetime(2026, 11, 10, tzinfo=UTC)
# Letters, and all that Markdown or a generator takes for more than a letter.
WORDS = st.text(st.sampled_from("aB9é水 .,-!?#*_`~[]()<>{}%|\\^$&;:=+>/\"'@"), max_size=40)


def entry(title: str, **more: object) -> Entry:
    return Entry(Path("x.md"), title, WHEN, **more)  # type: ignore[arg-type]


def written(*entries: Entry, group: str = "section") -> str:
    return write(entries, since=date(2026, 11, 1), today=date(2026, 11, 25), group=group)


def read(folder: Path, text: str) -> Digest:
    file = folder / "roundup.md"
    file.write_text(text, encoding="utf-8")
    return read_post(file)


def test_posts_of_one_section_are_stories_with_their_pictures(tmp_path: Path) -> None:
    one = entry("One", url=f"{URL}/one/", picture=f"{URL}/p (1).png", excerpt="Words of one.")
    digest = read(tmp_path, written(one, entry("Two", excerpt="Words of two.")))
    assert digest.title == "New since 1 November 2026"
    assert digest.description == "One; Two"
    assert [story.title_text for story in digest.stories] == ["One", "Two"]
    image = digest.stories[0].image
    assert image is not None
    assert (image.url, image.alt) == (f"{URL}/p%20%281%29.png", "One")
    assert digest.findings == ()


def test_posts_of_several_sections_stand_under_their_headings(tmp_path: Path) -> None:
    entries = [
        entry("Loose"),
        entry("One", section="Blog", url=f"{URL}/one/", picture=f"{URL}/one.png"),
        entry("Two", section="Notes"),
        entry("Three", section="Blog"),
    ]
    digest = read(tmp_path, written(*entries))
    assert [story.title_text for story in digest.stories] == ["Blog", "Notes", "More"]
    inside = [plain(one) for one in digest.stories[0].blocks if one.type == "inline"]
    assert [words for words in inside if words] == ["One", "One", "Three"]
    assert digest.stories[0].image is None


def test_by_tag_each_post_stands_once_under_the_tag_that_most_share(tmp_path: Path) -> None:
    entries = [
        entry("One", tags=("birds", "tides")),
        entry("Two", tags=("tides",)),
        entry("Three", tags=("maps",)),
    ]
    text = written(*entries, group="tag")
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "## tides", "### One", "### Two", "## maps", "### Three",
    ]  # fmt: skip


def test_a_long_roundup_names_its_first_titles_in_its_description(tmp_path: Path) -> None:
    digest = read(tmp_path, written(*(entry(f"T{number}") for number in range(9))))
    assert digest.description == "T0; T1; T2; and 6 more"


@pytest.mark.parametrize(
    "words",
    [
        "1. First", "# 5", "- a list", "C++ and snake_case", "_so_ *called*", "{{< figure >}}",
        "{% raw %}", "a [link](x) <b>bold</b> &amp; R&D", "~~no~~", "::: note", "> quoted", "2026.",
    ],
)  # fmt: skip
def test_words_are_shown_as_they_are(words: str) -> None:
    tokens, _ = parse(escaped(words))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert plain(tokens[1]) == words


@given(WORDS, WORDS)
def test_whatever_a_post_is_called_it_stays_one_heading_and_one_paragraph(
    title: str, words: str
) -> None:
    one = entry(title.strip() or "x", url=f"{URL}/one/", excerpt=words.strip() or "x")
    body = written(one).partition("\n---\n")[2]
    tokens, _ = parse(body)
    assert [token.type for token in tokens if token.nesting >= 0 and token.level == 0] == [
        "heading_open", "paragraph_open",
    ]  # fmt: skip


def test_the_roundup_of_a_site_passes_the_check(tmp_path: Path) -> None:
    content = site(tmp_path)
    post(content, "blog/one.md", "Words of *one*.\n\n![A gull](gull.png)", tags="[birds]")
    post(content, "blog/two.md", title='"Two: <b>bold</b> & more"')
    post(content, "notes/three.md", description="In short.")
    found = gathered(content)
    file = tmp_path / "roundup.md"
    file.write_text(
        write(found.entries, since=date(2026, 11, 1), today=NOW.date()), encoding="utf-8"
    )
    seen = publication(file, None, now=NOW)
    assert [finding for finding in seen.findings if finding.severity != "info"] == []
    assert {link.url for link in seen.email.links} >= {
        f"{URL}/blog/one/", f"{URL}/blog/two/", f"{URL}/notes/three/",
    }  # fmt: skip
