"""The page docs/findings.md as the register of findings has it, and the codes that the code raises."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from newsletter.findings import CHAPTERS, Kind
from tests.parts import ROOT

PAGE = ROOT / "docs" / "findings.md"
HEAD = """\
# Findings

`newsletter check POST` names what would go wrong in an inbox, each with a code, a place and a mend.
An error stops `send` unless `--allow CODE` says otherwise; a warning does not; an info tells.
This page is written from `newsletter/findings/` by `make goldens`.
"""
# What makes a finding, or carries its code to where one is made.
MAKERS = ("Finding", "LeftOut", "Unshowable", "finding", "_find")
CODE = re.compile(r"[a-z]+(-[a-z]+)*")


def page() -> str:
    """Return the page: a chapter for each group, a part for each code."""
    chapters = (
        f"## {title}\n\n" + "\n".join(map(_part, kinds)) for title, kinds in CHAPTERS.items()
    )
    return HEAD + "\n" + "\n".join(chapters)


def _part(kind: Kind) -> str:
    return (
        f"### {kind.code}\n\n"
        f"**{kind.severity.value.capitalize()}: {kind.title}.**\n{kind.meaning}\n"
        f"Mend: {kind.mend}\n"
    )


def raised() -> Iterator[tuple[str, str]]:
    """Yield (place, code) of each finding that the code makes."""
    for file in sorted((ROOT / "newsletter").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in MAKERS:
                yield from _codes(node, file)


def _codes(call: ast.Call, file: Path) -> Iterator[tuple[str, str]]:
    for argument in call.args[:2]:
        nodes = [argument]
        if isinstance(argument, ast.IfExp):
            nodes = [argument.body, argument.orelse]
        for node in nodes:
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and CODE.fullmatch(value):
                yield f"{file.relative_to(ROOT)}:{node.lineno}", value


def _name(node: ast.expr) -> str:
    return str(getattr(node, "attr", getattr(node, "id", "")))
