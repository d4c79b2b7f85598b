"""`newsletter backup`: what it writes, and what it leaves alone."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from newsletter.cli.command import app
from newsletter.errors import BackupError
from tests.newsletter.cli.test_lists import Run


@pytest.fixture
def run(home: Path) -> Run:
    """Run a command in an empty folder."""
    return lambda *words: CliRunner().invoke(app, words)


def test_an_earlier_backup_is_replaced_only_by_force(run: Run) -> None:
    file = Path("b.zip")
    file.write_text("the only one there is", encoding="utf-8")
    refused = run("backup", "b.zip")
    assert isinstance(refused.exception, BackupError)
    assert "--force" in refused.exception.mend
    assert file.read_text(encoding="utf-8") == "the only one there is"
    folder = run("backup", str(Path.cwd()), "--force")
    assert isinstance(folder.exception, BackupError)
    assert folder.exception.mend.endswith("newsletter.zip")
    assert run("backup", "b.zip", "--force").exit_code == 0
    assert file.read_bytes().startswith(b"PK")


def test_a_restore_says_when_it_cannot_know_who_left_since(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On another machine, or with a book whose name was mistyped."""
    assert run("init").exit_code == 0
    assert run("backup", "b.zip").exit_code == 0
    elsewhere = home / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    mistyped = run("restore", "../b.zip", "--book", "goodbye.jsonl")
    assert mistyped.exit_code == 2
    assert not Path("newsletter.db").exists()
    without = run("restore", "../b.zip")
    assert without.exit_code == 0
    assert "no goodbyes.jsonl lies beside the keys here" in without.output
    third = home / "third"
    third.mkdir()
    monkeypatch.chdir(third)
    (third / "goodbyes.jsonl").touch()
    given = run("restore", "../b.zip", "--book", "goodbyes.jsonl")
    assert "0 goodbyes since then, made true again" in given.output
