"""Grid tables, numbered examples and theorems of a Quarto post read as they do on its site."""

from pathlib import Path

import pytest

from newsletter.digest.author_text import ADDED_LINE
from newsletter.digest.dialects.dialect import Lifted
from newsletter.digest.dialects.quarto.grids import lift_grids
from newsletter.digest.reader import read_post
from newsletter.publishing import SAMPLE
from newsletter.render.renderer import render_issue
from tests.limits import soon
from tests.newsletter.digest.dialects.lifting import lift, write_site

HEAD = "---\ntitle: Field notes\n---\n"
GRID = """\
+----------+-------:+
| Boat     | Crew   |
+==========+=======:+
| Heron    | - *12* |
|          | - 13   |
+----------+--------+
| 東京     | `a|b`  |
|          |        |
| Second.  | [x](y) |
+----------+--------+
| Over both of them |
+----------+--------+

: Boats {#tbl-boats}

See @tbl-boats.
"""


def run(folder: Path, text: str, language: str = "en") -> Lifted:
    """Lift a body as the post of a Quarto site."""
    write_site(
        folder,
        {"_quarto.yml": f"lang: {language}\n", "a.qmd": HEAD + text},
    )
    return lift(folder / "a.qmd")


def text_of(folder: Path, text: str) -> str:
    """Return the words of a post as a text mail shows them."""
    run(folder, text)
    mail = render_issue(read_post(folder / "a.qmd"), SAMPLE).email.text
    return mail.partition("/archive/>")[2].partition("\n-- ")[0].strip()


def test_a_grid_table_is_a_table_whose_cells_hold_blocks(tmp_path: Path) -> None:
    assert text_of(tmp_path, GRID).split("\n") == [
        *("Boat: Heron", "Crew:", "- _12_", "- 13", ""),
        *("Boat: 東京 Second.", "Crew: `a|b` x", ""),
        *("Boat: Over both of them", "", "Table 1: Boats", "", "See Table 1."),
    ]


def test_a_grid_table_keeps_the_lines_of_what_follows(tmp_path: Path) -> None:
    lifted = run(tmp_path, GRID)
    at = lifted.text.split("\n").index("See [Table 1](#tbl-boats).")

    assert lifted.line(at + 1) == (HEAD + GRID).count("\n")


@pytest.mark.parametrize(
    "prose",
    [
        "```\n+---+---+\n| a | b |\n+---+---+\n```",
        "+---+\nwords\n+---+",
        "1 +-2 and +--+",
        "+---+---+",
        "| a | b |\n|---|---|\n| c | d |",
    ],
)
def test_what_is_no_grid_stays(prose: str) -> None:
    assert lift_grids(prose) == prose


def test_a_grid_in_a_quote_stays_in_it() -> None:
    quoted = "> +---+\n> | a |\n> +---+"

    assert all(
        one.startswith(">") for one in lift_grids(quoted).replace(ADDED_LINE, "\n").split("\n")
    )


def test_examples_count_through_the_post_and_are_referred_to_by_number(tmp_path: Path) -> None:
    text = (
        "(@) First.\n(@good) Second.\n\n```\n(@) code\n```\n\nAs (@good) shows, not @other.\n\n"
        "(@) Third.\n\n(@good) Again.\n"
    )

    assert [line for line in run(tmp_path, text).text.split("\n") if line][0:8] == [
        *("1) First.", "2) Second.", "```", "(@) code", "```"),
        *("As (2) shows, not @other.", "3) Third.", "2) Again."),
    ]


def test_theorems_are_boxes_with_their_number_and_name(tmp_path: Path) -> None:
    text = (
        "By @thm-line and @lem-a.\n\n::: {#thm-line}\n\n## Of lines\n\n$y = mx$ *is* one.\n:::\n\n"
        '::: {#lem-a name="Small"}\nWords.\n:::\n\n::: {.proof}\nEasy.\n:::\n\n'
        "::: {#tip-a .callout-tip}\n## Look\nUp.\n:::\n"
    )

    assert text_of(tmp_path, text) == (
        "By Theorem 1 and Lemma 1.\n\n Theorem 1 (Of lines)\n   y = mx _is_ one.\n\n"
        " Lemma 1 (Small)\n   Words.\n\n Proof:\n   Easy.\n\n Tip 1: Look\n   Up."
    )
    assert "Théorème 1 (Of lines)" in run(tmp_path, text, "fr").text
    assert "Beweis" in run(tmp_path, text, "de").text


@pytest.mark.parametrize(
    "hostile",
    [
        "+-+\n" * 60_000,
        "+-+\n| " * 40_000,
        "+" + "-+" * 120_000 + "\n",
        ("+" + "-+" * 50 + "\n|" + "a|" * 50 + "\n") * 1_000,
        "(@a) x\n" * 30_000,
        "(@" * 100_000,
        "@a" * 100_000 + "(@a) b",
    ],
)
def test_no_table_takes_long(tmp_path: Path, hostile: str) -> None:
    with soon():
        run(tmp_path, hostile)
