"""Where maths is found in a post, and where it is not."""

# ruff: noqa: RUF001 (signs that look like others are the point)

import pytest

from newsletter.digest.inline_words import plain
from newsletter.digest.markdown import parse
from tests.limits import soon


def shown(source: str) -> list[str]:
    """Return the words of each block; maths stands between « and »."""
    written = []
    for token in parse(source)[0]:
        if token.type in ("fence", "code_block"):
            written.append(f"code: {token.content.strip()}")
        elif token.type == "paragraph_open" and token.attrs.get("class") == "maths":
            written.append("maths:")
        elif token.type == "inline":
            for child in token.children or ():
                if child.type in ("maths_open", "maths_close"):
                    child.type, child.content = "text", "«" if child.nesting > 0 else "»"
            written.append(plain(token))
    return written


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("$x$, $O(n)$, $1$, $a, b$ and $2n + 1$", "«x», «O(n)», «1», «a, b» and «2n + 1»"),
        ("$a_1 + b^2$ **b** $\\alpha$", "«a₁ + b²» b «α»"),
        ("$$x^2$$ in a line", "«x²» in a line"),
        ("\\(x^2\\), \\\\(y_1\\\\) and \\[ x = 1 \\]", "«x²», «y₁» and «x = 1»"),
        ("$`a^b`$", "«aᵇ»"),
        ("# $E=mc^2$", "«E = mc²»"),
        ("[$x$](u)", "«x»"),
        ("($x$), “$y$”.", "(«x»), “«y»”."),
        ("$a\nb^2$", "«ab²»"),
    ],
)
def test_maths_stands_in_a_line(source: str, words: str) -> None:
    assert shown(source) == [words]


@pytest.mark.parametrize(
    "source",
    [
        "It costs $5 and $10.",
        "US$5 to US$10, A$3",
        "$5 million, $3M$ or $10",
        "from $HOME/bin to $PATH",
        "$HOME/bin:$PATH",
        "PID is $$ here",
        "a $ b $ c",
        "x$y$z",
    ],
)
def test_money_and_variables_of_a_shell_are_no_maths(source: str) -> None:
    assert shown(source) == [source]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("\\$5 and \\$6", "$5 and $6"),
        ("\\(not\\) \\[x\\] \\[a=b\\] \\[link\\](u)", "(not) [x] [a=b] [link](u)"),
        ("`$x^2$` and `\\(y\\)`", "$x^2$ and \\(y\\)"),
    ],
)
def test_what_is_escaped_and_what_is_code_stays(source: str, words: str) -> None:
    assert shown(source) == [words]


def test_fenced_code_stays() -> None:
    assert shown("```sh\necho $$ $x^2$\n```") == ["code: echo $$ $x^2$"]


@pytest.mark.parametrize(
    "source",
    [
        "$$x = 1$$",
        "$$\nx = 1\n$$",
        "$$ x\n= 1 $$ {#eq-one}",
        "\\[\nx = 1\n\\]",
        "\\\\[ x = 1 \\\\]",
        "\\begin{equation}\nx = 1\n\\end{equation}",
        "\\begin{align*} x &= 1 \\end{align*}",
        "```math\nx = 1\n```",
        "```{math}\nx = 1\n```",
    ],
)
def test_maths_stands_alone(source: str) -> None:
    assert shown(f"before\n\n{source}\n\nafter") == ["before", "maths:", "x = 1", "after"]
    assert shown(f"- {source.replace(chr(10), chr(10) + '  ')}\n- b") == ["maths:", "x = 1", "b"]


def test_maths_that_is_never_closed_stays_as_it_is() -> None:
    assert shown("$$\nx = 1\n\nafter $x") == ["$$ x = 1", "after $x"]


@pytest.mark.parametrize(
    "piece",
    ["$", "$$", "$x", "$`", "\\(", "\\\\(", "$$\n", "\\begin{align}\n", "$\\"],
)
def test_no_number_of_dollars_takes_more_than_two_seconds(piece: str) -> None:
    run = piece * (28_000 // len(piece))
    with soon():
        parse(f"{run}\n\n" * 3)
