"""The two lines that an inbox shows."""

from pathlib import Path

import pytest

from tests.newsletter.preflight.planting import codes, found, only

LINES = ("subject-long", "subject-shouts", "subject-reply", "no-description", "preheader-repeats")


def lines(folder: Path, subject: str, more: str = "description: What was measured.") -> list[str]:
    quoted = subject.replace("'", "''")
    return [
        code for code in codes(found(folder, front=f"title: '{quoted}'\n{more}")) if code in LINES
    ]


@pytest.mark.parametrize(
    "subject",
    [
        "BUY THE HARBOUR NOW",
        "The tides are here!!!",
        "The tides are here?!",
        "Earn $$$ with tides",
        "潮が来た！！",  # noqa: RUF001 (as it is typed in Japan)
        "ПРИЛИВЫ ВЕРНУЛИСЬ",
    ],
)
def test_a_subject_that_shouts_is_found(tmp_path: Path, subject: str) -> None:
    assert lines(tmp_path, subject) == ["subject-shouts"]


@pytest.mark.parametrize(
    "subject",
    ["The tides are here!", "NASA", "FOSDEM 2026", "What now?", "港の潮位", "C++ & R: $5"],
)
def test_a_subject_in_a_plain_voice_is_left_alone(tmp_path: Path, subject: str) -> None:
    assert lines(tmp_path, subject) == []


@pytest.mark.parametrize("subject", ["RE: the tides", "Fwd: tides", "AW: Gezeiten", "re[2]: tides"])
def test_a_subject_that_pretends_to_be_an_answer_is_found(tmp_path: Path, subject: str) -> None:
    assert lines(tmp_path, subject) == ["subject-reply"]


@pytest.mark.parametrize("subject", ["Re-reading the tides", "Regatta: who won", "Forward: march"])
def test_a_word_that_only_begins_like_an_answer_is_left_alone(tmp_path: Path, subject: str) -> None:
    assert lines(tmp_path, subject) == []


def test_a_subject_is_long_from_71_characters_on(tmp_path: Path) -> None:
    assert lines(tmp_path, "Tides " * 11 + "back") == []
    assert lines(tmp_path, "Tides " * 11 + "again") == ["subject-long"]


def test_the_subject_that_leaves_is_judged_and_not_the_title(tmp_path: Path) -> None:
    more = "description: What was measured.\nnewsletter:\n  subject: A quiet one"
    assert lines(tmp_path, "BUY THE HARBOUR NOW", more) == []


def test_a_preheader_of_the_author_is_as_good_as_a_description(tmp_path: Path) -> None:
    assert lines(tmp_path, "Tides", "newsletter:\n  preheader: What was measured.") == []
    assert lines(tmp_path, "Tides", "newsletter:\n  preheader: tides!") == ["preheader-repeats"]


def test_a_description_that_repeats_the_title_is_told_as_that(tmp_path: Path) -> None:
    findings = found(tmp_path, front="title: Tides\ndescription: Tides.")
    assert "no-description" not in codes(findings)
    assert "Tides." in only(findings, "preheader-repeats").message
