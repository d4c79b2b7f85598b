"""Boxes around blocks, whatever a generator calls them: one neutral way to write them.

A dialect rewrites what it understands (`:::note`, `!!! info`, a paired shortcode) into an
`opening()` and a `closing()` line; the block rule here turns those into tokens:

    container_open(info=kind)
      [container_title_open, inline, container_title_close]
      … blocks …
      [container_caption_open, inline, container_caption_close]   of a figure
    container_close(info=kind)

An opening that nothing closes ends with its parent; a closing that closes nothing is dropped.
"""

import re
from types import MappingProxyType

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, html_block
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from newsletter.digest.author_text import CONTAINER_CLOSING, CONTAINER_OPENING, CONTAINER_TITLE
from newsletter.digest.phrases import phrase

# What generators call an admonition, and the kind that it is drawn as.
KINDS = MappingProxyType(
    {
        word: kind
        for kind, words in {
            "note": "note info information abstract summary tldr example quote cite question help "
            "faq seealso see-also todo",
            "tip": "tip hint success check done",
            "important": "important attention",
            "warning": "warning warn",
            "caution": "caution danger error failure fail missing bug alert",
        }.items()
        for word in words.split()
    }
)
# Words that are said as another one.
SAME = MappingProxyType(
    {
        **{"information": "info", "tldr": "summary", "cite": "quote", "seealso": "see-also"},
        **{"warn": "warning", "fail": "failure"},
    }
)
# A picture or several with a caption; a fold, which a mail shows open; words beside the matter;
# and what only grouped its blocks, which stand as if it were not there.
STRUCTURES = ("figure", "details", "aside", "plain")
# Raw HTML that ends at an empty line, and at no closing tag or mark of its own.
BLANK_ENDED = re.compile(r"<(?!script|pre|style|textarea|[!?])", re.IGNORECASE)
LEFT_OVER = re.compile(
    f"{CONTAINER_OPENING}[^{CONTAINER_TITLE}\n]*{CONTAINER_TITLE}|{CONTAINER_CLOSING}"
)


def opening(kind: str, title: str = "") -> str:
    """Return the line of Markdown source that opens a box.

    `kind` is one of STRUCTURES or a word of KINDS in any case; another word is drawn as a note.
    `title` is inline Markdown: the caption of a figure, the summary of details, the heading of an
    admonition, which has its own word for one otherwise.
    """
    kind = kind.strip().lower()
    title = " ".join(title.split())
    if kind not in STRUCTURES:
        kind, title = admonition(kind, title)
    elif kind == "details":
        title = title or phrase("details")
    return f"{CONTAINER_OPENING}{kind}{CONTAINER_TITLE}{title}"


def closing() -> str:
    """Return the line of Markdown source that closes the innermost open box."""
    return CONTAINER_CLOSING


def admonition(word: str, title: str = "") -> tuple[str, str]:
    """Return the kind of an admonition and its heading, by a generator's word for it.

    An author's title follows the word for the kind, unless it says that word itself: a colour
    tells it to some readers only.
    """
    word = word.lower() if word.lower() in KINDS else "note"
    kind = KINDS[word]
    title = title.strip()
    if not title:
        return kind, phrase(SAME.get(word, word))
    first = re.match(r"[*_]*([\w-]*)", title)
    is_said = first is not None and KINDS.get(first[1].lower()) == kind
    return kind, title if is_said else phrase(kind, title)


def containers_plugin(md: MarkdownIt) -> None:
    """Teach a parser the lines of `opening()` and `closing()`."""
    # What each of them ends where it stands.
    ended = ["paragraph", "reference", "blockquote"]
    md.block.ruler.before("table", "container", _container, {"alt": [*ended, "list"]})
    md.block.ruler.at("html_block", _html_up_to_a_mark, {"alt": ended})
    md.core.ruler.before("inline", "container_marks", _without_marks)


def _container(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    start = state.bMarks[line] + state.tShift[line]
    source = state.src[start : state.eMarks[line]]
    if not source.startswith((CONTAINER_OPENING, CONTAINER_CLOSING)):
        return False
    if silent:
        return True
    kind, _, title = source[1:].partition(CONTAINER_TITLE)
    is_too_deep = state.level + 2 >= state.md.options.maxNesting
    if source[0] == CONTAINER_CLOSING or kind == "plain" or is_too_deep:
        # Its closing line will find nothing to close, and go as well.
        state.line = line + 1
        return True
    last = _last_line(state, line, end)
    _write(state, kind, title.strip(), line, last)
    state.line = min(last + 1, end) if _closes(state, last, end) else last
    return True


def _last_line(state: StateBlock, line: int, end: int) -> int:
    """Return the line that closes the box opened in `line`, or the first one after its parent."""
    depth = 1
    for at in range(line + 1, end):
        written = state.src[state.bMarks[at] + state.tShift[at] : state.eMarks[at]]
        if written and state.sCount[at] < state.blkIndent:
            return at
        depth += written.count(CONTAINER_OPENING) - written.count(CONTAINER_CLOSING)
        if depth <= 0:
            return at
    return end


def _closes(state: StateBlock, line: int, end: int) -> bool:
    return line < end and state.sCount[line] >= state.blkIndent


def _write(state: StateBlock, kind: str, title: str, line: int, last: int) -> None:
    parent, line_max = state.parentType, state.lineMax
    # No lazy line of a paragraph inside goes on past the end.
    state.parentType, state.lineMax = "container", last
    opened = state.push("container_open", "div", 1)
    opened.info, opened.block, opened.map = kind, True, [line, last]
    name = "caption" if kind == "figure" else "title"
    heading = title_tokens(title, state.level, [line, line + 1], name)
    if kind != "figure":
        state.tokens += heading
    state.md.block.tokenize(state, line + 1, last)
    if kind == "figure":
        state.tokens += heading
    closed = state.push("container_close", "div", -1)
    closed.info, closed.block = kind, True
    state.parentType, state.lineMax = parent, line_max


def title_tokens(
    title: str, level: int, lines: list[int] | None, name: str = "title"
) -> list[Token]:
    """Return the tokens of a title or caption, its words not parsed yet; none without words."""
    if not title:
        return []
    inline = Token("inline", "", 0, content=title, children=[], map=lines, level=level + 1)
    return [
        Token(f"container_{name}_open", "p", 1, map=lines, level=level, block=True),
        inline,
        Token(f"container_{name}_close", "p", -1, level=level, block=True),
    ]


def _html_up_to_a_mark(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Read raw HTML as CommonMark does; where a blank line would end it, a mark does so too."""
    if not silent and BLANK_ENDED.match(state.src, state.bMarks[line] + state.tShift[line]):
        end = next((at for at in range(line + 1, end) if _is_empty_or_mark(state, at)), end)
    return html_block(state, line, end, silent)


def _is_empty_or_mark(state: StateBlock, line: int) -> bool:
    start = state.bMarks[line] + state.tShift[line]
    return start >= state.eMarks[line] or state.src[start] in CONTAINER_OPENING + CONTAINER_CLOSING


def _without_marks(state: StateCore) -> None:
    """Drop marks that stand in no line of their own: in code, in a paragraph, in raw HTML."""
    if CONTAINER_OPENING not in state.src and CONTAINER_CLOSING not in state.src:
        return
    for token in state.tokens:
        token.content = LEFT_OVER.sub("", token.content)
