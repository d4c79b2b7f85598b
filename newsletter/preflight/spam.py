"""What SpamAssassin thinks of the email, when it is installed; no network is asked."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from tempfile import TemporaryDirectory

from newsletter.findings import Finding
from newsletter.preflight.checked import Checked

NEARLY, SPAM = 2.0, 5.0
OPTIONS = ("--local", "--nocreate-prefs")
SCORE = re.compile(r"score=(-?\d+(?:\.\d+)?)")
RULES = re.compile(r"tests=([A-Z0-9_,\s]+?)(?=\s[a-z]|$)")


@dataclass(frozen=True, slots=True)
class Score:
    """SpamAssassin's points, and the names of the rules that gave them."""

    points: float
    rules: tuple[str, ...]


def check_spam(
    checked: Checked, message: bytes, program: Path, *, timeout: float = 60.0
) -> Iterator[Finding]:
    """Find an email that SpamAssassin takes for spam; `program` is run on the whole message."""
    score = _score(message, program, timeout)
    if score is None:
        yield checked.finding("spam-unchecked", f"{program.name} gave no score.")
    else:
        yield from judged(checked, score)


def judged(checked: Checked, score: Score) -> Iterator[Finding]:
    """Find a score that is too high."""
    code = "spam" if score.points >= SPAM else "nearly-spam" if score.points > NEARLY else ""
    if code:
        rules = ", ".join(score.rules) or "no rule named"
        yield checked.finding(code, f"SpamAssassin scores it {score.points:.1f}: {rules}.")


def _score(message: bytes, program: Path, timeout: float) -> Score | None:
    try:
        # An empty home: the same score for everybody, whatever this user ever taught it.
        with TemporaryDirectory() as home:
            done = subprocess.run(  # noqa: S603 (a program of this machine, without a shell)
                [program, *OPTIONS],
                input=message,
                env=os.environ | {"HOME": home},
                capture_output=True,
                timeout=timeout,
                check=False,
            )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return read_score(done.stdout)


def read_score(marked: bytes) -> Score | None:
    """Return the score in the header that SpamAssassin adds; None when it added none."""
    header = message_from_bytes(marked, policy=policy.compat32).get("X-Spam-Status", "")
    points = SCORE.search(header)
    if points is None:
        return None
    rules = RULES.search(header)
    names = re.findall(r"[A-Z0-9_]+", rules[1]) if rules else []
    return Score(float(points[1]), tuple(name for name in names if name != "NONE"))
