"""Tables whose columns are those of a line of dashes read as they do on a Quarto site."""

from pathlib import Path

import pytest

from newsletter.digest.dialects.quarto.dashed_tables import lift_dashed_tables
from newsletter.digest.inline_words import plain
from newsletter.digest.markdown import parse
from tests.limits import soon
from tests.newsletter.digest.dialects.lifting import lift, write_site

HEAD = "---\ntitle: A\n---\n"
SIMPLE = """\
  Right     Left     *Mid*     Usual
-------     ------ ---------   -----
     12     one        a       x y
    123     two        b       `z`

: Words {#tbl-a}

After.
"""
MULTILINE = """\
-------------------------------------------
 Centred   Usual           Right Left
  Head     Aligned       Aligned Aligned
---------- --------- ----------- -----------
   First   row              12.0 A row that
                                 goes on.

  Second   row               5.0 Another
                                 *one*.
-------------------------------------------

After.
"""
HEADLESS = "--- ---\n  1 one\n  2 two\n--- ---\n\nAfter.\n"
HEADLESS_LONG = "--- ------\n  1 one\n    more\n\n  2 two\n--- ------\n\nAfter.\n"


def rows(source: str) -> list[list[str]]:
    """Return the cells of a table's rows, with the side on which their words stand."""
    found: list[list[str]] = []
    side = ""
    for token in parse(source)[0]:
        if token.type == "tr_open":
            found.append([])
        elif token.type in ("td_open", "th_open"):
            side = str(token.attrs.get("style", "")).removeprefix("text-align:")[:1]
        elif token.type == "inline" and found:
            found[-1].append(f"{plain(token)} {side}".strip())
        elif token.type == "table_close":
            break
    return found


@pytest.mark.parametrize(
    ("source", "cells"),
    [
        (
            SIMPLE,
            [
                ["Right r", "Left l", "Mid c", "Usual"],
                ["12 r", "one l", "a c", "x y"],
                ["123 r", "two l", "b c", "z"],
            ],
        ),
        (
            MULTILINE,
            [
                ["Centred Head c", "Usual Aligned l", "Right Aligned r", "Left Aligned l"],
                ["First c", "row l", "12.0 r", "A row that goes on. l"],
                ["Second c", "row l", "5.0 r", "Another one. l"],
            ],
        ),
        (HEADLESS, [["1", "one"], ["2", "two"]]),
        (HEADLESS_LONG, [["1", "one more"], ["2", "two"]]),
    ],
    ids=["simple", "multiline", "headless", "headless multiline"],
)
def test_a_line_of_dashes_makes_columns(
    tmp_path: Path, source: str, cells: list[list[str]]
) -> None:
    write_site(tmp_path, {"a.qmd": HEAD + source})
    lifted = lift(tmp_path / "a.qmd")

    assert rows(lifted.text) == cells
    at = lifted.text.split("\n").index("After.")
    assert lifted.line(at + 1) == (HEAD + source).count("\n")


@pytest.mark.parametrize(
    "prose",
    [
        "Heading\n-------\n\nWords",
        "Words\n\n--- ---\n\nWords",
        "Words\n\n---\n\nWords",
        "a -- b --- c\n\n-- x",
        "```\na   b\n--- ---\n1   2\n```",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "Two lines\nof words\n--- ---\nand more",
    ],
)
def test_other_dashes_stay(prose: str) -> None:
    assert lift_dashed_tables(prose) == prose


@pytest.mark.parametrize(
    "hostile",
    ["--- ---\n" * 30_000, "-----\na\n--- ---\n" * 15_000, "a b\n-- --\nc d\n\n" * 15_000, "-- " * 80_000 + "\nx\n"],
)  # fmt: skip
def test_no_dashes_take_long(hostile: str) -> None:
    with soon():
        lift_dashed_tables(f"\n{hostile}")
