"""Raw HTML in a post as paragraphs of plain words."""

from collections.abc import Callable
from html.parser import HTMLParser

from newsletter.render.text_inline import picture

BREAKING = frozenset(
    (
        *("address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl"),
        *("dt", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table"),
        *("tr", "ul"),
    )
)
SILENT = frozenset(("head", "iframe", "noscript", "object", "script", "style", "svg", "template"))


def html_paragraphs(source: str, link: Callable[[str, str], str]) -> list[str]:
    """Return the words of raw HTML, a string for each paragraph; `link(label, url)` writes links.

    Pictures are named by their alt text; what is no text (scripts, styles, frames) is left out.
    """
    reader = _Reader(link)
    reader.feed(source)
    reader.close()
    reader.end_paragraph()
    return reader.paragraphs


class _Reader(HTMLParser):
    def __init__(self, link: Callable[[str, str], str]) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = []
        self._link = link
        self._parts: list[str] = []
        self._links: list[tuple[int, str]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in SILENT:
            self._silent += 1
        elif tag in BREAKING:
            self.end_paragraph()
            if tag == "li":
                self._parts.append("-\u00a0")
        elif tag == "br":
            self._parts.append("\n")
        elif tag == "sup":
            self._parts.append("^")
        elif tag in ("td", "th"):
            self._parts.append(" ")
        elif tag == "img":
            self._parts.append(picture(values.get("alt", "")))
        elif tag == "a":
            self._links.append((len(self._parts), values.get("href", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in BREAKING:
            self.end_paragraph()
        elif tag == "a" and self._links:
            self._end_link()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            lead = " " if data[:1].isspace() else ""
            tail = " " if data[-1:].isspace() else ""
            self._parts.append(f"{lead}{' '.join(data.split())}{tail}" if data.strip() else " ")

    def _end_link(self) -> None:
        start, url = self._links.pop()
        label = " ".join("".join(self._parts[start:]).split())
        self._parts[start:] = [self._link(label, url) if url else label]

    def end_paragraph(self) -> None:
        """Close the paragraph that is being read, and any link in it."""
        while self._links:
            self._end_link()
        lines = (" ".join(line.split(" ")).strip(" ") for line in "".join(self._parts).split("\n"))
        words = "\n".join(lines).strip("\n")
        self._parts.clear()
        if words.replace("\u00a0", " ").strip(" -\n"):
            self.paragraphs.append(words)
