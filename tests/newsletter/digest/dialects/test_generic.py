"""Machinery that no dialect knows never shows; prose that only looks like it stays."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.digest.containers import closing
from newsletter.digest.dialects.dialect import Lifted
from newsletter.digest.dialects.generic import lift_rest
from newsletter.digest.dialects.recognition import recognise
from newsletter.digest.reader import read_post
from tests.limits import HALF, SOON, soon
from tests.newsletter.digest.dialects.lifting import in_english, opening, page_of, told
from tests.newsletter.digest.writing import write_post

HEAD = "---\ntitle: A letter\nplace: {town: Ribe}\n---\n"


def rest(folder: Path, text: str, name: str = "index.md") -> Lifted:
    """Lift what is left of a plain post's body."""
    page = page_of(write_post(folder, HEAD + text, name), "plain")
    return in_english(lift_rest(page.matter.body, page))


def lines(lifted: Lifted) -> list[str]:
    """Return the lines that hold anything."""
    return [line for line in lifted.text.split("\n") if line.strip()]


@pytest.mark.parametrize(
    "prose",
    [
        "A set {x, y} and {#not} a {tag}",
        "std::vector, a :: b, ratio 1:::2, Foo::Bar",
        "a < b and c > d, <https://a.example>, <me@a.example>, 1 <2",
        "[x](<May News.md>) and\n\n[y]: <My Page.md>",
        "`{{ x }}` and `<Foo />` and ``{% y %}``",
        "```\n{{ x }}\n:::note\nimport a from 'b'\n```",
        "$\\frac{{a}}{{b}}$ and $${{n \\choose k}}$$",
        "<B>bold</B> <br/> <img src=\"a.png\" class='x'> <DIV ALIGN=center>x</DIV>",
        "import duties rose.\n\nexport function of a port\n\nexport default settings",
        "[[toc](#a)] and [toc](b)",
        "## A heading {#its-id .x}",
        "<!-- a comment -->",
        "^ caret ~ tilde == equals",
    ],
)
def test_prose_that_looks_like_machinery_stays(tmp_path: Path, prose: str) -> None:
    lifted = rest(tmp_path, prose)

    assert lifted.text.lstrip("\n") == prose
    assert lifted.findings == ()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("A Vec<String> and Result<T> of <Type>", ["A Vec\\<String> and Result\\<T> of \\<Type>"]),
        ("if a <Y and b> c", ["if a \\<Y and b> c"]),
        ("{{ page.title }}, {{ $frontmatter.place.town }}, {{ 'x' }}", ["A letter, Ribe, x"]),
        (":::note Its title\nx\n:::", [opening("note", "Its title"), "x", closing()]),
        ("::: {.callout-tip}\nx\n:::", [opening("tip"), "x", closing()]),
        ("<Callout type='warning'>\n  *x*\n</Callout>", [opening("warning"), "*x*", closing()]),
        ("<CodePen user='a' id='b' />", ["[See it online: codepen.io](<https://codepen.io/a/pen/b>)"]),
        ("import img from './a.png'\n\n<Image src={img} alt='A' />", ["![A](./a.png)"]),
    ],
)  # fmt: skip
def test_what_many_generators_share_becomes_markdown(
    tmp_path: Path, written: str, shown: list[str]
) -> None:
    lifted = rest(tmp_path, written)

    assert lines(lifted) == shown
    assert lifted.findings == ()


@pytest.mark.parametrize(
    ("written", "shown", "named"),
    [
        ("At {{ site.time }} sharp", ["At  sharp"], "site.time"),
        ("{{ odd }}", ["*See it online*"], "odd"),
        ("{% odd 'x' %}words{% endodd %}", ["words"], "odd"),
        ("{# a note #}words", ["words"], None),
        ("<Odd />", ["*See it online*"], "Odd"),
        ("<Odd a='b'>inner *words*</Odd>", ["inner *words*"], "Odd"),
        ("<SignupForm />\n\nwords", ["words"], "SignupForm"),
        (":::odd\nwords\n:::", ["words"], ":::odd"),
        ("[[toc]]\n\n[TOC]\n\nwords", ["words"], "[[toc]]"),
    ],
)
def test_the_rest_is_named_and_its_words_stay(
    tmp_path: Path, written: str, shown: list[str], named: str | None
) -> None:
    lifted = rest(tmp_path, written)

    assert lines(lifted) == shown
    assert [name for name, _ in told(lifted)][:1] == ([named] if named else [])


def test_chunks_in_r_markdown_are_known_whichever_site_it_is_for(tmp_path: Path) -> None:
    write_post(tmp_path, 'baseURL = "https://a.example"\n', "hugo.toml")
    post = write_post(
        tmp_path,
        HEAD + "```{r, echo=FALSE}\nx\n```\n\n```{r, eval=FALSE}\ny\n```\n",
        "content/a.Rmd",
    )

    digest = read_post(post)

    assert recognise(post, "").dialect.name == "hugo"
    assert [(one.code, one.line) for one in digest.findings] == [("computed", 5)]
    assert [one.content for one in digest.intro if one.type == "fence"] == ["y\n"]


@pytest.mark.parametrize(
    "hostile",
    ["{{ a " * 40_000, "{{a}}" * 40_000, "{%a%}" * 40_000, "{#" * 100_000, "$a" * 100_000, "<A " * 60_000, "<A/>" * 50_000, ":::a\n" * 40_000, "[toc]\n" * 35_000, "import a from 'b'\n\n" * 12_000, "::: {.a\n" * 25_000],
    ids=lambda text: text[:8].strip(),
)  # fmt: skip
def test_no_post_takes_long_to_lift(tmp_path: Path, hostile: str) -> None:
    """Rule T12: nothing hangs for more than two seconds."""
    with soon(SOON / 2):
        rest(tmp_path, hostile[:HALF])


PIECES = st.sampled_from(
    [*"{}<>[]()$`:%#\n\\ ab", "{{", "}}", "{%", "%}", ":::note\n", ":::\n", "<Odd", "/>", "</Odd>", "import a from 'b'\n", "```\n"]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
@soon()
def test_nothing_breaks_the_generic_path(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """Rule T12: the reader is fuzzed."""
    lifted = rest(tmp_path_factory.mktemp("g"), f"{text}\n\nlast words\n")

    assert not {"\ue018", "\ue019"} & set(lifted.text)
    assert "last words" in lifted.text


@pytest.mark.parametrize("mark", ['markdown="1"', "markdown='span'", "markdown=block", "markdown"])
def test_markdown_in_html_that_says_so_is_read_as_markdown(tmp_path: Path, mark: str) -> None:
    text = f'A.\n\n<div class="x" {mark}>\n## Own\n\nSome *words*.\n- a\n</div>\n\nB. {{{{ x }}}}'
    lifted = rest(tmp_path, text)

    assert lines(lifted) == [
        "A.",
        '<div class="x">',
        "## Own",
        "Some *words*.",
        "- a",
        "</div>",
        "B. ",
    ]
    assert told(lifted) == [("x", (HEAD + text).count("\n") + 1)]


def test_html_that_says_it_holds_no_markdown_is_html(tmp_path: Path) -> None:
    text = '<div markdown="0">\n*a*\n</div>\n\n```\n<div markdown="1">\n```\n\n`<div markdown>`'

    assert rest(tmp_path, text).text.lstrip("\n") == text
