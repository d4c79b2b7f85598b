"""What is printed for people."""

import pytest

from newsletter.cli import console


@pytest.mark.parametrize("sign", ["\u202e", "\u2067", "\x1b[2J", "\x9b2J", "\r", "\x07"])
def test_what_would_steer_the_terminal_is_shown(
    capsys: pytest.CaptureFixture[str], sign: str
) -> None:
    console.say(f"a{sign}b")
    console.warn(f"a{sign}b")
    printed = capsys.readouterr()
    assert printed.out == printed.err == f"a\ufffd{sign[1:]}b\n"


def test_words_of_any_script_stay(capsys: pytest.CaptureFixture[str]) -> None:
    words = "\u05d0\u200f 5\u00a0\u20ac\t\U0001f469\u200d\U0001f4bb\nnext: \u2026"
    console.say(words)
    assert capsys.readouterr().out == f"{words}\n"
