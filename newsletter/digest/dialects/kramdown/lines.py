"""A body line by line, each with its place in the file."""

from dataclasses import dataclass

from newsletter.digest.code_spans import fences
from newsletter.digest.dialects.dialect import Lifted


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a body: its text, its line in the file, whether it is code."""

    text: str
    number: int
    is_code: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands on it."""
        return not self.text.strip()

    def saying(self, text: str) -> "Line":
        """Return another line at the same place."""
        return Line(text, self.number, self.is_code)


def lines_of(lifted: Lifted) -> list[Line]:
    """Return a body line by line."""
    is_code: list[bool] = []
    for piece in fences(lifted.text):
        is_code += [piece.is_code] * piece.text.count("\n")
    texts = lifted.text.split("\n")
    is_code += [False] * (len(texts) - len(is_code))
    return [
        Line(text, lifted.line(number), code)
        for number, (text, code) in enumerate(zip(texts, is_code, strict=True), 1)
    ]
