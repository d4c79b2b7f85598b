"""A Quarto or R Markdown post becomes plain Markdown; what only its build knows is named."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.digest.containers import closing
from newsletter.digest.dialects.dialect import Lifted
from newsletter.digest.reader import read_post
from tests.limits import HALF, SOON, soon
from tests.newsletter.digest.dialects.lifting import lift, opening, told, write_site

HEAD = "---\ntitle: Field notes\nlocation: {town: Aarhus}\nbibliography: refs.bib\n---\n"
SITE = {
    "_quarto.yml": "website: {site-url: 'https://lab.example'}\nproject: {type: website}\n",
    "_variables.yml": "release: {name: Heron}\n",
    "posts/_part.qmd": "---\ntitle: Part\n---\nA *part*.\n\n- of it\n",
    "secret.txt": "keep out",
}
ONLINE = "(<https://lab.example/posts/a.html>)"


def run(folder: Path, text: str, name: str = "posts/a.qmd") -> Lifted:
    """Lift a body as the post of a Quarto site."""
    write_site(folder, SITE | {name: HEAD + text})
    return lift(folder / name)


def lines(lifted: Lifted) -> list[str]:
    """Return the lines that hold anything."""
    return [line for line in lifted.text.split("\n") if line.strip()]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[small *words*]{.smallcaps} and [under]{.underline}", "small *words* and <u>under</u>"),
        ("[[a [b] c]{.mark} d]{.x key='v'}", "<mark>a [b] c</mark> d"),
        ("[gone]{.hidden}stays", "stays"),
        ("[a](b.html){.btn target='_blank'}", "[a](b.html)"),
        ("[[a]{.underline}](b.html) [x]", "[<u>a</u>](b.html) [x]"),
        ("`x`{.python} and `<b>bold</b>`{=html}`\\LaTeX`{=latex}", "`x` and <b>bold</b>"),
        ("H~2~O, x^2^, ~~no~~, $a~b~ c^2^$", "H<sub>2</sub>O, x<sup>2</sup>, ~~no~~, $a~b~ c^2^$"),
        ("text ![x](a.png){width=50%} text", 'text ![x](a.png){width="50%"} text'),
        ("A {{< fa heart >}}{{< pagebreak >}} {{< meta location.town >}}", "A  Aarhus"),
        ("{{< var release.name >}}, {{< kbd Ctrl-C >}}", "Heron, <kbd>Ctrl-C</kbd>"),
        (
            "{{< video https://a.example/x.mp4 title='A film' >}}",
            "[Watch the video: A film](<https://a.example/x.mp4>)",
        ),
        ("{{{< meta title >}}}", "\\{\\{\\< meta title \\>\\}\\}"),
        ("# A heading {-}", "# A heading"),
        ("me@a.example and https://a.example/@me", "me@a.example and https://a.example/@me"),
        ("`[x]{.y}` stays", "`[x]{.y}` stays"),
    ],
)
def test_small_marks_become_markdown_or_html(tmp_path: Path, written: str, shown: str) -> None:
    assert lines(run(tmp_path, written)) == [shown]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            '::: {.callout-note title="A *title*"}\nWords\n:::',
            [opening("note", "A *title*"), "Words", closing()],
        ),
        (
            "::: callout-tip\n\n## Its title {.x}\n\nWords\n:::",
            [opening("tip", "Its title"), "Words", closing()],
        ),
        (
            "::: {.callout-warning}\n:::: {.callout-caution}\nInner\n::::\n:::",
            [opening("warning"), opening("caution"), "Inner", closing(), closing()],
        ),
        ("::: {.column-margin}\nBeside\n:::", [opening("aside"), "Beside", closing()]),
        ("::: {layout-ncol=2}\nOne\n\nTwo\n:::", ["One", "Two"]),
        ('::: {.content-visible when-format="pdf"}\nPaper\n:::\nAll', ["All"]),
        ('::: {.content-hidden unless-format="pdf"}\nPaper\n:::\nAll', ["All"]),
        ("::: {.content-hidden when-format='html'}\n```\nx\n```\n:::\nAll", ["All"]),
        ("::: {.panel-tabset}\n## R\nr\n\n## Python\np\n:::", ["**R**", "r", "**Python**", "p"]),
        (
            "::: {#fig-pair layout-ncol=2}\n![One](a.png){#fig-one}\n\n![](b.png)\n\nA *pair*\n:::",
            [
                opening("figure", "Figure 1: A *pair*"),
                opening("figure", "Figure 1 (a): One"),
                "![One](a.png)",
                closing(),
                "![](b.png)",
                closing(),
            ],
        ),
        (
            "> ::: {.callout-note}\n> Quoted\n> :::",
            [f"> {opening('note')}", "> Quoted", f"> {closing()}"],
        ),
        ("::: {.never-closed}\nWords", ["Words"]),
        ("Words\n\n:::", ["Words"]),
    ],
)
def test_divs_become_boxes_or_nothing(tmp_path: Path, written: str, shown: list[str]) -> None:
    assert lines(run(tmp_path, written)) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("```{python}\n#| echo: true\n#| eval: false\nx = 1\n```", ["```python", "x = 1", "```"]),
        ("```{r, eval=FALSE}\nx <- 1\n```", ["```r", "x <- 1", "```"]),
        ("```{r setup, include=FALSE}\nlibrary(x)\n```\nWords", ["Words"]),
        ("```{.python filename='a.py'}\nx\n```", ['```python title="a.py"', "x", "```"]),
        ("```{=html}\n<div>\n    <p>Raw</p>\n\n    <p>html</p>\n</div>\n```", ["<div>", "<p>Raw</p>", "<p>html</p>", "</div>"]),
        ("```{=latex}\n\\x\n```\nWords", ["Words"]),
        ("```{{python}}\nshown\n```", ["```python", "shown", "```"]),
        ("```\n```{r}\nx\n```", ["```", "```{r}", "x", "```"]),
        ("~~~~{r}\n#| echo: false\nx\n~~~~", [f"[See the output online]{ONLINE}"]),
        (
            "```{r}\n#| label: fig-a\n#| fig-cap: 'A: plot'\nplot(1)\n```",
            ["```r", "plot(1)", "```", opening("figure", "Figure 1: A: plot"), f"[See the output online]{ONLINE}", closing()],
        ),
        ("```{mermaid}\na --> b\n```", [f"[See the output online]{ONLINE}"]),
        ("- item\n\n  ```{r}\n  #| eval: false\n  x\n  ```", ["- item", "  ```r", "  x", "  ```"]),
    ],
)  # fmt: skip
def test_chunks_keep_their_code_and_link_to_their_output(
    tmp_path: Path, written: str, shown: list[str]
) -> None:
    assert lines(run(tmp_path, written)) == shown


def test_options_for_all_chunks_come_from_the_post_or_its_setup_chunk(tmp_path: Path) -> None:
    set_up = "```{r, include=FALSE}\nknitr::opts_chunk$set(echo = FALSE, results = 'hide')\n```\n"

    assert lines(run(tmp_path, set_up + "```{r}\nx\n```\nWords")) == ["Words"]


def test_what_only_the_build_computes_is_named_with_its_line(tmp_path: Path) -> None:
    lifted = run(tmp_path, "We saw `r n` birds.\n\n```{r}\nx\n```\n\n`{python} y` and `r n`\n")

    assert lines(lifted)[0] == f"We saw ([See it online]{ONLINE}) birds."
    assert told(lifted) == [("{r}", 8), ("r n", 6), ("{python} y", 12)]
    assert {one.code for one in lifted.findings} == {"computed"}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("@fig-a, @Fig-b", "[Figure 1](#fig-a), [Figure 2](#Fig-b)"),
        ("[@fig-b; @tbl-t]", "[Figure 2](#fig-b), [Table 1](#tbl-t)"),
        ("[Plate @fig-a] [-@fig-b]", "Plate [1](#fig-a) [2](#fig-b)"),
        ("@sec-start, @eq-e", "[The start](#sec-start), [Equation 1](#eq-e)"),
        ("[see @ada2026, p. 3; @bob]", "\\[see ada2026, p. 3; bob\\]"),
        ("@ada2026 says", "ada2026 says"),
        ("`@fig-a`", "`@fig-a`"),
    ],
)
def test_references_read_as_quarto_numbers_them(tmp_path: Path, written: str, shown: str) -> None:
    labelled = (
        "\n\n![A](a.png){#fig-a}\n\n```{r}\n#| label: fig-b\n#| eval: false\nx\n```\n\n"
        "| a |\n|---|\n| 1 |\n\n: T {#tbl-t}\n\n$$x$$ {#eq-e}\n\n## The start {#sec-start}\n"
    )

    assert lines(run(tmp_path, written + labelled))[0] == shown


def test_a_reference_to_nothing_and_citations_are_named(tmp_path: Path) -> None:
    lifted = run(tmp_path, "See @fig-none and [@ada2026].")

    assert lines(lifted) == ["See Figure and \\[ada2026\\]."]
    assert [(one.code, one.line) for one in lifted.findings] == [("computed", 6), ("citation", 6)]


def test_captions_of_pictures_and_tables_are_kept(tmp_path: Path) -> None:
    lifted = run(
        tmp_path,
        "![A *deck*](a.png){#fig-a fig-alt='Wood'}\n\n| a |\n|---|\n| 1 |\n\n: The table {#tbl-t}\n",
    )

    assert lines(lifted) == [
        opening("figure", "Figure 1: A *deck*"),
        "![Wood](a.png)",
        closing(),
        "| a |",
        "|---|",
        "| 1 |",
        "Table 1: The table",
    ]


def test_the_words_for_numbers_are_in_the_posts_language(tmp_path: Path) -> None:
    write_site(
        tmp_path, {"a.qmd": "---\ntitle: A\nlang: de-AT\n---\n@fig-a\n\n![Das](a.png){#fig-a}"}
    )

    assert lines(lift(tmp_path / "a.qmd"))[0] == "[Abbildung 1](#fig-a)"


def test_lines_of_verse_end_where_they_end(tmp_path: Path) -> None:
    assert lines(run(tmp_path, "| One\n|  two\n\n| a | b |\n|---|---|\n")) == [
        "One\\",
        "\u00a0two",
        "| a | b |",
        "|---|---|",
    ]


def test_another_file_of_the_site_is_taken_in_and_its_lines_count_as_the_tags(
    tmp_path: Path,
) -> None:
    lifted = run(tmp_path, "Above\n\n{{< include _part.qmd >}}\n\n{{< odd >}}\n")

    assert lines(lifted) == ["Above", "A *part*.", "- of it", f"[See it online]{ONLINE}"]
    assert told(lifted) == [("odd", 10)]


@pytest.mark.parametrize(
    "name", ["../../outside.qmd", "/../outside.qmd", "nothing.qmd", "link.qmd"]
)
def test_no_file_outside_of_the_site_is_taken_in(tmp_path: Path, name: str) -> None:
    root = tmp_path / "site"
    write_site(tmp_path, {"outside.qmd": "keep out"})
    write_site(root, SITE)
    (root / "posts" / "link.qmd").symlink_to(tmp_path / "outside.qmd")

    lifted = run(root, f"{{{{< include {name} >}}}}\n")

    assert "keep out" not in lifted.text
    assert told(lifted) == [("include", 6)]


def test_lines_keep_their_numbers_however_much_goes(tmp_path: Path) -> None:
    text = "::: {.callout-note}\nx\n:::\n\n```{r}\n#| label: fig-a\n#| fig-cap: c\ny\n```\n\n![A](a.png)\n\n"
    write_site(tmp_path, SITE | {"posts/a.qmd": HEAD + text + "## Last\n\nWords\n"})

    (story,) = read_post(tmp_path / "posts/a.qmd").stories

    assert story.line == 5 + text.count("\n") + 1


@pytest.mark.parametrize(
    "hostile",
    [
        "::: {.callout-note}\n" * 12_000,
        "::: {#fig-a}\n\n" * 12_000,
        "::: {.x" + " " * 100_000 + "z\n",
        "# " + " " * 200_000 + "x {#sec-a\n",
        "```{r}\n" * 20_000,
        "```{r " + "a=" * 50_000 + "}\n```\n",
        "[" * 100_000 + "\n",
        "[a](" * 40_000,
        "![a](b){" * 20_000,
        "]{.x}" * 40_000,
        "[a]{.x " * 20_000,
        "{#fig-" * 40_000,
        "{" + "#fig-a" * 30_000,
        "@fig-a" * 30_000,
        "[@a" * 40_000,
        "{{< x " * 30_000,
        "{{< include a.qmd >}}\n" * 5_000,
        "^a" * 60_000 + "~b" * 30_000,
        "$a" * 60_000,
        "`r x`" * 40_000,
        "`x`{=html" * 20_000,
        "| a\n" * 50_000,
        ": a {#tbl-a\n" * 15_000,
    ],
    ids=lambda text: text[:12].strip() or "blank",
)
def test_no_post_takes_long_to_lift(tmp_path: Path, hostile: str) -> None:
    """Rule T12: nothing hangs for more than two seconds."""
    write_site(tmp_path, SITE | {"posts/a.qmd": (HEAD + hostile)[:HALF]})
    post = tmp_path / "posts/a.qmd"

    with soon(SOON / 2):
        lift(post)


PIECES = st.sampled_from(
    [
        *(
            "::: {.callout-note}\n",
            ":::\n",
            "::: {#fig-a}\n",
            "```{r}\n",
            "```\n",
            "#| echo: false\n",
        ),
        *("[", "]", "{", "}", "{.x}", "](a.png)", "![", "@fig-a", "[@k]", "~", "^", "`", "`r x`"),
        *("{{< meta title >}}", "{{< include _part.qmd >}}", "{{<", ">}}", "| a\n", ": cap\n"),
        *(
            "\n",
            "\n\n",
            "  ",
            "> ",
            "- ",
            "words ",
            "## H {#sec-a}\n",
            "$",
            "\\",
            "<div>",
            "{=html}",
        ),
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
@soon()
def test_nothing_breaks_the_lifting_and_words_stay(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """Rule T12: the reader is fuzzed."""
    lifted = run(tmp_path_factory.mktemp("q"), f"{text}\n\nlast words\n")

    assert not {"\ue018", "\ue019"} & set(lifted.text)
    assert len(lifted.lines or lifted.text.split("\n")) == lifted.text.count("\n") + 1
