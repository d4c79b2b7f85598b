"""Pelican's posts: their heads, their links, the extensions of Python-Markdown."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.digest.containers import closing
from newsletter.digest.dialects.pelican.slugs import pattern, slugify
from newsletter.digest.dialects.python_markdown.lifting import lift_extensions
from newsletter.digest.python_values import read_python
from newsletter.digest.reader import read_post
from tests.limits import soon
from tests.newsletter.digest.dialects.lifting import (
    in_english,
    opening,
    page_of,
    some_page,
    write_site,
)
from tests.newsletter.digest.writing import codes, write_post

CONFIG = "SITEURL = 'https://site.example/sub'\nPATH = 'content'\n"


def test_a_head_of_keys_is_read_with_the_lines_that_go_on(tmp_path: Path) -> None:
    post = write_post(
        tmp_path,
        "Title: The Post: One\nDate: 2026-04-02 10:20\nTags: wind, sea\n"
        "Authors: Ada Lovelace, Bob\nSummary: A line\n    and another.\nStatus: published\n\nWords.\n",
    )

    digest = read_post(post)

    assert (digest.title, digest.description) == ("The Post: One", "A line and another.")
    assert (digest.tags, digest.authors) == (("wind", "sea"), ("Ada Lovelace", "Bob"))
    assert str(digest.date) == "2026-04-02 10:20:00"
    assert [one.map for one in digest.intro[:1]] == [[8, 9]]


def test_a_head_between_rules_may_be_no_yaml(tmp_path: Path) -> None:
    post = write_post(tmp_path, "---\nTitle: One: two\nStatus: draft\n---\n\nWords {tag}.\n")

    digest = read_post(post, dialect="pelican")

    assert (digest.title, digest.draft) == ("One: two", True)


@pytest.mark.parametrize(
    "text", ["Dear all: hello.\n\nWords.\n", "Title: A\nThis is a sentence.\n\nWords.\n"]
)
def test_a_sentence_with_a_colon_is_no_head(tmp_path: Path, text: str) -> None:
    write_post(tmp_path, f"{text}\n# The title\n")

    assert read_post(tmp_path / "index.md").title == "The title"


def test_settings_are_read_as_text_and_never_run(tmp_path: Path) -> None:
    text = (
        "import os\nHOST = 'site.example'\nSITEURL = 'https://' + HOST\nNAME: str = f'{HOST}!'\n"
        "LIST = ['a', ('b', 1)]\nTABLE = {'a': True, **{}}\nRUN = os.system('touch ran')\n"
        "A = 'x'\nA = compute()\nBIG = 9 ** 9 ** 9\nif HOST:\n    INNER = 1\n"
    )
    (tmp_path / "conf.py").write_text(text)

    found = read_python(tmp_path / "conf.py")

    assert found == {
        "HOST": "site.example",
        "SITEURL": "https://site.example",
        "NAME": "site.example!",
        "LIST": ["a", ["b", 1]],
        "TABLE": {"a": True},
    }


def test_settings_that_are_no_python_are_a_finding(tmp_path: Path) -> None:
    write_site(tmp_path, {"pelicanconf.py": "SITEURL = (", "a.md": "Title: A\n\n[x]({tag}y)\n"})

    assert set(codes(read_post(tmp_path / "a.md"))) == {
        "site-unread",
        "link-relative",
        "no-description",
    } - {"no-description"}


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("The Post: Größe & Maß!", "the-post-grosse-mass"),
        ("  A -- b_c  ", "a-b_c"),
        ("Ærø • Łódź <b>x</b> 🎉", "aero-lodz-x"),
        ("日本", None),
    ],
)
def test_slugs_are_pelicans(text: str, slug: str | None) -> None:
    assert slugify(text, {}) == slug


@pytest.mark.parametrize(
    "written", ["(a+)+$", "(a|a)*", ".*.*.*.*.*x", "[", 3, "a" * 500, "(?:x{2,}){3}"]
)
def test_a_pattern_that_could_take_long_is_not_used(written: object) -> None:
    assert pattern(written) is None


@pytest.mark.parametrize(
    ("head", "name", "path"),
    [
        ("Title: A b", "a.md", "a-b.html"),
        ("Title: A\nSlug: own", "a.md", "own.html"),
        ("Title: A\nLang: de", "a.md", "a-de.html"),
        ("Title: A\nStatus: draft", "a.md", "drafts/a.html"),
        ("Title: A\nUrl: x/y/", "a.md", "x/y/"),
        ("Title: A", "pages/a.md", "pages/a.html"),
        ("Title: 日本", "a.md", None),
    ],
)
def test_a_post_lives_where_its_settings_say(
    tmp_path: Path, head: str, name: str, path: str | None
) -> None:
    write_site(tmp_path, {"pelicanconf.py": CONFIG, f"content/{name}": f"{head}\n\nWords.\n"})

    url = page_of(tmp_path / "content" / name).url

    assert url == (None if path is None else f"https://site.example/sub/{path}")


def test_a_file_that_a_link_means_is_found_and_never_outside(tmp_path: Path) -> None:
    write_site(
        tmp_path,
        {
            "pelicanconf.py": CONFIG,
            "secret.md": "Title: Secret\n\nx\n",
            "content/pics/a.png": "png",
            "content/a.md": "Title: A\n\n![p]({static}/pics/a.png) [x]({filename}../secret.md)"
            ' [y]({filename}none.md) <a href="{static}pics/a.png">z</a>\n',
        },
    )

    digest = read_post(tmp_path / "content/a.md")

    (image,) = digest.images.values()
    assert image.path == (tmp_path / "content/pics/a.png").resolve()
    assert image.url == "https://site.example/sub/pics/a.png"
    assert codes(digest) == ["link-relative", "link-relative"]
    assert "{filename}" in digest.findings[0].message


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("    :::python\n    a = 1\n\n    b\nWords.", "```python\na = 1\n\nb\n```\n\nWords."),
        ("```\n:::sh\nls\n```", "```sh\nls\n```"),
        ("```\n#!/bin/sh\nls\n```", "```\n#!/bin/sh\nls\n```"),
        ("[TOC]\n\nWords and [TOC].", "\n\nWords and [TOC]."),
        ("Words.{: .x }\n{: #y }", "Words."),
        ("*so*{: .x }", "*so*"),
        ("!!! note\n    Words.\n\n    More.\nAfter.", f"{opening('note')}\nWords.\n\nMore.\n{closing()}\nAfter."),
        ('!!! warning "Mind *this*"\n    Words.', opening("warning", "Mind *this*") + f"\nWords.\n{closing()}"),
        ('??? tip "Fold"\n    !!! danger\n        In.', f"{opening('details', 'Fold')}\n{opening('danger')}\nIn.\n{closing()}\n{closing()}"),
        ("Wow !!! note\n!!!", "Wow !!! note\n!!!"),
        ("```\n!!! note\n    x\n```", "```\n!!! note\n    x\n```"),
    ],
)  # fmt: skip
def test_extensions_become_plain_markdown(written: str, meant: str) -> None:
    assert in_english(lift_extensions(written, some_page())).text == meant


@pytest.mark.parametrize(
    "hostile",
    [
        "!!! note\n" * 25_000,
        "".join(f"{'    ' * (n % 40)}!!! note\n" for n in range(4_000)),
        "    :::python\n" * 18_000,
        "```\n:::a\n" * 25_000,
        '!!! a "' * 30_000,
        "!!! " + "a " * 100_000,
        "Title: " * 30_000,
    ],
    ids=range(7),
)
def test_no_body_takes_long(hostile: str) -> None:
    """T12."""
    with soon():
        lift_extensions(hostile, some_page())


PIECES = st.sampled_from(
    [
        *("!!! ", "??? ", "note", '"x"', "\n", "\n\n", "    ", "\t", ":::", "python", "```\n", "[TOC]"),
        *("{: .x }", "* ", "> ", "`", "<div markdown='1'>", "</div>", "#!", "word", "{static}"),
    ]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
@soon()
def test_any_body_at_all_is_lifted_line_for_line(text: str) -> None:
    """T12."""
    found = lift_extensions(text, some_page())

    assert len(found.lines) in (0, found.text.count("\n") + 1)
    assert all(1 <= line <= text.count("\n") + 1 for line in found.lines)


def test_a_static_file_of_a_site_that_is_not_here_lies_below_its_address(tmp_path: Path) -> None:
    post = write_post(tmp_path, "Title: A\n\n[x]({static}/files/a.csv) [y]({filename}b.md)\n")
    digest = read_post(post, site_url="https://site.example/", dialect="pelican")
    links = [one.attrs["href"] for one in digest.intro[1].children or () if one.type == "link_open"]
    assert links == ["https://site.example/files/a.csv"]
    assert [one.code for one in digest.findings if "b.md" in one.message] == ["link-relative"]
