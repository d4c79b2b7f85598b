"""The `[n]` of a text: links and notes share one count, and are listed after each story."""

from dataclasses import dataclass, field

from newsletter.render.linkbook import LinkBook


@dataclass(slots=True)
class References:
    """Counts the marks of one text; `story` (from 1) says where the writing stands."""

    book: LinkBook
    # How a picture is named in the language of the text.
    picture: str = "Picture"
    story: int | None = None
    # The labels of notes that show a mark; a story's only source needs none.
    marked: frozenset[str] = frozenset()
    notes: dict[str, int] = field(default_factory=dict)
    _count: int = 0
    _links: dict[str, int] = field(default_factory=dict)

    def link(self, url: str, label: str) -> str:
        """Return the mark of a link, or nothing when its address is none to list."""
        address = self.book.slot(url, label, self.story)
        if address == url:
            return ""
        if address not in self._links:
            self._links[address] = self._next()
        return f"[{self._links[address]}]"

    def note(self, label: str) -> str:
        """Return the mark of a note, or nothing when its story shows none."""
        if label not in self.marked:
            return ""
        if label not in self.notes:
            self.notes[label] = self._next()
        return f"[{self.notes[label]}]"

    def take_links(self) -> list[str]:
        """Return a line for each link since the last call; the next begins an empty list."""
        lines = [f"[{number}] <{address}>" for address, number in self._links.items()]
        self._links.clear()
        return lines

    def _next(self) -> int:
        self._count += 1
        return self._count
