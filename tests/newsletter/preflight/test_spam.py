"""SpamAssassin's score, read and judged; a program that gives none stops nothing."""

from pathlib import Path

import pytest

from newsletter.preflight.spam import Score, check_spam, judged, read_score
from tests.conftest import need
from tests.newsletter.preflight.planting import checked

MESSAGE = b"From: a@ledger.example\r\nSubject: Tides\r\n\r\nWords.\r\n"


@pytest.mark.parametrize(
    ("points", "code"),
    [(-1.0, ""), (2.0, ""), (2.1, "nearly-spam"), (4.9, "nearly-spam"), (5.0, "spam"), (40.0, "spam")],
)  # fmt: skip
def test_a_score_is_told_above_two_and_stops_from_five_on(
    tmp_path: Path, points: float, code: str
) -> None:
    found = [one.code for one in judged(checked(tmp_path), Score(points, ("SHOUTING",)))]
    assert found == ([code] if code else [])


def test_the_header_is_read_over_its_folds() -> None:
    marked = (
        b"X-Spam-Checker-Version: SpamAssassin 4.0.1\n"
        b"X-Spam-Status: Yes, score=6.7 required=5.0 tests=MISSING_DATE,\n"
        b"\tSUBJ_ALL_CAPS,NO_RELAYS autolearn=no autolearn_force=no version=4.0.1\n\n"
    )
    assert read_score(marked) == Score(6.7, ("MISSING_DATE", "SUBJ_ALL_CAPS", "NO_RELAYS"))


@pytest.mark.parametrize("marked", [b"", b"\0\xff", b"X-Spam-Status: maybe\n\n", MESSAGE])
def test_a_header_that_is_none_gives_no_score(marked: bytes) -> None:
    assert read_score(marked) is None


def program(folder: Path, script: str) -> Path:
    file = folder / "spamassassin"
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize("script", ["exit 1", "echo broken", "exec sleep 30"])
def test_a_program_that_fails_or_hangs_is_told_and_stops_nothing(
    tmp_path: Path, script: str
) -> None:
    found = list(check_spam(checked(tmp_path), MESSAGE, program(tmp_path, script), timeout=0.5))
    assert [(one.code, one.severity) for one in found] == [("spam-unchecked", "info")]


@pytest.mark.part("spamassassin")
def test_the_real_program_answers_and_writes_nothing_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    found = list(check_spam(checked(tmp_path), MESSAGE, need("spamassassin")["spamassassin"]))
    assert "spam-unchecked" not in [one.code for one in found]
    assert list(home.rglob("*")) == []
