"""Reads TeX and writes it as a line: `\\frac{a+b}{2}` is `(a + b)/2`.

Powers and indices stay what they are, so that HTML can raise and lower them. Whatever is written,
reading takes a time that grows with its length and no faster, and ends in words.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from newsletter.digest.maths.symbols import (
    ACCENTS,
    BIG,
    FENCED,
    LETTERS,
    OPERATORS,
    SHAPES,
    SILENT,
    SILENT_WITH_GROUP,
    SPACES,
    UPRIGHT,
)

PIECE = re.compile(r"\\[A-Za-z]+\*?|\\.|\d+(?:\.\d+|,\d{3}(?!\d))*|\s+|.", re.DOTALL)
CHEMISTRY = re.compile(r"\^(\{[^{}]*\}|\w*[+-])|(<?[-=]>)|([A-Za-z)\]]+)(\d*)|(.)", re.DOTALL)
COMMENT = re.compile(r"(?<!\\)%[^\n]*")
# Groups in each other beyond this are read as if they had no braces.
DEEPEST = 24
RELATIONS = dict(zip("+-=<>*", ("+", "\u2212", "=", "<", ">", "\u2217"), strict=True))
ENDS = ("}", "\\end", "&", "\\\\", "\\cr")


@dataclass(slots=True)
class Part:
    """A piece of a formula.

    `kind` is `var` (a letter), `word` (a function, a fraction), `op` (stands between blanks),
    `text` (as it is), `sup` or `sub` (whose `parts` are raised or lowered), or `break`.
    """

    kind: str
    text: str = ""
    parts: list["Part"] = field(default_factory=list)


def read(tex: str) -> list[Part]:
    """Return the parts of a formula."""
    return _Reader(PIECE.findall(COMMENT.sub("", tex))).all()


def is_single(parts: Sequence[Part]) -> bool:
    """Return whether parts need no brackets around them: a letter, a number, a power of one."""
    bare = [one for one in parts if one.kind not in ("sup", "sub")]
    return len(bare) == 1 and bare[0].kind in ("var", "text") and " " not in bare[0].text


class _Reader:
    def __init__(self, pieces: list[str]) -> None:
        self._pieces = pieces
        self._at = 0
        self._depth = 0

    def all(self) -> list[Part]:
        """Read to the end, whatever is closed without having been opened."""
        parts: list[Part] = []
        while self._at < len(self._pieces):
            parts += self._row()
            piece = self._next()
            if piece in ("\\\\", "\\cr"):
                parts.append(Part("break"))
            elif piece == "\\end":
                self._name()
        return parts

    def _next(self) -> str:
        piece = self._pieces[self._at] if self._at < len(self._pieces) else ""
        self._at += 1
        return piece

    def _peek(self) -> str:
        while self._at < len(self._pieces) and self._pieces[self._at].isspace():
            self._at += 1
        return self._pieces[self._at] if self._at < len(self._pieces) else ""

    def _row(self) -> list[Part]:
        """Read up to the end of a group, of a cell or of a line."""
        parts: list[Part] = []
        while (piece := self._peek()) and piece not in ENDS:
            parts += self._atom()
        return parts

    def _atom(self) -> list[Part]:
        """Read one thing: a letter, a group, a command with what belongs to it."""
        piece = self._next()
        if piece == "{":
            return self._inside()
        if piece in ("^", "_"):
            return [Part("sup" if piece == "^" else "sub", parts=self._argument())]
        if piece[0] == "\\":
            return self._command(piece[1:])
        if piece == "'":
            return [Part("text", "\u2032")]
        if piece in RELATIONS:
            return [Part("op", RELATIONS[piece])]
        if piece.isalpha():
            return [Part("var", piece)]
        if piece == "," or (piece == ":" and self._pieces[self._at : self._at + 1] == [" "]):
            return [Part("text", f"{piece} ")]
        return [] if piece == "$" else [Part("text", " " if piece == "~" else piece)]

    def _inside(self) -> list[Part]:
        """Read a group whose brace was just opened."""
        if self._depth >= DEEPEST:
            return []
        if self._pieces[self._at : self._at + 2] == [",", "}"]:
            self._at += 2
            return [Part("text", ",")]
        self._depth += 1
        parts = self._row()
        while self._peek() in ENDS and self._peek() not in ("}", "\\end"):
            piece = self._next()
            parts += [] if piece == "&" else [Part("break")]
            parts += self._row()
        if self._peek() == "}":
            self._next()
        self._depth -= 1
        return parts

    def _argument(self) -> list[Part]:
        piece = self._peek()
        if not piece or piece in ENDS or self._depth >= DEEPEST:
            return []
        if piece[:1].isdigit() and len(piece) > 1:
            # Without braces it is one digit, as in `\\frac12`.
            self._pieces[self._at] = piece[1:]
            return [Part("text", piece[0])]
        self._depth += 1
        parts = self._atom()
        self._depth -= 1
        return parts

    def _optional(self) -> list[Part]:
        """Read what stands in square brackets, if anything does."""
        if self._peek() != "[" or "]" not in self._pieces[self._at : self._at + 20]:
            return []
        end = self._pieces.index("]", self._at)
        inner = _Reader(self._pieces[self._at + 1 : end]).all()
        self._at = end + 1
        return inner

    def _name(self) -> str:
        """Read a group as it is written."""
        if self._peek() != "{":
            return self._next() if self._peek() and self._peek() not in ENDS else ""
        self._next()
        written: list[str] = []
        depth = 1
        while self._at < len(self._pieces):
            piece = self._next()
            depth += {"{": 1, "}": -1}.get(piece, 0)
            if depth == 0:
                break
            written.append(piece)
        return "".join(written)

    def _command(self, name: str) -> list[Part]:
        if name in SPACES:
            return [Part("text", SPACES[name] or name.strip("!/@-"))]
        for table, kind in ((LETTERS, "var"), (OPERATORS, "op")):
            if name in table:
                letter = table[name]
                return [Part(kind if kind == "op" or letter.isalpha() else "text", letter)]
        special = SPECIAL.get(name)
        if special:
            return special(self)
        return self._by_kind(name)

    def _by_kind(self, name: str) -> list[Part]:
        if name in BIG:
            return [Part("word", BIG[name])]
        if name in UPRIGHT or name.rstrip("*") in UPRIGHT:
            return [Part("text", _words(self._name()))]
        if name in ACCENTS:
            return [Part("var", _accented(flat(self._argument()), ACCENTS[name]))]
        if name in SHAPES:
            letters = flat(self._argument())
            return [Part("var", "".join(SHAPES[name].get(one, one) for one in letters))]
        if name in SILENT_WITH_GROUP:
            self._name()
            return []
        if name in SILENT:
            return self._without_point() if name in ("left", "right", "middle") else []
        return [Part("word", name.rstrip("*"))]

    def _without_point(self) -> list[Part]:
        """Skip the point that stands for no bracket at all."""
        if self._peek() == ".":
            self._next()
        return []

    def fraction(self) -> list[Part]:
        """Read two arguments and write one over the other."""
        above, below = self._argument(), self._argument()
        if not above and not below:
            return []
        return [Part("word", parts=[*_bracketed(above), Part("text", "/"), *_bracketed(below)])]

    def root(self) -> list[Part]:
        """Read a root, of a degree or not."""
        degree = self._optional()
        raised = [Part("sup", parts=degree)] if degree else []
        inside = [Part("text", "√"), *_bracketed(self._argument())]
        return [Part("word", parts=[*raised, *inside])]

    def binomial(self) -> list[Part]:
        """Read a binomial coefficient."""
        above, below = self._argument(), self._argument()
        inside = [Part("text", "("), *above, Part("word", "choose"), *below, Part("text", ")")]
        return [Part("word", parts=inside)]

    def modulus(self) -> list[Part]:
        """Read `(mod n)`."""
        return [Part("text", " (mod "), *self._argument(), Part("text", ")")]

    def above(self) -> list[Part]:
        """Read what stands over something, and that."""
        over = self._argument()
        return [*self._argument(), Part("sup", parts=over)]

    def below(self) -> list[Part]:
        """Read what stands under something, and that."""
        under = self._argument()
        return [*self._argument(), Part("sub", parts=under)]

    def arrow(self) -> list[Part]:
        """Read an arrow with words over it."""
        return [Part("text", " →"), Part("sup", parts=self._argument()), Part("text", " ")]

    def chemistry(self) -> list[Part]:
        """Read a formula of chemistry, as the package mhchem does."""
        parts: list[Part] = []
        for found in CHEMISTRY.finditer(self._name()):
            charge, arrow, word, number, other = found.groups()
            if charge:
                parts.append(Part("sup", parts=[Part("text", charge.strip("{}"))]))
            elif arrow:
                parts.append(Part("op", "⇌" if "<" in arrow else "→"))
            elif word and number:
                parts += [Part("text", word), Part("sub", parts=[Part("text", number)])]
            else:
                parts.append(Part("text", word or other))
        return parts

    def negated(self) -> list[Part]:
        """Read a relation that is struck through."""
        parts = self._argument()
        for part in parts[:1]:
            part.text = {"=": "≠", "∈": "∉"}.get(part.text, f"{part.text}\u0338")
        return parts

    def coloured(self) -> list[Part]:
        """Skip a colour, and read what is coloured."""
        self._name()
        return self._argument()

    def reference(self) -> list[Part]:
        """Read a reference by its name."""
        return [Part("text", f"({self._name()})")]

    def definition(self) -> list[Part]:
        """Skip the definition of a command."""
        self._name()
        self._optional()
        self._name()
        return []

    def environment(self) -> list[Part]:
        """Read rows of cells."""
        name = self._name().rstrip("*")
        if name in ("array", "alignat", "alignedat", "tabular"):
            self._name()
        rows: list[list[list[Part]]] = [[[]]]
        if self._depth >= DEEPEST:
            return []
        self._depth += 1
        while self._at < len(self._pieces):
            rows[-1][-1] += self._row()
            piece = self._next()
            if piece == "&":
                rows[-1].append([])
            elif piece in ("\\\\", "\\cr"):
                self._optional()
                rows.append([[]])
            elif piece == "\\end":
                self._name()
                break
        self._depth -= 1
        full = [row for row in rows if any(row)]
        return _fenced(name, full) if name in FENCED else _lines(full)


def _fenced(name: str, rows: list[list[list[Part]]]) -> list[Part]:
    before, after = FENCED[name]
    gap = " " if name.endswith("cases") else ", "
    lines = [_joined(row, Part("text", gap)) for row in rows]
    return [Part("text", before), *_joined(lines, Part("text", "; ")), Part("text", after)]


def _lines(rows: list[list[list[Part]]]) -> list[Part]:
    return _joined([_joined(row, Part("text", "")) for row in rows], Part("break"))


def _joined(rows: Iterable[list[Part]], between: Part) -> list[Part]:
    parts: list[Part] = []
    for row in rows:
        parts += [between, *row] if parts else row
    return parts


def _bracketed(parts: list[Part]) -> list[Part]:
    return parts if is_single(parts) else [Part("text", "("), *parts, Part("text", ")")]


def _words(written: str) -> str:
    """Return the words of a group that is no maths."""
    return re.sub(r"\\[A-Za-z]+\s?|[{}$\\]", "", written).replace("~", " ")


def _accented(letters: str, accent: str) -> str:
    return "".join(f"{one}{accent}" if one.isalnum() else one for one in letters)


def flat(parts: Iterable[Part]) -> str:
    """Return the words of parts, nothing raised or lowered."""
    return "".join(one.text + flat(one.parts) for one in parts)


SPECIAL: dict[str, Callable[[_Reader], list[Part]]] = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), _Reader.fraction),
    **dict.fromkeys(("binom", "dbinom", "tbinom"), _Reader.binomial),
    **dict.fromkeys(("overset", "stackrel"), _Reader.above),
    **dict.fromkeys(("ref", "eqref", "tag"), _Reader.reference),
    **dict.fromkeys(
        ("newcommand", "renewcommand", "DeclareMathOperator", "def"), _Reader.definition
    ),
    **dict.fromkeys(("xrightarrow", "xleftarrow"), _Reader.arrow),
    "ce": _Reader.chemistry,
    "begin": _Reader.environment,
    "not": _Reader.negated,
    "pmod": _Reader.modulus,
    "sqrt": _Reader.root,
    "textcolor": _Reader.coloured,
    "underset": _Reader.below,
}
