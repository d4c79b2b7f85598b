"""Finds maths in Markdown, where MathJax and KaTeX would: between dollars, `\\(…\\)`, `\\[…\\]`.

A price is no maths: see `_is_maths`. In code nothing is.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from newsletter.digest.maths.writing import formula

PAIRS = {"(": ")", "[": "]"}
LONGEST_INLINE = 1_000
MOST_LINES = 200
# Between two dollars, or four; GitHub also has a dollar and a tick.
INSIDE = r"((?:\\.|[^\\$\n]|\n(?!\n))+)"
DOUBLE = re.compile(rf"\$\$(?!\$){INSIDE}\$\$(?!\d)", re.DOTALL)
TICKED = re.compile(r"\$`([^`\n]+)`\$")
SINGLE = re.compile(rf"\$(?![\s$]){INSIDE}(?<!\s)\$(?![\w$])", re.DOTALL)
OPENING = re.compile(
    r"(?P<dollars>\$\$)(?!\$)|(?P<bracket>\\\\?\[)"
    r"|\\begin\{(?P<name>(?:equation|align|gather|multline|eqnarray|alignat|flalign)\*?)\}"
)
# A number or a name after a formula, which the site's script would set.
LABEL = r"[ \t]*(?:\{#[^{}\n]*\}|\([\w.-]+\))?[ \t]*$"
FENCES = ("math", "latex-math", "katex", "mathjax")
# What only maths has: commands, powers, relations, signs.
TEX = re.compile(
    r"\\[A-Za-z{}|,;]|[\^=<>]|(?:\b[A-Za-z]|[})])_[\w{\\]|[\u0370-\u03ff\u2190-\u22ff]"
)
# Without any of these, escaped square brackets are just that.
SURE = re.compile(r"\\[A-Za-z]|\^|_[\w{]|^\s.*[=<>].*\s$", re.DOTALL)
# Or all that there is: a letter, a number, letters in a row, `O(n)`, `2n + 1`.
TERM = r"(?:\d+(?:\.\d+)?[A-Za-z]?|[A-Za-z]{1,2}|\([^()]{1,20}\))"
SHORT = re.compile(
    rf"[A-Za-z]'?\d?|\d+(?:[.,]\d+)?|[A-Za-z](?:,\s?[A-Za-z])+|[A-Za-z]\([\w,\s+*/-]{{1,20}}\)"
    rf"|-?{TERM}(?:\s*[+*/-]\s*{TERM}){{1,9}}"
)


def maths_plugin(md: MarkdownIt) -> None:
    """Teach a parser maths."""
    md.block.ruler.before(
        "fence", "maths", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    md.inline.ruler.before("escape", "maths", _inline)
    md.core.ruler.after("block", "maths_fences", _fences)
    md.core.ruler.after("inline", "maths_blocks", _blocks)


def _inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    found = _found(state)
    if found is None:
        return False
    tex, end = found
    if not silent:
        state.push("maths_open", "span", 1).attrs["class"] = "maths"
        state.tokens += formula(tex)
        state.push("maths_close", "span", -1)
    state.pos = end
    return True


def _found(state: StateInline) -> tuple[str, int] | None:
    """Return the TeX that begins here, and where it ends; None for what is no maths."""
    end = min(state.posMax, state.pos + LONGEST_INLINE)
    before = state.src[state.pos - 1 : state.pos]
    if state.src[state.pos] == "$":
        if before.isalnum() or before == "$":
            return None
        for pattern in (DOUBLE, TICKED, SINGLE):
            found = pattern.match(state.src, state.pos, end)
            if found and (pattern is not SINGLE or _is_maths(found[1])):
                return found[1], found.end()
        return None
    return _bracketed(state, end)


def _bracketed(state: StateInline, end: int) -> tuple[str, int] | None:
    """Return what stands in `\\(…\\)`; Jekyll's authors write two strokes, for one is taken away."""
    strokes = "\\\\" if state.src.startswith("\\\\", state.pos) else "\\"
    start = state.pos + len(strokes) + 1
    bracket = state.src[start - 1 : start]
    if bracket not in PAIRS:
        return None
    close = state.src.find(strokes + PAIRS[bracket], start, end)
    tex = state.src[start : max(start, close)]
    fits = _is_maths(tex) if bracket == "(" else SURE.search(tex)
    if not fits or "\n\n" in tex:
        return None
    return tex, close + len(strokes) + 1


def _is_maths(tex: str) -> bool:
    """Tell `$x$` and `$a^2$` from `$5 and $10`."""
    return TEX.search(tex) is not None or SHORT.fullmatch(tex.strip()) is not None


def _block(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    start = state.bMarks[line] + state.tShift[line]
    opened = OPENING.match(state.src, start, state.eMarks[line])
    if not opened or state.is_code_block(line):
        return False
    found = _end_of_block(state, opened, line, end)
    if found is None:
        return False
    if silent:
        return True
    tex, last = found
    state.line = last + 1
    token = state.push("maths_block", "p", 0)
    token.content, token.map, token.block = tex, [line, state.line], True
    return True


def _end_of_block(
    state: StateBlock, opened: re.Match[str], line: int, end: int
) -> tuple[str, int] | None:
    """Return the TeX of a block and its last line; None where nothing closes it."""
    closer = "$$"
    if opened["bracket"]:
        closer = opened["bracket"].replace("[", "]")
    elif opened["name"]:
        closer = f"\\end{{{opened['name']}}}"
    closing = re.compile(re.escape(closer) + LABEL)
    written: list[str] = []
    for at in range(line, min(end, line + MOST_LINES)):
        first = opened.end() if at == line else state.bMarks[at] + state.tShift[at]
        text = state.src[first : state.eMarks[at]]
        if at > line and (not text.strip() or state.sCount[at] < state.blkIndent):
            return None
        found = closing.search(text.rstrip()) if closer in text else None
        if found:
            written.append(text[: found.start()])
            tex = "\n".join(written)
            if opened["bracket"] and not TEX.search(tex):
                return None
            name = opened["name"]
            return (f"\\begin{{{name}}}{tex}\\end{{{name}}}" if name else tex), at
        written.append(text)
    return None


def _fences(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "fence" and token.info.strip().strip("{}.").lower() in FENCES:
            token.type, token.tag, token.info = "maths_block", "p", ""


def _blocks(state: StateCore) -> None:
    """Make paragraphs of formulas that stand alone."""
    if not any(token.type == "maths_block" for token in state.tokens):
        return
    tokens: list[Token] = []
    for token in state.tokens:
        tokens += _paragraph(token) if token.type == "maths_block" else [token]
    state.tokens = tokens


def _paragraph(token: Token) -> list[Token]:
    inside = formula(token.content)
    if not inside:
        return []
    opening = Token("paragraph_open", "p", 1, {"class": "maths"}, map=token.map, level=token.level)
    inline = Token("inline", "", 0, map=token.map, level=token.level + 1, content=token.content)
    inline.children = inside
    closing = Token("paragraph_close", "p", -1, level=token.level)
    opening.block = inline.block = closing.block = True
    return [opening, inline, closing]
