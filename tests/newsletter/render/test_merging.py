"""Merge fields: where they are filled in, where they are left alone, and what anybody sees."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from newsletter import tracking
from newsletter.keys import KeyRing
from newsletter.links import Links
from newsletter.message import RenderedEmail
from newsletter.render.renderer import render_issue
from newsletter.slots import Hole, cut, hole
from tests.emails import MASTHEAD
from tests.newsletter import flowed_reader
from tests.newsletter.digest.writing import read

ON = replace(MASTHEAD, merge_fields=True)
LINKS = Links("https://news.example", KeyRing(["k" * 43]))
HEAD = '---\ntitle: "{}"\ndescription: "{}"\nnewsletter:\n  note: "{}"\n---\n\n{}\n'


def rendered(folder: Path, post: str) -> RenderedEmail:
    return render_issue(read(folder, post), ON).email


def holes(text: str) -> list[Hole]:
    return [part for part in cut(text) if isinstance(part, Hole)]


def test_fields_are_filled_in_wherever_an_author_has_words(tmp_path: Path) -> None:
    email = rendered(
        tmp_path,
        HEAD.format(
            "{name|Dear reader}, the tides",
            "For {first_name|you}",
            "Only {name|you}",
            "Hi **{name|there}**.\n\n## To {first_name|you}\n\n- {name|a}\n\n> {name|b}\n\n"
            "| {name\\|c} |\n|-|\n| [{name\\|d}](https://a.example/) |\n\nYour address: {email}\n",
        ),
    )
    title, note, *rest = [
        ("name", "Dear reader"),
        ("name", "you"),
        ("name", "there"),
        ("first_name", "you"),
        *(("name", letter) for letter in "abcd"),
        ("email", ""),
    ]
    assert holes(email.text) == [title, note, *rest]
    # Before: the title in the head, and a preheader of the description and the story's title.
    assert holes(email.html) == [title, *[("first_name", "you")] * 2, title, note, *rest]
    assert email.personal_subject == f"{hole('name', 'Dear reader')}, the tides"
    assert email.subject == "Dear reader, the tides"
    assert email.preheader.startswith("For you")
    assert [link.label for link in email.links] == ["d"]


@pytest.mark.parametrize(
    "words",
    [
        "`{name|x}`",
        "```\n{name|x}\n```",
        "    {name|x}",
        "<code>{name|x}</code>, <kbd>{name|x}</kbd>",
        "$a_{name|x}$",
        "$$\n{name|x}\n$$",
        "[x](https://a.example/?{name|x})",
        "![{name|x}](https://a.example/a.png)",
        "{name}",
        "{name|}",
        "{name| }",
        "{ name|x}",
        "{Name|x}",
        "{token|x}",
        "{link|x}",
        "{name|*x*}",
        "{name|x|y}",
        "{{name|x}}",
    ],
)
def test_nothing_else_is_a_field(tmp_path: Path, words: str) -> None:
    email = rendered(tmp_path, f"# A\n\n{words}\n")
    assert holes(email.html + email.text + email.personal_subject) == []


def test_fields_are_words_where_nobody_switched_them_on(tmp_path: Path) -> None:
    post = '---\ntitle: "{{name|you}}"\n{}---\n\nHi {{name|there}}.\n'
    off = "newsletter:\n  merge_fields: false\n"
    for masthead, head, is_on in (
        (MASTHEAD, "", False),
        (MASTHEAD, off.replace("false", "true"), True),
        (ON, off, False),
        (ON, "", True),
    ):
        email = render_issue(read(tmp_path, post.format(head)), masthead).email
        assert bool(holes(email.text)) == bool(email.personal_subject) == is_on
        assert ("Hi {name|there}." in email.text) != is_on


# What Markdown, front matter and typography take for signs of theirs.
SIGNS = "{}|\\`*_[]<>#~^=$:&!'\"-+.@/()"
fallbacks = st.text(
    st.characters(categories=["L", "N", "P", "S"], exclude_characters=SIGNS),
    min_size=1,
    max_size=15,
)


@pytest.mark.parametrize("language", ["en", "ja"])
@example("\u6f22\u5b57\u3001")
@example("x" * 40)
@given(fallbacks)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_who_is_nobody_sees_the_mail_with_each_fallback_in_its_place(
    tmp_path: Path, language: str, fallback: str
) -> None:
    body = "word " * 11 + "x{0} and more words that go on for long enough to be broken.\n\n> x{0}\n"
    head = f"---\ntitle: Buoys\ndescription: Tides.\nlang: {language}\n---\n\n"
    with_fields, without = (
        rendered(tmp_path, head + body.format(said)) for said in (f"{{name|{fallback}}}", fallback)
    )
    assert holes(with_fields.text) == [("name", fallback)] * 2
    seen, wanted = (
        tracking.sample(one, LINKS, list_slug="l", key="k") for one in (with_fields, without)
    )
    assert seen.html == wanted.html
    assert "".join(seen.text.split()) == "".join(wanted.text.split())
    if language == "en" and fallback.isascii():
        assert seen.text == wanted.text


def test_a_line_that_begins_with_a_field_can_begin_with_anything(tmp_path: Path) -> None:
    """RFC 3676 §4.4."""
    text = rendered(tmp_path, "# A\n\n{name|you}, hello.\n").text
    filled = text.replace(hole("name", "you"), "> From")
    assert (0, "> From, hello.") in flowed_reader.read(filled)


def test_a_text_of_the_author_s_own_has_fields_but_in_its_code(tmp_path: Path) -> None:
    (tmp_path / "index.txt").write_text("Hi {name|you}.\n\n    {name|code}\n", encoding="utf-8")
    text = rendered(tmp_path, "# A\n\nWords.\n").text
    assert holes(text) == [("name", "you")]
    assert "     {name|code}\n" in text


def test_private_letters_of_an_author_stand_for_no_field(tmp_path: Path) -> None:
    email = rendered(tmp_path, "# A\n\n\U00100000 {name|you} `\U00100001`\n")
    assert holes(email.text) == [("name", "you")]
