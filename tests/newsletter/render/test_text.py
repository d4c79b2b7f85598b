"""The text part of an issue, as a person reads it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from newsletter.digest.model import Digest
from newsletter.digest.reader import read_post
from newsletter.errors import PostError
from newsletter.flowed import fixed
from newsletter.message import Mailbox, Masthead
from newsletter.render.layout import FEWEST_LISTED
from newsletter.render.linkbook import LinkBook
from newsletter.render.templates import template_set
from newsletter.render.text import write_text
from newsletter.render.wording import worded
from newsletter.render.wrapping import width
from newsletter.slots import HOLE, SLOT
from tests.newsletter.digest.writing import EXAMPLES, HEAD, POSTS, read, write_post

MASTHEAD = Masthead(
    slug="ledger",
    name="The Monthly Ledger",
    sender=Mailbox("desk@monthly-ledger.example", "The Monthly Ledger"),
    postal_address="Ledger House\n1 Long Lane, 1010 Vienna",
    privacy_url="https://monthly-ledger.example/privacy",
)
SLOT_LINE = re.compile(r"( *|\[\d+\] )<https://slot\.invalid/[\w./-]+/>")


def _text(digest: Digest, masthead: Masthead = MASTHEAD, book: LinkBook | None = None) -> str:
    words = template_set().words(digest.language or masthead.language)
    numbered = len(digest.stories) >= FEWEST_LISTED
    digest = worded(digest, words)
    return fixed(write_text(digest, masthead, book or LinkBook(), words, numbered=numbered))


def _story(folder: Path, body: str) -> str:
    """Return what is written of a story between its title and the footer."""
    text = _text(read(folder, f"{HEAD}## S\n\n{body}\n"))
    return text.partition("S\n-\n\n")[2].partition("\n\n\n-- \n")[0]


@pytest.mark.parametrize("name", ["everything", "marks-in-headings"])
def test_a_post_reads_as_expected(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(POSTS / f"{name}.expected.txt", _text(read_post(POSTS / f"{name}.md")))


@pytest.mark.parametrize("month", ["2026-08-open-data", "2026-09-open-data", "2026-10-open-data"])
def test_each_story_is_followed_by_its_own_source_before_the_next_begins(month: str) -> None:
    digest = read_post(EXAMPLES / month)
    book = LinkBook()

    text = _text(digest, book=book)

    at = text.index("In this issue:") + sum(len(story.title_text) for story in digest.stories)
    for number, story in enumerate(digest.stories, 1):
        at = text.index(f"\n{number}. {story.title_text.split()[0]}", at)
        (source,) = story.sources
        link = next(one for one in book.links if one.url == source.url)
        assert link.story == number
        following = text.index(f"<https://slot.invalid/link/{link.number}/>", at)
        assert f"Source: {source.label} ({source.host})\n" in text[at:following]
        assert f"\n{number + 1}. " not in text[at:following]
        at = following


@pytest.mark.parametrize(
    "post", [*sorted(EXAMPLES.glob("*/index.md")), *sorted(POSTS.glob("*.md"))], ids=str
)
def test_lines_have_72_columns_and_end_in_no_blank(post: Path) -> None:
    text = _text(read_post(post))

    for line in text.split("\n"):
        assert line == "-- " or line == line.rstrip()
        is_one_word = " " not in line
        assert (
            width(line) <= 72 or is_one_word or line.startswith("    ") or SLOT_LINE.fullmatch(line)
        )
    assert "\n\n\n\n" not in text
    assert text.endswith("\n")


def test_the_footer_follows_a_signature_and_says_why_and_how_to_leave(tmp_path: Path) -> None:
    body, _, footer = _text(read(tmp_path, "# A\n\nText.\n")).partition("\n-- \n")

    assert "unsubscribe" not in body.lower()
    assert footer == (
        "You get this email because you subscribed to The Monthly Ledger.\n"
        "\nUnsubscribe:\n<https://slot.invalid/unsubscribe/>\n"
        "\nPreferences:\n<https://slot.invalid/preferences/>\n"
        "\nPrivacy:\n<https://monthly-ledger.example/privacy>\n"
        "\nWas it forwarded to you? Subscribe here:\n<https://slot.invalid/subscribe/>\n"
        "\nLedger House\n1 Long Lane, 1010 Vienna\n"
    )


def test_a_letter_without_stories_has_no_contents_and_no_numbers(tmp_path: Path) -> None:
    text = _text(read(tmp_path, "---\ntitle: Dear all\nauthor: Ada\n---\n\nOne line.\n"))

    assert text.partition("\n-- \n")[0] == (
        "Dear all\n========\n\nBy Ada\n\nRead online:\n<https://slot.invalid/archive/>\n\nOne line.\n"
    )


def test_the_date_is_the_day_where_the_list_is(tmp_path: Path) -> None:
    digest = replace(read(tmp_path, "# A\n"), date=datetime(2026, 3, 31, 23, 30, tzinfo=UTC))

    assert "\n31 March 2026\n" in _text(digest)
    assert "\n1 April 2026\n" in _text(digest, replace(MASTHEAD, time_zone="Europe/Vienna"))
    assert "\n31. März 2026\n" in _text(digest, replace(MASTHEAD, language="de"))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("*a* **b** ~~c~~ `d`", "_a_ *b* ~~c~~ `d`"),
        ("one  \ntwo", "one\ntwo"),
        ("10<sup>6</sup> <b>x</b><script>alert(1)</script>", "10⁶ *x*"),
        ("x ![A chart](a.png) y", "x [Picture: A chart] y"),
        ("![A *fine* chart](a.png)", "[Picture: A fine chart]"),
        ("[Us](mailto:a@b.example?subject=x)", "Us <a@b.example>"),
        ("<a@b.example>", "a@b.example"),
        ("[up](#s)", "up"),
        ("1. a\n2. b\n   - c\n   - d", "1. a\n2. b\n   - c\n   - d"),
        ("9. a\n10. b", " 9. a\n10. b"),
        ("- a\n\n  b\n\n- c", "- a\n\n  b\n\n- c"),
        ("> a\n>\n> > b", "> a\n>\n>> b"),
        ("Term\n: Meaning", "Term\n    Meaning"),
        ("    code  \n\n    more\ttab", "    code\n\n    more\ttab"),
        ("### H\n\n#### I\n\nx", "H\n~\n\nI\n\nx"),
        ("a\n\n---\n\nb", f"a\n\n{'* * *'.center(72).rstrip()}\n\nb"),
        ("| a | bb |\n|--:|---|\n| 10 | x |", " a  bb\n--  --\n10  x"),
        ("| |\n|-|\n| 10 |", "10"),
        ("<table><tr><td rowspan=2>a<td>b<tr><td>c</table>", "a  b\n   c"),
        ("<table><tr><td colspan=2>abc<td>d<tr><td>e<td>f<td>g</table>", "abc     d\ne    f  g"),
        ("<table><tr><th>a<tr><td>b<ul><li>c</ul></table>", "a:\nb\n\n- c"),
        ("<table><tr><td>a<br>b<td>c</table>", "a b  c"),
        ("<table><caption>C</caption><tr><td>a<table><tr><td>b</table></table>", "a\n\nb\n\nC"),
        ("<div>a<br>b</div><ul><li>c</ul>", "a\nb\n\n- c"),
        ("<div align=right>\n\ninner\n\n</div>", "inner"),
    ],
)
def test_markdown_is_written_as_people_write_mails(tmp_path: Path, body: str, text: str) -> None:
    assert _story(tmp_path, body) == text


def test_a_picture_without_words_is_not_named(tmp_path: Path) -> None:
    assert _story(tmp_path, "x ![](a.png)\n\n![](b.png)\n\n![ ](c.png)\n\ny") == "x\n\ny"


def test_links_are_numbered_and_listed_after_their_story(tmp_path: Path) -> None:
    assert _story(
        tmp_path,
        "[A](https://a.example/) and [B](https://b.example/), [A](https://a.example/) again, "
        "https://www.c.example/x and https://d.example/a-very-long-path/that-nobody-would-read.",
    ) == (
        "A [1] and B [2], A [1] again, c.example/x [3] and d.example/… [4].\n"
        "\n"
        "[1] <https://slot.invalid/link/1/>\n"
        "[2] <https://slot.invalid/link/2/>\n"
        "[3] <https://slot.invalid/link/3/>\n"
        "[4] <https://slot.invalid/link/4/>"
    )


def test_the_only_source_of_a_story_shows_no_mark(tmp_path: Path) -> None:
    assert _story(tmp_path, "x[^1]\n\n[^1]: [A](https://www.a.example/).") == (
        "x\n\nSource: A (a.example)\n<https://slot.invalid/link/1/>"
    )


def test_several_sources_carry_the_marks_that_the_text_shows(tmp_path: Path) -> None:
    assert _story(
        tmp_path,
        "x[^n] [L](https://l.example/) y[^m]\n\n[^m]: By phone.\n[^n]: [A](https://a.example/)",
    ) == (
        "x [1] L [2] y [3]\n"
        "\n"
        "[2] <https://slot.invalid/link/1/>\n"
        "\n"
        "Sources:\n"
        "[1] A (a.example)\n"
        "    <https://slot.invalid/link/2/>\n"
        "[3] By phone."
    )


def test_sources_of_no_story_stand_at_the_end(tmp_path: Path) -> None:
    notes = "[^1]: [A](https://a.example/)\n[^2]: B\n"

    text = _text(read(tmp_path, f"{HEAD}Intro.\n\n## S\n\nx\n\n{notes}"))

    assert (
        "x\n\n\nSources:\n- A (a.example)\n  <https://slot.invalid/link/1/>\n- B\n\n\n-- \n" in text
    )


def test_a_table_that_is_too_wide_becomes_records(tmp_path: Path) -> None:
    words = "word " * 16

    assert _story(tmp_path, f"| Name | About |\n|---|---|\n| a | {words}|\n| b | c |") == (
        "Name: a\n"
        "About: word word word word word word word word word word word word word\n"
        "    word word word\n"
        "\n"
        "Name: b\n"
        "About: c"
    )


def test_a_note_for_subscribers_stands_above_the_digest(tmp_path: Path) -> None:
    text = _text(read(tmp_path, "---\ntitle: A\nnewsletter:\n  note: Only *you*.\n---\nIntro.\n"))

    assert "For subscribers:\n\nOnly _you_.\n\nIntro.\n" in text


def test_a_text_file_beside_the_post_takes_the_place_of_all_but_the_footer(tmp_path: Path) -> None:
    (tmp_path / "index.txt").write_text("\ufeffMine,   as\n    it is.  \n", encoding="utf-8")

    text = _text(read(tmp_path, "# A\n\nText.\n"))

    assert text.startswith("Mine,   as\n    it is.\n\n-- \nYou get this email")


def test_a_text_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "index.txt").write_bytes(b"\xff\xfe")

    with pytest.raises(PostError, match=r"index\.txt: cannot be read"):
        _text(read(tmp_path, "# A\n"))


# S-14
@example(["https<b>://slot.", "</b>", "invalid", "/unsubscribe/"])
@example(["<div>", "https://slot.", "<b>", "invalid", "/unsubscribe/", "</b>", "</div>"])
@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "https://slot.",
                    "*invalid*",
                    "invalid",
                    "/unsubscribe/",
                    "`",
                    "[",
                    "](",
                    ")",
                    "_",
                ),
                *(
                    "<b>",
                    "</b>",
                    "<!-- -->",
                    "\u00ad",
                    "&shy;",
                    "&#46;",
                    "\\.",
                    "&#xE000;token&#xE001;",
                ),
                *(
                    "<div>",
                    "</div>",
                    "\n",
                    "\n\n",
                    "- ",
                    "|",
                    "|-|\n",
                    "    ",
                    " ",
                    "<a href='",
                    "'>",
                ),
            ]
        ),
        max_size=12,
    )
)
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_slot_in_a_text_is_ours_and_stands_alone_on_its_line(
    tmp_path: Path, parts: list[str]
) -> None:
    book = LinkBook()
    text = _text(read(tmp_path, HEAD + "".join(parts)), book=book)

    ours = {f"link/{link.number}" for link in book.links}
    ours |= {"archive", "unsubscribe", "preferences", "subscribe"}
    assert set(SLOT.findall(text)) <= ours
    assert text.count("https://slot.invalid/unsubscribe/") == 1
    assert not HOLE.search(text)
    assert all(SLOT_LINE.fullmatch(one) for one in text.split("\n") if "slot.invalid" in one)


def test_a_link_in_a_title_is_listed_below_its_story(tmp_path: Path) -> None:
    book = LinkBook()
    digest = read(
        tmp_path, f"{HEAD}## [Bells](https://b.example) and [gulls](https://g.example)\n\nx\n"
    )
    text = _text(digest, book=book)
    assert "Bells and gulls [1] [2]\n-----------------------\n\nx\n\n[1] <" in text.replace(
        "\u00a0", " "
    )
    assert [link.url for link in book.links] == ["https://b.example", "https://g.example"]


# S-16
def test_a_text_file_that_is_a_link_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a secret", encoding="utf-8")
    post = write_post(tmp_path / "site", HEAD + "Body.\n")
    (post.parent / "index.txt").symlink_to(tmp_path / "secret")

    with pytest.raises(PostError, match="leads out of site"):
        _text(read_post(post))


def test_a_subtitle_stands_below_the_title(tmp_path: Path) -> None:
    text = _text(read(tmp_path, "---\ntitle: Tides\nsubtitle: What the buoys said\n---\nWords.\n"))

    assert text.startswith("Tides\n=====\n\nWhat the buoys said\n")
