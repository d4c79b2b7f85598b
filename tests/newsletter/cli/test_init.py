"""`newsletter init` in the folder of a site."""

import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from newsletter.cli.command import app
from newsletter.declared import ListTable

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, words)


def test_in_a_repository_it_names_what_git_would_take_until_it_is_ignored(run: Run) -> None:
    assert "git" not in run("init").stderr
    subprocess.run(("git", "init", "-q", "."), check=True)
    assert "add to .gitignore: newsletter.db*, outbox*" in run("init").stderr
    Path(".gitignore").write_text("newsletter.db*\noutbox*\n", encoding="utf-8")
    assert run("init").stderr == ""


def test_the_list_that_it_suggests_lacks_nothing_that_a_mail_must_have(run: Run) -> None:
    run("init")
    commented = Path("newsletter.toml").read_text(encoding="utf-8").partition("[lists.")[2]
    table = tomllib.loads("[lists." + commented.replace("\n# ", "\n"))["lists"]["ledger"]
    told = ListTable.model_validate(table)
    assert told.postal
    assert told.privacy_url.startswith("https://")
