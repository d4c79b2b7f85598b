"""The front matter of a site's own posts, in the three notations."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newsletter.digest.fields import FIELDS
from newsletter.digest.metadata import DRAFTS
from newsletter.errors import PostError
from tests.newsletter.digest.writing import codes, read

ROOT = Path(__file__).parents[3]
YAML = """---
title: "Bridges: an inventory"
author: [Hedda, Noor]
description: What stands,
  and what does not.
date: 2026-04-02
slug: Bridges-2026
lang: en
tags: [bridges, iron]
categories: Blog
draft: true
cover:
  image: deck.png
  alt: The deck
newsletter:
  subject: Bridges!
---
Body.
"""
TOML = """+++
title = "Bridges: an inventory"
authors = [{name = "Hedda"}, {name = "Noor"}]
description = "What stands, and what does not."
date = 2026-04-02
slug = "Bridges-2026"
language = "en"
tags = ["bridges", "iron"]
categories = ["Blog"]
draft = true
[cover]
image = "deck.png"
alt = "The deck"
[newsletter]
subject = "Bridges!"
+++
Body.
"""
JSON = """{
  "title": "Bridges: an inventory",
  "author": ["Hedda", "Noor"],
  "description": "What stands, and what does not.",
  "date": "2026-04-02",
  "slug": "Bridges-2026",
  "lang": "en",
  "tags": ["bridges", "iron"],
  "categories": ["Blog"],
  "draft": true,
  "cover": {"image": "deck.png", "alt": "The deck"},
  "newsletter": {"subject": "Bridges!"}
}
Body.
"""


@pytest.mark.parametrize("text", [YAML, TOML, JSON], ids=["yaml", "toml", "json"])
def test_the_three_notations_say_the_same(tmp_path: Path, text: str) -> None:
    digest = read(tmp_path, text)

    assert digest.title == "Bridges: an inventory"
    assert digest.authors == ("Hedda", "Noor")
    assert digest.description == "What stands, and what does not."
    assert digest.date == date(2026, 4, 2)
    assert digest.slug == "Bridges-2026"
    assert digest.language == "en"
    assert digest.tags == ("bridges", "iron")
    assert digest.categories == ("Blog",)
    assert digest.draft is True
    assert digest.cover is not None
    assert (digest.cover.src, digest.cover.alt) == ("deck.png", "The deck")
    assert digest.options == {"subject": "Bridges!"}
    assert digest.intro[1].content == "Body."


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff---\ntitle: A\n---\nBody.",
        "---\r\ntitle: A\r\n---\r\nBody.\r\n",
        "---\ntitle: A\n...\nBody.",
        "\n\n---   \ntitle: A\n---\t\nBody.",
        '{"title": "A"}\nBody.',
    ],
    ids=[
        "byte order mark",
        "windows lines",
        "dots at the end",
        "blanks around",
        "one line of JSON",
    ],
)
def test_odd_ways_to_write_it_are_read(tmp_path: Path, text: str) -> None:
    digest = read(tmp_path, text)

    assert digest.title == "A"
    assert [token.content for token in digest.intro if token.content] == ["Body."]


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("author: Hedda", ("Hedda",)),
        ("author: {name: Hedda, email: h@example.org}", ("Hedda",)),
        ("authors: [Hedda, {name: Noor}, Hedda]", ("Hedda", "Noor")),
        ("author: [{name: {given: Hedda, family: Berg}}]", ("Hedda Berg",)),
        ("params: {author: Hedda}", ("Hedda",)),
        ("extra:\n  authors: [Hedda]", ("Hedda",)),
        ("author: ''", ()),
        ("author: 'Hedda Berg <h@example.org>'", ("Hedda Berg",)),
        ('author: "Hedda^[Bridge Office]"', ("Hedda",)),
        ("author: '[Hedda](https://hedda.example)'", ("Hedda",)),
        (
            "authors: [{name: {literal: The Bridge Office}, affiliation: Iron}]",
            ("The Bridge Office",),
        ),
        ("authors:\n  - name: Hedda\n    affiliations: [{name: Bridge Office}]", ("Hedda",)),
        ("byline: Hedda", ("Hedda",)),
    ],
)
def test_authors_are_read_however_a_site_writes_them(
    tmp_path: Path, written: str, authors: tuple[str, ...]
) -> None:
    assert read(tmp_path, f"---\ntitle: A\n{written}\n---\nBody.").authors == authors


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ('"2026-04-02"', date(2026, 4, 2)),
        ("2026-04-02T09:30:00Z", datetime(2026, 4, 2, 9, 30, tzinfo=UTC)),
        ("2026-04-02 09:30:00 +0000", datetime(2026, 4, 2, 9, 30, tzinfo=UTC)),
        ("April 2, 2026", date(2026, 4, 2)),
        ("2026/04/02", date(2026, 4, 2)),
        ("{created: 2026-04-02, updated: 2026-05-01}", date(2026, 4, 2)),
    ],
)
def test_dates_are_read_as_people_write_them(
    tmp_path: Path, written: str, when: date | datetime
) -> None:
    assert read(tmp_path, f"---\ntitle: A\ndate: {written}\n---\nBody.").date == when


def test_a_date_that_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    digest = read(tmp_path, "---\ntitle: A\ndate: the other day\n---\nBody.")

    assert digest.date is None
    assert [(one.code, one.line) for one in digest.findings] == [("date-unread", 3)]


def test_a_dated_name_gives_the_date_that_the_front_matter_lacks(tmp_path: Path) -> None:
    assert read(tmp_path, "# A\n", "2026-04-02-a.md").date == date(2026, 4, 2)
    assert read(tmp_path, "# A\n", "2026-05-03-a/index.md").date == date(2026, 5, 3)


@pytest.mark.parametrize(
    "written",
    [
        "image: a.png",
        "cover: a.png",
        "featured: a.png",
        "image: {src: a.png}",
        "images: [a.png]",
        "Featured-Image: a.png",
        "heroImage: {image: {src: a.png}}",
        "og: {image: a.png}",
        "params: {cover: {image: a.png}}",
        "header: {teaser: a.png}",
    ],
)
def test_the_cover_is_found_under_the_names_it_goes_by(tmp_path: Path, written: str) -> None:
    cover = read(tmp_path, f"---\ntitle: A\n{written}\n---\nBody.").cover

    assert cover is not None
    assert cover.src == "a.png"
    assert cover.line == 3


@pytest.mark.parametrize(
    ("written", "alt"),
    [
        ("image: a.png\nimage-alt: The deck", "The deck"),
        ("cover: {src: a.png, alt: The deck}", "The deck"),
        ("header: {teaser: a.png}\nimage_alt: The deck", "The deck"),
        ("featuredImage: a.png\nfeaturedImageAlt: The deck", "The deck"),
        ("image: a.png", None),
    ],
)
def test_a_covers_description_is_found_with_it(
    tmp_path: Path, written: str, alt: str | None
) -> None:
    cover = read(tmp_path, f"---\ntitle: A\n{written}\n---\nBody.").cover

    assert cover is not None
    assert cover.alt == alt


@pytest.mark.parametrize(
    ("written", "is_draft"),
    [
        ("draft: true", True),
        ("draft: 'Yes'", True),
        ("published: false", True),
        ("publish: no", True),
        ("status: Draft", True),
        ("params: {draft: true}", True),
        ("draft: false", False),
        ("published: 2026-04-02", False),
        ("status: published", False),
    ],
)
def test_a_draft_is_told_however_a_site_marks_it(
    tmp_path: Path, written: str, is_draft: bool
) -> None:
    assert read(tmp_path, f"---\ntitle: A\n{written}\n---\nBody.").draft is is_draft


@pytest.mark.parametrize(
    ("written", "description"),
    [
        ("excerpt: What `stands` and <b>does not</b>", "What stands and does not"),
        ("summary: 'What [stands](https://a.example)'", "What stands"),
        ("subtitle: What stands", "What stands"),
        ("seo: {description: What stands}", "What stands"),
        ("description: What stands\nsummary: All of it", "What stands"),
        ("description:\nsummary: All of it", "All of it"),
    ],
)
def test_a_description_is_plain_words_whatever_its_name(
    tmp_path: Path, written: str, description: str
) -> None:
    assert read(tmp_path, f"---\ntitle: A\n{written}\n---\nBody.").description == description


def test_tags_may_be_written_in_one_line(tmp_path: Path) -> None:
    digest = read(tmp_path, "---\ntitle: A\ntags: iron, steel ,iron\nkeywords: wood\n---\nBody.")

    assert digest.tags == ("iron", "steel")


def test_a_date_made_at_each_build_leaves_it_to_the_name_of_the_file(tmp_path: Path) -> None:
    digest = read(tmp_path, "---\ntitle: A\ndate: today\n---\nBody.", "2026-04-02-a.md")

    assert digest.date == date(2026, 4, 2)
    assert digest.findings == ()


def test_every_key_that_is_read_stands_in_the_guide() -> None:
    guide = (ROOT / "docs" / "writing-a-digest.md").read_text("utf-8")

    names = {name for names in FIELDS.values() for name in names} | set(DRAFTS)
    assert [name for name in sorted(names) if f"`{name}`" not in guide] == []


def test_a_newsletter_entry_that_is_no_table_is_named(tmp_path: Path) -> None:
    digest = read(tmp_path, "---\ntitle: A\nnewsletter: yes please\n---\nBody.")

    assert digest.options == {}
    assert codes(digest) == ["options-unread"]


def test_an_entry_for_the_mail_that_is_unknown_or_no_text_is_named(tmp_path: Path) -> None:
    table = "  subject: 5 tides\n  preheader: [a]\n  subjct: x\n  merge_fields: maybe\n  note:\n"
    digest = read(tmp_path, f"---\ntitle: A\nnewsletter:\n{table}---\nBody.")

    assert digest.options == {"subject": "5 tides", "note": None}
    assert [(one.code, one.line) for one in digest.findings] == [
        ("options-unread", 5),
        ("options-unread", 6),
        ("options-unread", 7),
    ]


def test_without_front_matter_the_first_heading_is_the_title(tmp_path: Path) -> None:
    digest = read(tmp_path, "# Bridges\n\nIntro.\n\n## One\n\nText.\n")

    assert digest.title == "Bridges"
    assert [story.title_text for story in digest.stories] == ["One"]


def test_a_heading_deep_in_the_post_is_not_taken_for_its_title(tmp_path: Path) -> None:
    with pytest.raises(PostError, match="no title"):
        read(tmp_path, "## One\n\nText.\n\n# Quote of the week\n")


@pytest.mark.parametrize(
    ("text", "line", "what", "mend"),
    [
        ("---\ndate: 2026-01-01\ntitle: a: b\n---\n", 3, "not YAML", 'title: "a: b"'),
        ("---\ntitle: a\n\tslug: b\n---\n", 3, "not YAML", "spaces, not with a tab"),
        ("---\ntitle: @home\n---\n", 2, "not YAML", "in quotes"),
        ("---\ntitle: a\n\nText.\n", 1, "never closed", "a line ---"),
        ("---\njust words\n---\n", 2, "no `key: value`", "title"),
        ("+++\ndate = 1\ntitle = a b\n+++\n", 3, "not TOML", 'title = "…"'),
        ('{\n"title": "a",\n"slug" "b"}\n', 3, "not JSON", "commas"),
        ("---\nslug: b\n---\n## One\n\n## Two\n", 1, "no title", "title: …"),
        ("Only words.\n", 1, "no title", "# Title"),
        ("---\ndate: 2026-13-45\n---\n", 2, "not YAML", "check"),
        ("---\na: !!python/object:os.system x\n---\n", 2, "not YAML", "in quotes"),
    ],
)
def test_what_cannot_be_parsed_is_named_with_line_and_mend(
    tmp_path: Path, text: str, line: int, what: str, mend: str
) -> None:
    with pytest.raises(PostError) as refused:
        read(tmp_path, text)

    assert refused.value.line == line
    assert what in str(refused.value)
    assert mend in refused.value.mend
    assert str(tmp_path / "index.md") in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: x\na: &a [*a]\n---\n",
        "---\na: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(
            f"{after}: &{after} [{f'*{before},' * 9}]\n"
            for before, after in zip("abcdef", "bcdefg", strict=True)
        )
        + "---\n",
    ],
    ids=["a loop", "an alias bomb"],
)
def test_front_matter_that_would_never_end_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PostError, match="too deeply or repeats itself"):
        read(tmp_path, text)
