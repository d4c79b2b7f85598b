"""A post for MkDocs becomes plain Markdown; tests/generators shows that its addresses are right."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.digest.containers import closing
from newsletter.digest.dialects.dialect import Lifted
from newsletter.digest.inline_words import plain
from newsletter.digest.markdown import parse
from newsletter.digest.reader import read_post
from tests.limits import HALF, SOON, soon
from tests.newsletter.digest.dialects.lifting import lift, opening, told, write_site

HEAD = "---\ntitle: Kites\n---\n"
SITE = {
    "mkdocs.yml": "site_url: https://kite.example/\nx: !ENV [HOME, 'y']\nplugins: [search, blog]\n"
    "markdown_extensions: [{a: !!python/name:os.system }]\n",
    "part.md": "Taken *in*.\n",
    "docs/blog/.authors.yml": "authors: {ada: {name: Ada Byron}}\n",
}
ONLINE = "[See it online](<https://kite.example/a/>)"


def run(folder: Path, text: str) -> Lifted:
    """Lift a body as a page of a MkDocs site."""
    write_site(folder, SITE | {"docs/a.md": HEAD + text})
    return lift(folder / "docs/a.md")


def lines(lifted: Lifted) -> list[str]:
    """Return the lines that hold anything."""
    return [line for line in lifted.text.split("\n") if line.strip()]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('!!! note "A *title*"\n    One\n\n    Two\n\nThree', [opening("note", "A *title*"), "One", "Two", closing(), "Three"]),
        ("!!! warning inline end\n    One\nTwo", [opening("warning"), "One", closing(), "Two"]),
        ("???+ tip\n    One", [opening("details", "Tip"), "One", closing()]),
        ('!!! note\n    One\n\n    !!! danger ""\n        Two\n\n    Three', [opening("note"), "One", opening("danger"), "Two", closing(), "Three", closing()]),
        ("!!! note\n    ```py\n    a\n        b\n    ```\n", [opening("note"), "```py", "a", "    b", "```", closing()]),
        ('=== "C"\n\n    * one\n        * two\n\n=== "D"\n\n    three', ["**C**", "* one", "    * two", "**D**", "three"]),
        ("* item\n\n    !!! tip\n        x\n", ["* item", f"    {opening('tip')}", "    x", f"    {closing()}"]),
        ("/// warning | Take care\nx\n///", [opening("warning", "Take care"), "x", closing()]),
        ("/// details\nx\n///\n/// tab | One\ny\n///", [opening("details", "Details"), "x", closing(), "**One**", "y"]),
        ("[a](b){ .md-button target=_blank } x", ["[a](b) x"]),
        ("![a](b.png){ width=300 align=left } ![c](d.png){: .wide }", ['![a](b.png){width="300"} ![c](d.png)']),
        ("## Head { #here .x }\n\nText\n{ .annotate }", ["## Head {#here}", "Text"]),
        ("[a](b c.pdf) [d](e f.md 'g h')", ["[a](b%20c.pdf) [d](e%20f.md 'g h')"]),
        ("++ctrl+alt+\"x\"++ in C++ and D++, i++", ["<kbd>Ctrl</kbd>+<kbd>Alt</kbd>+<kbd>X</kbd> in C++ and D++, i++"]),
        (":material-kite:{ .up } :smile: :fontawesome-solid-wind: 12:30:45", [":smile: 12:30:45"]),
        ("==a b== a == b == c, ^^in^^ H~2~O x^2^ ~~no~~ [^1]", ["<mark>a b</mark> a == b == c, <ins>in</ins> H<sub>2</sub>O x<sup>2</sup> ~~no~~ [^1]"]),
        ("{--old--}{++new++} {~~a~>b~~} {==c==}{>>why<<}", ["<del>old</del><ins>new</ins> <del>a</del><ins>b</ins> <mark>c</mark> (why)"]),
        ("--8<-- \"part.md\"\n\n```\n--8<-- 'part.md'\n```", ["Taken *in*.", "```", "Taken *in*.", "```"]),
        ("In {braces}, `{ .x }`, !!! not", ["In {braces}, `{ .x }`, !!! not"]),
    ],
)  # fmt: skip
def test_what_the_extensions_add_becomes_markdown(
    tmp_path: Path, written: str, shown: list[str]
) -> None:
    lifted = run(tmp_path, written)

    assert lines(lifted) == shown
    assert lifted.findings == ()


def test_cards_and_figures_with_markdown_in_them_are_read(tmp_path: Path) -> None:
    text = (
        '<div class="grid cards" markdown>\n\n-   :material-clock: __One__\n\n    ---\n\n    Of *it*\n\n'
        '</div>\n\n<figure markdown="span">\n  ![A](a.png){ width="300" }\n'
        "  <figcaption>C</figcaption>\n</figure>\n"
    )
    write_site(tmp_path, SITE | {"docs/a.md": HEAD + text})

    digest = read_post(tmp_path / "docs/a.md")

    assert not any(one.type == "code_block" for one in digest.intro)
    words = [plain(one) for one in digest.intro if one.type == "inline"]
    assert words == ["One", "Of it", "A", "C"]
    assert digest.images["a.png"].alt == "A"


def test_tabs_without_an_empty_line_between_them_stay_apart(tmp_path: Path) -> None:
    lifted = run(
        tmp_path, '=== "A"\n    One.\n\n    - x\n=== "B"\n    Two.\n/// tab | C\nThree.\n///'
    )

    blocks = [one.content for one in parse(lifted.text)[0] if one.type == "inline"]
    assert blocks == ["**A**", "One.", "x", "**B**", "Two.", "**C**", "Three."]


@pytest.mark.parametrize(
    ("written", "shown", "named"),
    [
        ("[TOC]\n\nx", ["x"], "[TOC]"),
        ("::: kite.tail", [ONLINE], "::: kite.tail"),
        ('--8<-- "../secret.md"', [ONLINE], "--8<-- ../secret.md"),
    ],
)
def test_what_is_not_known_is_named(
    tmp_path: Path, written: str, shown: list[str], named: str
) -> None:
    lifted = run(tmp_path, written)

    assert lines(lifted) == shown
    assert told(lifted) == [(named, 4)]


def test_a_blogs_post_has_its_authors_own_names_and_the_date_it_was_created(tmp_path: Path) -> None:
    head = "---\ndate: {created: 2026-04-02, updated: 2026-05-01}\nauthors: [ada, bob]\n---\n"
    write_site(tmp_path, SITE | {"docs/blog/posts/a.md": f"{head}# A kite!\n\nx\n"})

    digest = read_post(tmp_path / "docs/blog/posts/a.md")

    assert (digest.authors, digest.date) == (("Ada Byron", "bob"), date(2026, 4, 2))
    assert digest.url == "https://kite.example/blog/2026/04/02/a-kite/"


def test_lines_keep_their_numbers(tmp_path: Path) -> None:
    text = '!!! note\n    x\ny\n\n=== "T"\n    z\n\n## Last\n\nx\n'
    write_site(tmp_path, SITE | {"docs/a.md": HEAD + text})

    assert [story.line for story in read_post(tmp_path / "docs/a.md").stories] == [11]


@pytest.mark.parametrize(
    "hostile",
    [
        "!!! a\n" * 40_000,
        "".join(f"{' ' * 4 * depth}!!! a\n" for depth in range(300)),
        "!!! " + "a " * 100_000 + "@\n    x",
        '=== "' * 50_000,
        "/// a | b\n" * 25_000,
        "{ .a" * 60_000,
        "[a](b){ .c }" * 20_000,
        "++a+" * 60_000,
        "==a " * 60_000 + "^^b " * 10_000,
        "{--" * 80_000,
        "{~~a~>" * 40_000,
        "](a b" * 50_000,
        '--8<-- "a"\n' * 20_000,
        " " * 240_000 + "x",
    ],
    ids=lambda text: text[:8].strip() or "blank",
)
def test_no_post_takes_long_to_lift(tmp_path: Path, hostile: str) -> None:
    """Rule T12: nothing hangs for more than two seconds."""
    write_site(tmp_path, SITE | {"docs/a.md": (HEAD + hostile)[:HALF]})

    with soon(SOON / 2):
        lift(tmp_path / "docs/a.md")


PIECES = st.sampled_from(
    [
        *(
            "!!! note\n",
            "    ",
            "??? tip 'x'\n",
            '=== "T"\n',
            "\n",
            "\n\n",
            "```\n",
            "/// a\n",
            "///\n",
        ),
        *(
            "{ .x }",
            "{",
            "}",
            "](a b)",
            "![",
            "++a++",
            "==",
            "^^",
            "~",
            "* ",
            "> ",
            "words ",
            "`",
            "<div markdown>",
        ),
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
@soon()
def test_nothing_breaks_the_lifting(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Rule T12: the reader is fuzzed."""
    lifted = run(tmp_path_factory.mktemp("k"), f"{text}\n\nlast words\n")

    assert not {"\ue018", "\ue019"} & set(lifted.text)
    assert len(lifted.lines or lifted.text.split("\n")) == lifted.text.count("\n") + 1
