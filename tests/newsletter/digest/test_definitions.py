"""Definition lists: several terms, several definitions, and prose that only looks like one."""

from pathlib import Path

import pytest

from newsletter.digest.inline_words import plain
from newsletter.digest.markdown import parse
from newsletter.render.renderer import render_issue
from tests.emails import MASTHEAD
from tests.limits import soon
from tests.newsletter.digest.writing import HEAD, read


def outline(source: str) -> list[str]:
    """Return each term and definition with what it says: `dt Tide`."""
    found: list[str] = []
    tag = ""
    for token in parse(source)[0]:
        if token.type in ("dt_open", "dd_open"):
            tag = token.tag
        elif token.type == "inline":
            found.append(f"{tag} {plain(token)}".strip())
        elif token.type == "dl_close":
            tag = ""
    return found


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("Tide\n: Twice a day", ["dt Tide", "dd Twice a day"]),
        ("Tide\nEbb *low*\n: Twice", ["dt Tide", "dt Ebb low", "dd Twice"]),
        ("Tide\n: One\n: Two\n\nb", ["dt Tide", "dd One", "dd Two", "b"]),
        ("A\nB\n: One\n\n    More\n: Two\n\nC\nD\n: Three", ["dt A", "dt B", "dd One", "dd More", "dd Two", "dt C", "dt D", "dd Three"]),
        ("- x\n\n  A\n  B\n  : One", ["x", "dt A", "dt B", "dd One"]),
        ("> A\n> B\n> ~ One", ["dt A", "dt B", "dd One"]),
        ("A sentence that is rather long and goes on until the end of its line, as prose does\nand more\n: no", ["A sentence that is rather long and goes on until the end of its line, as prose does and more : no"]),
        ("- a\n: b", ["a : b"]),
        ("One\ntwo\n:three", ["One two :three"]),
    ],
)  # fmt: skip
def test_terms_and_definitions_are_told_apart(source: str, shown: list[str]) -> None:
    assert outline(source) == shown


def test_terms_of_one_definition_stand_below_each_other_in_the_text(tmp_path: Path) -> None:
    digest = read(tmp_path, f"{HEAD}Tide\nEbb\n: Twice a day.\n: And night.\n")

    text = render_issue(digest, MASTHEAD).email.text

    assert "\n Tide\n Ebb\n     Twice a day.\n     And night.\n" in text


@pytest.mark.parametrize("piece", ["a\nb\n: c\n", "a\n" * 7 + ": b\n", "a\nb\nc\n\n", ": a\n~ b\n"])
def test_no_list_of_definitions_takes_long(piece: str) -> None:
    with soon():
        parse(piece * (30_000 // len(piece)))
