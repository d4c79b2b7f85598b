"""A formula cut into pieces, which are taken from left to right."""

import re

PIECE = re.compile(r"\\[A-Za-z]+\*?|\\.|\d+(?:\.\d+|,\d{3}(?!\d))*|\s+|.", re.DOTALL)
COMMENT = re.compile(r"(?<!\\)%[^\n]*")
TEX = re.compile(r"\\[A-Za-z]+\s?|[{}$\\]")
# The end of a group, of an environment, of a cell, of a line.
ENDS = ("}", "\\end", "&", "\\\\", "\\cr")
# In square brackets there is only a degree, or an index: what is further off closes another thing.
NEAR = 20


def cut(tex: str) -> list[str]:
    """Return commands, numbers, blanks and letters, without comments."""
    return PIECE.findall(COMMENT.sub("", tex))


class Pieces:
    """The pieces that are left. Beyond the last one stands the empty piece."""

    def __init__(self, pieces: list[str]) -> None:
        self._pieces = pieces
        self._at = 0

    @property
    def is_at_end(self) -> bool:
        """Whether all are taken."""
        return self._at >= len(self._pieces)

    def next(self) -> str:
        """Take a piece."""
        piece = "" if self.is_at_end else self._pieces[self._at]
        self._at += 1
        return piece

    def peek(self) -> str:
        """Skip blanks and return the piece after them, which stays."""
        while not self.is_at_end and self._pieces[self._at].isspace():
            self._at += 1
        return "" if self.is_at_end else self._pieces[self._at]

    def next_are(self, *pieces: str) -> bool:
        """Return whether these follow at once."""
        return self._pieces[self._at : self._at + len(pieces)] == list(pieces)

    def digit(self) -> str:
        """Take the first digit of a number and leave its rest."""
        number = self._pieces[self._at]
        self._pieces[self._at] = number[1:]
        return number[0]

    def written(self) -> str:
        """Take a group, and return it as it is written."""
        if self.peek() != "{":
            return self.next() if self.peek() and self.peek() not in ENDS else ""
        self.next()
        written: list[str] = []
        depth = 1
        while not self.is_at_end:
            piece = self.next()
            depth += {"{": 1, "}": -1}.get(piece, 0)
            if depth == 0:
                break
            written.append(piece)
        return "".join(written)

    def words(self) -> str:
        """Take a group that is no maths, and return its words."""
        return TEX.sub("", self.written()).replace("~", " ")

    def in_square_brackets(self) -> list[str]:
        """Take what stands in square brackets, if anything does."""
        if self.peek() != "[" or "]" not in self._pieces[self._at : self._at + NEAR]:
            return []
        end = self._pieces.index("]", self._at)
        inner = self._pieces[self._at + 1 : end]
        self._at = end + 1
        return inner
