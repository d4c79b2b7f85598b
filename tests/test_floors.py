"""The house's rules that import-linter cannot say."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from tests.parts import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACT = {contract["id"]: contract for contract in CONTRACTS["contracts"]}
MODULES = sorted(
    path for package in ("newsletter", "subscribers") for path in (ROOT / package).rglob("*.py")
)
NAMELESS = {"base", "common", "core", "helpers", "manager", "service", "utils"}
# The static contract knows top-level packages only, and `urllib.parse` is welcome.
NETWORK = {"http.client", "socket", "ssl", "urllib.request"}
LONGEST = 400


def imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def files_of(name: str) -> list[Path]:
    place = ROOT.joinpath(*name.split("."))
    return sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]


def test_every_room_stands_on_a_floor() -> None:
    floors = " ".join(CONTRACT["floors"]["layers"])
    named = {word.strip("()") for word in floors.split()}
    rooms = {
        f"newsletter.{path.stem}"
        for path in (ROOT / "newsletter").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    } - {"newsletter.__init__"}
    assert rooms <= named


@pytest.mark.parametrize("name", CONTRACT["pure"]["source_modules"])
def test_a_pure_room_opens_no_connection(name: str) -> None:
    for module in files_of(name):
        assert NETWORK.isdisjoint(imported(module)), module


def test_the_checks_ask_the_network_through_one_module() -> None:
    opening = [
        module.name
        for module in (*files_of("newsletter.preflight"), *files_of("newsletter.fetch"))
        if not NETWORK.isdisjoint(imported(module))
    ]
    assert opening == ["fetch.py"]


def test_importing_the_process_that_sends_loads_none_of_the_heavy_libraries() -> None:
    light = CONTRACT["light"]
    told = subprocess.run(
        (
            sys.executable,
            "-c",
            f"import sys, {', '.join(light['source_modules'])}\nprint(*sys.modules)",
        ),
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert set(light["forbidden_modules"]).isdisjoint(told.stdout.split())


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_and_named_by_a_noun(module: Path) -> None:
    assert module.stem not in NAMELESS
    assert len(module.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_a_folder_has_at_least_three_files() -> None:
    few = [
        folder
        for folder in {module.parent for module in MODULES}
        if len(list(folder.glob("*.py"))) < 3
    ]
    assert few == []


def test_alembics_folder_is_no_package() -> None:
    assert not (ROOT / "alembic" / "__init__.py").exists()


def test_what_a_group_repeats_is_made_to_give_nothing_back_by_an_atomic_group_alone() -> None:
    # Python 3.11.2, which Debian 12 has, takes `a(?:bc)*+` of "ab" for "ab".
    assert repeats_a_group(r"x(?:a++b)*+")
    assert repeats_a_group(r"(?>(?:ab|cd)?+)")
    assert not repeats_a_group(r"(?:a++b)+(?>(?:ab)*)")
    found = {
        (module.relative_to(ROOT).as_posix(), name)
        for module in MODULES
        if module.name != "__main__.py"
        for name, value in vars(importlib.import_module(dotted(module))).items()
        if isinstance(value, re.Pattern) and repeats_a_group(value.pattern)
    }
    assert found == set()


def dotted(module: Path) -> str:
    parts = module.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def repeats_a_group(pattern: str | bytes) -> bool:
    """Say whether `(...)*+` is in an expression, or `++` or `?+` after a group."""
    return is_in(parser.parse(pattern))


def is_in(piece: Any) -> bool:
    if isinstance(piece, parser.SubPattern):
        return any(map(is_in, piece))
    if isinstance(piece, list | tuple):
        if len(piece) == 2 and piece[0] is code.POSSESSIVE_REPEAT:
            repeated = piece[1][2]
            return len(repeated) > 1 or repeated[0][0] in (code.BRANCH, code.SUBPATTERN)
        return any(map(is_in, piece))
    return False
