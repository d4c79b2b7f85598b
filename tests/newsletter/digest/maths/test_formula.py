"""TeX as words and signs on one line."""

# ruff: noqa: RUF001 (signs that look like others are the point)

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from newsletter.digest.inline_words import plain
from newsletter.digest.maths.writing import formula
from tests.limits import soon


def said(tex: str) -> str:
    """Return a formula as plain words."""
    return plain(Token("inline", "", 0, children=formula(tex)))


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"E = mc^2", "E = mc²"),
        (r"\frac{a+b}{2}", "(a + b)/2"),
        (r"\frac12x", "1/2 x"),
        (r"x = \frac{-b \pm \sqrt{b^2-4ac}}{2a}", "x = (−b ± √(b² − 4ac))/(2a)"),
        (r"\sum_{i=1}^{n} i", "∑ᵢ₌₁ⁿ i"),
        (r"\int_0^\infty e^{-x}\,dx", "∫₀^∞ e⁻ˣ dx"),
        (r"\mathcal{O}(n \log n)", "O(n log n)"),
        (r"f: \mathbb{R}^n \to \mathbb{R}", "f: ℝⁿ → ℝ"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "(a, b; c, d)"),
        (r"\begin{array}{cc} a & b \end{array}", "(a, b)"),
        (r"|x| = \begin{cases} x & \text{if } x \geq 0 \\ -x & \text{else} \end{cases}",
         "|x| = { x if x ≥ 0; −x else"),
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "a = b = c"),
        (r"\left( \frac{1}{2} \right)^2", "(1/2)²"),
        (r"\left. x \right|", "x|"),
        (r"\hat{y} = \vec{w} \cdot \vec{x}", "y\u0302 = w\u20d7 · x\u20d7"),
        (r"P(A \mid B)", "P(A ∣ B)"),
        (r"\lim_{x \to 0} \sin x", "lim_(x→0) sin x"),
        (r"\sin^2\theta + \cos^2\theta = 1", "sin² θ + cos² θ = 1"),
        (r"\binom{n}{k}", "(n choose k)"),
        (r"a \equiv b \pmod{n}", "a ≡ b (mod n)"),
        (r"x_{\text{max}}, x_{max width}", "xₘₐₓ, xₘₐₓ_wᵢdth".replace("ₘₐₓ_wᵢdth", "_maxwidth")),
        (r"10^{-3}, 1{,}000, 1,2", "10⁻³, 1,000, 1, 2"),
        (r"\{1,\ldots,n\}", "{1, …, n}"),
        (r"\sqrt[3]{x}", "³√x"),
        (r"A \xrightarrow{f} B", "A →ᶠ B"),
        (r"\not= \neq \not\in", "≠ ≠ ∉"),
        (r"x'' + f'(t)", "x′′ + f′(t)"),
        (r"\ce{2H2O -> 2H2 + O2}", "2H₂O → 2H₂ + O₂"),
        (r"\overset{?}{=}", "= ^?"),
        (r"\underbrace{x}_{n}", "xₙ"),
        (r"\color{red} y = \textcolor{blue}{x}", "y = x"),
        (r"\label{eq} x \tag{1}", "x(1)"),
        (r"\newcommand{\R}[1]{\mathbb R} x", "x"),
        (r"100\%  \$5 \& \#", "100%$5&#"),
        (r"a % a remark", "a"),
        (r"\foo{bar} \baz", "foo bar baz"),
        (r"-x, (-x), = -x, a - x", "−x, (−x), = −x, a − x"),
    ],
)  # fmt: skip
def test_a_formula_is_read_as_a_person_would_write_it_in_a_line(tex: str, words: str) -> None:
    assert said(tex) == words


def test_letters_powers_and_indices_are_marked_for_html() -> None:
    assert [token.type for token in formula("ab_1^2 c")] == [
        *("var_open", "text", "var_close", "sub_open", "text", "sub_close"),
        *("sup_open", "text", "sup_close", "var_open", "text", "var_close"),
    ]


PIECES = st.sampled_from(
    [
        *("{", "}", "^", "_", "\\frac", "\\sqrt", "[", "]", "\\left", "\\right", "(", ")", "&"),
        *("\\\\", "\\begin{cases}", "\\end{cases}", "\\begin{", "\\text{", "\\hat", "\\not"),
        *("\\ce{", "\\sum", "\\alpha", "\\foo", "x", "1", "+", "-", "=", ",", " ", "\n", "%", "$"),
        *("<script>", "\\href{javascript:alert(1)}{x}", "\\", "'", "~", "\\newcommand", "\\def"),
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES, max_size=40))
@soon()
def test_whatever_is_written_it_ends_in_words_whose_marks_are_closed(pieces: list[str]) -> None:
    depth: list[str] = []
    for token in formula("".join(pieces)):
        assert token.type in ("text", "hardbreak") or token.tag in ("var", "sup", "sub")
        if token.nesting > 0:
            depth.append(token.tag)
        elif token.nesting < 0:
            assert depth.pop() == token.tag
    assert not depth


@pytest.mark.parametrize(
    "piece",
    [
        *("{", "}", "\\frac", "\\frac{", "^", "^{", "\\begin{cases}", "\\begin{aligned}&", "&"),
        *("\\sqrt[", "\\sqrt[x]", "\\left(", "\\not", "\\\\", "\\hat", "a_", "\\text{", "\\ce{"),
    ],
)
def test_no_formula_takes_more_than_two_seconds(piece: str) -> None:
    with soon():
        formula(piece * (30_000 // len(piece)))
