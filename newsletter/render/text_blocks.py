"""Block tokens as lines of plain text: paragraphs, lists, quotes, tables, code."""

from collections.abc import Callable, Iterator, Sequence

from markdown_it.token import Token

from newsletter.digest.author_text import neutral
from newsletter.flowed import quoted, stuffed
from newsletter.render.references import References
from newsletter.render.text_inline import InlineWriter
from newsletter.render.text_table import Row, cell_of, rows_of, table_lines
from newsletter.render.wrapping import COLUMNS, flow, width, wrap

CODE_INDENT = "    "
BOX_INDENT = "  "
BULLET = "- "
# However deep a list nests, its words keep at least this many columns.
NARROWEST = 24
RULE = "* * *"


class BlockWriter:
    """Writes the block tokens of one text."""

    def __init__(self, references: References) -> None:
        self._inline = InlineWriter(references)

    def flow(self, tokens: Sequence[Token], columns: int = COLUMNS) -> list[str]:
        """Return blocks at the margin as flowed lines: paragraphs go on, all else is fixed."""
        return self._apart(tokens, columns, self._flowed)

    def lines(self, tokens: Sequence[Token], columns: int = COLUMNS) -> list[str]:
        """Return blocks as fixed lines, an empty one between any two; none at the ends.

        For what is set in: joined again, its lines would have their indents in their middle.
        """
        return [line.rstrip() for line in self._apart(tokens, columns, self._block)]

    def _apart(self, tokens: Sequence[Token], columns: int, write: "_Write") -> list[str]:
        columns = max(columns, NARROWEST)
        highest = min((one.tag for one in tokens if one.type == "heading_open"), default="")
        lines: list[str] = []
        above = ""
        for opening, inner in _blocks(tokens):
            written = write(opening, inner, columns, highest)
            if not written:
                continue
            # A definition stands right below its term, and so does another term.
            is_below = opening.type == "dd_open" or opening.type == above == "dt_open"
            if lines and not is_below:
                lines.append("")
            lines += written
            above = opening.type
        return lines

    def _flowed(
        self, opening: Token, inner: Sequence[Token], columns: int, highest: str
    ) -> list[str]:
        if opening.type == "blockquote_open":
            return quoted(self.flow(inner, columns - 2))
        if opening.type == "container_open" and opening.info == "figure":
            return self.flow(inner, columns)
        return stuffed(self._block(opening, inner, columns, highest))

    def _block(
        self, opening: Token, inner: Sequence[Token], columns: int, highest: str
    ) -> list[str]:
        match opening.type:
            case "paragraph_open" | "dt_open" | "container_title_open" | "container_caption_open":
                if opening.attrs.get("class") == "maths":
                    return self._formula(inner, columns)
                return self._paragraph(inner, columns)
            case "heading_open":
                return self._heading(inner, columns, underlined=opening.tag == highest)
            case "bullet_list_open" | "ordered_list_open":
                return self._list(opening, inner, columns)
            case "blockquote_open":
                return [f"> {line}".rstrip() for line in self.lines(inner, columns - 2)]
            case "dl_open":
                return self.lines(inner, columns)
            case "dd_open":
                return _indented(self.lines(inner, columns - len(CODE_INDENT)), CODE_INDENT)
            case "container_open":
                return self._container(opening.info, inner, columns)
            case "table_open":
                return table_lines(self._table(inner, columns), columns)
            case _:
                return self._leaf(opening, columns)

    def _leaf(self, token: Token, columns: int) -> list[str]:
        if token.type in ("fence", "code_block"):
            return [*self._code_title(token, columns), *_code(token.content)]
        return [RULE.center(columns).rstrip()] if token.type == "hr" else []

    def _code_title(self, token: Token, columns: int) -> list[str]:
        """Return the line above code that names its file; an empty one parts it from the code."""
        title = neutral(str(token.meta.get("title", "")))
        return [*wrap(f"{title}:", columns), ""] if title else []

    def _paragraph(self, inner: Sequence[Token], columns: int) -> list[str]:
        words = self._inline.words(inner[0]) if inner else ""
        return flow(words, columns) if words.replace("\u00a0", " ").strip() else []

    def _formula(self, inner: Sequence[Token], columns: int) -> list[str]:
        return _indented(self._paragraph(inner, columns - len(CODE_INDENT)), CODE_INDENT)

    def _heading(self, inner: Sequence[Token], columns: int, *, underlined: bool) -> list[str]:
        lines = [line.rstrip() for line in self._paragraph(inner, columns)]
        return [*lines, "~" * max(map(width, lines))] if lines and underlined else lines

    def _list(self, opening: Token, inner: Sequence[Token], columns: int) -> list[str]:
        items = [tokens for item, tokens in _blocks(inner) if item.type == "list_item_open"]
        first = int(opening.attrs.get("start", 1))
        marks = [BULLET] * len(items)
        if opening.type == "ordered_list_open":
            wide = len(str(first + len(items) - 1))
            marks = [f"{first + place}. ".rjust(wide + 2) for place in range(len(items))]
        is_loose = any(
            token.type == "paragraph_open" and not token.hidden
            for tokens in items
            for token, _ in _blocks(tokens)
        )
        lines: list[str] = []
        for mark, tokens in zip(marks, items, strict=True):
            if lines and is_loose:
                lines.append("")
            written = self._item(tokens, columns - len(mark))
            lines += _indented(written or [""], " " * len(mark), mark)
        return lines

    def _item(self, tokens: Sequence[Token], columns: int) -> list[str]:
        """Write an item; in a tight list nothing parts its words from a list below them."""
        lines: list[str] = []
        blocks = list(_blocks(tokens))
        is_tight = all(one.hidden for one, _ in blocks if one.type == "paragraph_open")
        if not is_tight or not blocks:
            return self.lines(tokens, columns)
        for opening, inner in blocks:
            lines += self._block(opening, inner, max(columns, NARROWEST), "")
        return lines

    def _container(self, kind: str, inner: Sequence[Token], columns: int) -> list[str]:
        """Write a box: its title, and right below, set in, what it holds."""
        if kind == "figure":
            return self.lines(inner, columns)
        has_title = bool(inner) and inner[0].type == "container_title_open"
        title = self._paragraph(inner[1:2], columns) if has_title else []
        if title and title[-1][-1].isalnum() and ": " not in title[0]:
            title[-1] += ":"
        body = self.lines(inner[3:] if has_title else inner, columns - len(BOX_INDENT))
        return [*title, *_indented(body, BOX_INDENT)]

    def _table(self, inner: Sequence[Token], columns: int) -> list[Row]:
        rows = []
        for is_head, cells in rows_of(inner):
            row = Row(is_head=is_head)
            for opening, tokens in cells:
                cell = cell_of(opening)
                if tokens and tokens[0].type != "inline":
                    cell.lines = self.lines(tokens, columns)
                elif tokens:
                    cell.words = self._inline.words(tokens[0])
                row.cells.append(cell)
            rows.append(row)
        return rows


_Write = Callable[[Token, Sequence[Token], int, str], list[str]]


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[Token, Sequence[Token]]]:
    """Yield each block at this level: its opening token and the tokens inside."""
    place = 0
    while place < len(tokens):
        opening = tokens[place]
        end = place
        depth: int = opening.nesting
        while depth > 0 and end + 1 < len(tokens):
            end += 1
            depth += tokens[end].nesting
        yield opening, tokens[place + 1 : end]
        place = end + 1


def _code(content: str) -> list[str]:
    lines = [f"{CODE_INDENT}{line}".rstrip() for line in neutral(content).split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return lines


def _indented(lines: Sequence[str], rest: str, first: str | None = None) -> list[str]:
    indents = [rest if first is None else first, *[rest] * len(lines)]
    return [f"{indent}{line}".rstrip() for indent, line in zip(indents, lines, strict=False)]
