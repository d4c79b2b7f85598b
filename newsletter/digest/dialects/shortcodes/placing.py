"""Writes blocks where tags stood: in lists and quotes, set in or not, in lines of their own."""

import re

from newsletter.digest.writing import Writing

BLANK = " \t>"


class Placing:
    """A lifted body as it grows."""

    def __init__(self) -> None:
        self._writing = Writing()
        # How many blanks go from the lines of the file, and what stands before each line.
        self._contexts: list[tuple[int, str]] = [(0, "")]
        self._is_empty = True
        self._is_below_blank = True
        self.has_words = False
        # How many letters were written that do not stand in the file.
        self.made = 0

    def done(self) -> tuple[str, tuple[int, ...]]:
        """Return the whole body, and the line in the file of each of its lines."""
        return self._writing.done()

    def source(self, text: str, line: int) -> None:
        """Write what stands in the file from this line on, moved as the context asks."""
        less, prefix = self._contexts[-1]
        if (less or prefix) and text:
            if self._is_empty:
                text = prefix + self.moved(text)
            text = re.sub(rf"\n[ \t]{{0,{less}}}", lambda _: "\n" + prefix, text)
        self._writing.written(text, line)
        self._watch(text)

    def own(self, text: str, line: int, indent: str) -> None:
        """Write what does not stand in the file: all of it comes from this line."""
        text = text.replace("\n", "\n" + self._contexts[-1][1] + self.moved(indent))
        self.made += len(text)
        self._writing.made(text, line)
        self._watch(text)

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

    def _watch(self, text: str) -> None:
        """Keep in mind what stands in the last line, and in the one above."""
        *above, last = text.split("\n")
        if above:
            had_words = self.has_words if len(above) == 1 else False
            self._is_below_blank = not (had_words or above[-1].strip(BLANK))
            self.has_words, self._is_empty = False, True
        self.has_words = self.has_words or bool(last.strip(BLANK))
        self._is_empty = self._is_empty and not last
