"""Writes a lifted body and keeps for each of its lines the line of the file it comes from."""

import re

BLANK = " \t>"


class Writing:
    """A body as it grows; lines count from 1."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._lines = [1]
        # How many blanks go from the lines of the file, and what stands before each line.
        self._contexts: list[tuple[int, str]] = [(0, "")]
        self._is_empty = True
        self._is_below_blank = True
        self.has_words = False
        # How many letters were written that do not stand in the file.
        self.added = 0

    @property
    def text(self) -> str:
        """The whole body."""
        return "".join(self._parts)

    @property
    def lines(self) -> tuple[int, ...]:
        """For each line of the body its line in the file."""
        return tuple(self._lines)

    def source(self, text: str, line: int) -> None:
        """Write what stands in the file from this line on, moved as the context asks."""
        if self._is_empty:
            self._lines[-1] = line
        self._lines += range(line + 1, line + 1 + text.count("\n"))
        less, prefix = self._contexts[-1]
        if (less or prefix) and text:
            if self._is_empty:
                text = prefix + self.moved(text)
            text = re.sub(rf"\n[ \t]{{0,{less}}}", lambda _: "\n" + prefix, text)
        self._add(text)

    def own(self, text: str, line: int, indent: str) -> None:
        """Write what does not stand in the file: all of it comes from this line."""
        self._lines += [line] * text.count("\n")
        self.added += len(text)
        self._add(text.replace("\n", "\n" + self._contexts[-1][1] + self.moved(indent)))

    def own_line(self, line: int, indent: str, *, below_blank: bool = False) -> None:
        """Begin a line, below an empty one where asked."""
        if self.has_words:
            self.own("\n", line, indent)
        if below_blank and not self._is_below_blank:
            self.own("\n", line, indent)

    def moved(self, text: str) -> str:
        """Return the beginning of a line of the file, without the blanks that the context takes."""
        return text[min(self._contexts[-1][0], len(text) - len(text.lstrip(" \t"))) :]

    def enter(self, less: int, prefix: str) -> None:
        """Take `less` blanks more from the lines that follow, and put the prefix before them."""
        outer, before = self._contexts[-1]
        self._contexts.append((outer + less, before + prefix))

    def leave(self) -> None:
        """Go back to the context before."""
        self._contexts.pop()

    def _add(self, text: str) -> None:
        self._parts.append(text)
        *above, last = text.split("\n")
        if above:
            had_words = self.has_words if len(above) == 1 else False
            self._is_below_blank = not (had_words or above[-1].strip(BLANK))
            self.has_words, self._is_empty = False, True
        self.has_words = self.has_words or bool(last.strip(BLANK))
        self._is_empty = self._is_empty and not last
