"""What the system refuses is told in one line, with what to do."""

import sqlite3

import pytest
import typer
from sqlalchemy.exc import OperationalError

from newsletter.cli import command


@pytest.mark.parametrize(
    ("refused", "code"),
    [
        (PermissionError(13, "Permission denied", "newsletter.db.worker.lock"), 2),
        (
            OperationalError(
                "PRAGMA", {}, sqlite3.OperationalError("attempt to write a readonly database")
            ),
            3,
        ),
    ],
)
def test_who_may_not_write_is_told_so(
    refused: Exception,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run(_arguments: object) -> None:
        raise refused

    monkeypatch.setattr(typer.main, "get_command", lambda _: run)
    with pytest.raises(SystemExit) as ended:
        command.main([])
    assert ended.value.code == code
    assert f"  → {command.MAY_NOT}\n" in capsys.readouterr().err
