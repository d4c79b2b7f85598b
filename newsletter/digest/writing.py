"""Text put together from pieces, each of which knows its line in the file."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Writing:
    """Collects a body piece by piece, and the line of the file from which each line of it comes."""

    size: int = 0
    _parts: list[str] = field(default_factory=list)
    _lines: list[int] = field(default_factory=lambda: [1])
    _is_at_start: bool = True
    _last_once: str = ""

    def written(self, text: str, line: int) -> None:
        """Add text as it stands in the file from `line` on: its line ends are the file's."""
        self._add(text, line, 1)

    def made(self, text: str, line: int) -> None:
        """Add text that one line of the file brought, however many lines it has."""
        self._add(text, line, 0)

    def once(self, text: str, line: int) -> None:
        """Add text unless it is the last that was added this way, with only blanks after it."""
        if text != self._last_once:
            self.made(text, line)
            self._last_once = text

    def done(self) -> tuple[str, tuple[int, ...]]:
        """Return the whole text, and the line in the file of each of its lines."""
        return "".join(self._parts), tuple(self._lines)

    def _add(self, text: str, line: int, growth: int) -> None:
        if not text:
            return
        if self._is_at_start:
            self._lines[-1] = line
        ends = text.count("\n")
        self._lines += [line + growth * number for number in range(1, ends + 1)]
        self._is_at_start = text.endswith("\n")
        self._parts.append(text)
        self.size += len(text)
        if self._last_once and text.strip():
            self._last_once = ""
