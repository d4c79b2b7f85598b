"""Reads TeX and writes it as a line: `\\frac{a+b}{2}` is `(a + b)/2`.

Powers and indices stay what they are, so that HTML can raise and lower them. Whatever is written,
reading takes a time that grows with its length and no faster, and ends in words.
"""

from collections.abc import Callable

from newsletter.digest.maths.chemistry import chemistry
from newsletter.digest.maths.parts import Part, Rows, accented, bracketed, flat, laid_out
from newsletter.digest.maths.pieces import ENDS, Pieces, cut
from newsletter.digest.maths.symbols import (
    ACCENTS,
    BIG,
    LETTERS,
    OPERATORS,
    SHAPES,
    SILENT,
    SILENT_WITH_GROUP,
    SPACES,
    UPRIGHT,
)

# Groups in each other beyond this are read as if they had no braces.
DEEPEST = 24
RELATIONS = dict(zip("+-=<>*", ("+", "\u2212", "=", "<", ">", "\u2217"), strict=True))


def read(tex: str) -> list[Part]:
    """Return the parts of a formula."""
    return _Reader(Pieces(cut(tex))).all()


class _Reader:
    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._depth = 0

    def all(self) -> list[Part]:
        """Read to the end, whatever is closed without having been opened."""
        parts: list[Part] = []
        while not self._pieces.is_at_end:
            parts += self._row()
            piece = self._pieces.next()
            if piece in ("\\\\", "\\cr"):
                parts.append(Part("break"))
            elif piece == "\\end":
                self._pieces.written()
        return parts

    def _row(self) -> list[Part]:
        """Read up to the end of a group, of a cell or of a line."""
        parts: list[Part] = []
        while (piece := self._pieces.peek()) and piece not in ENDS:
            parts += self._atom()
        return parts

    def _atom(self) -> list[Part]:
        """Read one thing: a letter, a group, a command with what belongs to it."""
        piece = self._pieces.next()
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
        if piece == "," or (piece == ":" and self._pieces.next_are(" ")):
            return [Part("text", f"{piece} ")]
        return [] if piece == "$" else [Part("text", " " if piece == "~" else piece)]

    def _inside(self) -> list[Part]:
        """Read a group whose brace was just opened."""
        if self._depth >= DEEPEST:
            return []
        if self._pieces.next_are(",", "}"):
            self._pieces.next()
            self._pieces.next()
            return [Part("text", ",")]
        self._depth += 1
        parts = self._row()
        while self._pieces.peek() in ENDS and self._pieces.peek() not in ("}", "\\end"):
            piece = self._pieces.next()
            parts += [] if piece == "&" else [Part("break")]
            parts += self._row()
        if self._pieces.peek() == "}":
            self._pieces.next()
        self._depth -= 1
        return parts

    def _argument(self) -> list[Part]:
        piece = self._pieces.peek()
        if not piece or piece in ENDS or self._depth >= DEEPEST:
            return []
        if piece[:1].isdigit() and len(piece) > 1:
            # Without braces it is one digit, as in `\\frac12`.
            return [Part("text", self._pieces.digit())]
        self._depth += 1
        parts = self._atom()
        self._depth -= 1
        return parts

    def _optional(self) -> list[Part]:
        """Read what stands in square brackets, if anything does."""
        return _Reader(Pieces(self._pieces.in_square_brackets())).all()

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
            return [Part("text", self._pieces.words())]
        if name in ACCENTS:
            return [Part("var", accented(flat(self._argument()), ACCENTS[name]))]
        if name in SHAPES:
            letters = flat(self._argument())
            return [Part("var", "".join(SHAPES[name].get(one, one) for one in letters))]
        if name in SILENT_WITH_GROUP:
            self._pieces.written()
            return []
        if name in SILENT:
            return self._without_point() if name in ("left", "right", "middle") else []
        return [Part("word", name.rstrip("*"))]

    def _without_point(self) -> list[Part]:
        """Skip the point that stands for no bracket at all."""
        if self._pieces.peek() == ".":
            self._pieces.next()
        return []

    def fraction(self) -> list[Part]:
        """Read two arguments and write one over the other."""
        above, below = self._argument(), self._argument()
        if not above and not below:
            return []
        return [Part("word", parts=[*bracketed(above), Part("text", "/"), *bracketed(below)])]

    def root(self) -> list[Part]:
        """Read a root, of a degree or not."""
        degree = self._optional()
        raised = [Part("sup", parts=degree)] if degree else []
        inside = [Part("text", "√"), *bracketed(self._argument())]
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
        """Read a formula of chemistry."""
        return chemistry(self._pieces.written())

    def negated(self) -> list[Part]:
        """Read a relation that is struck through."""
        parts = self._argument()
        for part in parts[:1]:
            part.text = {"=": "≠", "∈": "∉"}.get(part.text, f"{part.text}\u0338")
        return parts

    def coloured(self) -> list[Part]:
        """Skip a colour, and read what is coloured."""
        self._pieces.written()
        return self._argument()

    def reference(self) -> list[Part]:
        """Read a reference by its name."""
        return [Part("text", f"({self._pieces.written()})")]

    def definition(self) -> list[Part]:
        """Skip the definition of a command."""
        self._pieces.written()
        self._optional()
        self._pieces.written()
        return []

    def environment(self) -> list[Part]:
        """Read rows of cells."""
        name = self._pieces.written().rstrip("*")
        if name in ("array", "alignat", "alignedat", "tabular"):
            self._pieces.written()
        rows: Rows = [[[]]]
        if self._depth >= DEEPEST:
            return []
        self._depth += 1
        while not self._pieces.is_at_end:
            rows[-1][-1] += self._row()
            piece = self._pieces.next()
            if piece == "&":
                rows[-1].append([])
            elif piece in ("\\\\", "\\cr"):
                self._optional()
                rows.append([[]])
            elif piece == "\\end":
                self._pieces.written()
                break
        self._depth -= 1
        return laid_out(name, rows)


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
