"""Findings as people, GitHub and programs read them."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.cli.findings import annotations, refusal, show, summary
from newsletter.errors import PostError
from newsletter.findings import KINDS, Finding
from tests.parts import ROOT


def finding(code: str, message: str = "Words.", path: Path | None = None, line: int = 0) -> Finding:
    return Finding(code, message, KINDS[code].mend, path, line or None)


def test_the_worst_come_first_and_a_mend_stands_once_for_all_it_helps(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show([finding("no-alt", "One."), finding("no-description", "Info."), finding("draft", "Draft."),
          finding("no-alt", "Two.")])  # fmt: skip
    assert capsys.readouterr().out.splitlines() == [
        "✗ Draft. [draft]",
        f"  → {KINDS['draft'].mend}",
        "! One. [no-alt]",
        "! Two. [no-alt]",
        f"  → {KINDS['no-alt'].mend}",
        "· Info. [no-description]",
        f"  → {KINDS['no-description'].mend}",
    ]


def test_what_is_not_well_always_says_what_helps(capsys: pytest.CaptureFixture[str]) -> None:
    """As of a sender's domain, where nothing but the kind of it is known."""
    show([Finding("spf-missing", "ledger.example has no SPF record"), Finding("database", "Fine.")])
    assert capsys.readouterr().out.splitlines() == [
        "✗ ledger.example has no SPF record [spf-missing]",
        f"  → {KINDS['spf-missing'].mend}",
        "· Fine. [database]",
    ]


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ((), "nothing found"),
        (("draft",), "1 error"),
        (("no-alt", "draft", "no-alt", "no-description"), "1 error, 2 warnings, 1 info"),
    ],
)
def test_the_last_line_counts(codes: tuple[str, ...], words: str) -> None:
    assert summary(map(finding, codes)) == words


def test_an_annotation_escapes_what_would_end_it(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    post = tmp_path / "a,b" / "50% off: tides.md"
    (line,) = annotations([finding("link-local", "100%\r\n::error::x, y: z", post, 7)])
    assert line == (
        "::error title=A link leads to a private machine (link-local),"
        "file=a%2Cb/50%25 off%3A tides.md,line=7"
        "::100%25%0D%0A::error::x, y: z%0APoint it at the published page."
    )
    assert "\n" not in line


def test_a_finding_without_a_place_is_an_annotation_of_the_run() -> None:
    (line,) = annotations([finding("no-alt")])
    assert line.startswith("::warning title=A picture has no alternative text (no-alt)::Words.")


def test_a_refused_post_is_an_annotation_at_its_line(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    error = PostError("is no YAML", "mend it", path=tmp_path / "tides.md", line=3)
    assert refusal(error) == (
        "::error title=The post cannot be read,file=tides.md,line=3::is no YAML%0Amend it"
    )


def test_a_terminal_gets_colours_and_places_to_press(tmp_path: Path) -> None:
    post = tmp_path / "tides.md"
    post.write_text("---\ntitle: Tides\n---\n\n[t](http://localhost/)\n", encoding="utf-8")
    ours, theirs = pty.openpty()
    environment = {"PATH": "", "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLUMNS": "80"}
    command = (sys.executable, "-m", "newsletter", "check", "tides.md")
    with subprocess.Popen(command, stdout=theirs, cwd=tmp_path, env=environment) as process:
        os.close(theirs)
        said = b""
        while True:
            try:
                said += os.read(ours, 4096)
            except OSError:  # Linux says so when nobody holds the other end any more
                break
        os.close(ours)
    assert process.returncode == 1
    text = said.decode()
    assert "]8;id=" in text
    assert f";{post.as_uri()}\x1b\\" in text
    assert "\x1b[1;31m✗ 1 error" in text
