"""The docs name what there is: modules, commands, settings, findings; their links lead somewhere."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from newsletter.findings import CHAPTERS, KINDS
from newsletter.settings import Settings
from tests import findings_page
from tests.parts import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
MAP = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
# The changelog and the decisions tell what was; a command they name may be gone.
MANUAL = "\n".join(
    page.read_text(encoding="utf-8")
    for page in PAGES
    if page.name != "CHANGELOG.md" and page.parent.name != "decisions"
)


def modules() -> Iterator[str]:
    for package in ("newsletter", "subscribers"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if path.name != "__init__.py":
                yield path.relative_to(ROOT).as_posix()


def commands() -> dict[str, str]:
    """Return the help of each command by its whole name."""
    from newsletter.cli.command import app

    def walk(name: str, command: Any) -> Iterator[tuple[str, str]]:
        for part, child in getattr(command, "commands", {}).items():
            yield from walk(f"{name} {part}", child)
        if not hasattr(command, "commands"):
            yield name, command.help or ""

    return dict(walk("newsletter", typer.main.get_command(app)))


@pytest.mark.parametrize("module", list(modules()))
def test_the_map_names_every_module_or_its_folder(module: str) -> None:
    folder = module.rpartition("/")[0]
    named = f"`{module}`" in MAP
    assert named or (folder.count("/") and f"`{folder}/`" in MAP)


@pytest.mark.parametrize("path", re.findall(r"^\| `((?:newsletter|subscribers)/[^`]+)`", MAP, re.M))
def test_the_map_names_nothing_that_is_not_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_command_is_in_the_manual_and_has_help() -> None:
    found = commands()
    assert found
    assert [name for name, told in found.items() if not told.strip()] == []
    assert [name for name in found if not re.search(rf"\b{name}\b", MANUAL)] == []


def test_the_manual_names_no_command_that_is_not_there() -> None:
    names = {name.split()[1] for name in commands()}
    said = re.findall(r"(?:^(?:    |\$ )?|`)newsletter ([a-z][a-z-]*)", MANUAL, re.M)
    assert set(said) <= names


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_the_page_of_settings_has_a_line_for_each_setting(name: str) -> None:
    if name == "lists":
        assert "[lists." in MANUAL  # tables of newsletter.toml only
    else:
        settings = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
        assert re.search(rf"^\| `(NEWSLETTER_)?{name.upper()}`", settings, re.M)


def test_every_code_that_is_raised_is_in_the_register() -> None:
    raised = list(findings_page.raised())
    assert len({code for _, code in raised}) > 20
    unknown = [(place, code) for place, code in raised if code not in KINDS]
    assert unknown == [], "declare each in newsletter/findings/, then: make goldens"


def test_no_code_is_declared_twice() -> None:
    assert len(KINDS) == sum(map(len, CHAPTERS.values()))


def test_the_page_of_findings_explains_each_one(golden: Callable[[Path, str], None]) -> None:
    golden(findings_page.PAGE, findings_page.page())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    targets = re.findall(r"\]\(([^)#\s]+)", text)
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_every_decision_says_what_it_cost() -> None:
    for page in (ROOT / "docs" / "decisions").glob("0*.md"):
        text = page.read_text(encoding="utf-8")
        assert re.match(rf"# {page.name[:4]}: \S", text), page
        assert re.findall(r"^## (.*)", text, re.M) == ["Context", "Decision", "Price"], page


def test_the_glossary_says_each_word_once() -> None:
    words = re.findall(r"^(?:\| |- )\*\*([^*]+)\*\*", GLOSSARY, re.M)
    assert len(words) > 20
    assert len(words) == len(set(words))
