"""Elements that hold no words of a post: films, frames, scripts, drawings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.digest.embeds import Embed, embed, film, host_of, sound
from newsletter.digest.phrases import phrase
from newsletter.digest.raw_html.elements import FOREIGN
from newsletter.digest.raw_html.left_out import LeftOut
from newsletter.digest.raw_html.scanner import Tag, Words

# Scripts that only draw what stands beside them anyway, or nothing at all.
SILENT_SCRIPTS = re.compile(
    r"//(?:platform\.twitter\.com|platform\.x\.com|www\.instagram\.com|embedr?\.\w+\.\w+"
    r"|www\.tiktok\.com/embed|assets\.pinterest\.com|cdn\.embedly\.com|cpwebassets\.codepen\.io"
    r"|www\.redditmedia\.com|embed\.bsky\.app)|/(?:mathjax|katex|highlight|prism|mermaid)",
    re.IGNORECASE,
)
# Scripts that stand for a page of their own.
PAGES = tuple(
    (re.compile(address), page)
    for address, page in (
        (r"(https://gist\.github\.com/[\w-]+(?:/\w+)?)\.js.*", r"\1"),
        (r"(https://asciinema\.org/a/\w+)\.js.*", r"\1"),
        (r"(https://\w+\.\w+/@[\w.-]+/\d+)/embed\.js.*", r"\1"),
    )
)
# Nothing of a post's is lost with these.
NO_WORDS = frozenset(["applet", "noembed", "noframes", "style", "template", "title"])
# Their own words are all that a mail can show of them.
WORDS = frozenset(["canvas", "math", "select", "svg", "textarea"])
# The post itself, at its site.
HERE = "#"


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands for a foreign element in a mail: a link, words, or TeX; and what is told of it."""

    link: Embed | None = None
    words: str = ""
    left_out: LeftOut | None = None


class Foreign:
    """One foreign element, from its opening tag on."""

    def __init__(self, tag: Tag) -> None:
        self._tag = tag
        self._open = [tag.name]
        self._tags: list[Tag] = []
        self._words: list[str] = []

    @property
    def name(self) -> str:
        """The element's name."""
        return self._tag.name

    def takes(self, piece: Tag | Words) -> bool:
        """Take a tag or words inside; return False for the tag that closes the element."""
        if isinstance(piece, Words):
            self._words.append(piece.content)
            return True
        self._tags.append(piece)
        if piece.name == self.name:
            self._open.pop() if piece.is_closing else self._open.append(piece.name)
        return bool(self._open)

    def shown(self) -> Shown:
        """Return what stands in its place."""
        if self.name in NO_WORDS:
            return Shown()
        if self.name == "script":
            return self._script()
        if self.name in WORDS:
            words = self._attribute("aria-label") or " ".join(" ".join(self._words).split())
            return Shown(words=words)
        return self._embedded()

    def _attribute(self, *names: str) -> str:
        return next((found for one in names if (found := self._tag.attributes.get(one))), "")

    def _embedded(self) -> Shown:
        url = self._attribute("src", "data-src", "data", "data-lazy-src") or self._source()
        title = self._attribute("title", "aria-label", "name" if self.name == "object" else "")
        if not url or url.startswith(("about:", "javascript:", "data:")):
            return self._unknown()
        if self.name == "audio":
            link = sound(url, title)
        elif self.name == "video":
            link = film(url, title, self._attribute("poster"))
        else:
            link = embed(url, title)
        host = host_of(link.url)
        what = f"The embedded {self.name} from {host}" if host else f"The embedded {self.name}"
        return Shown(link, left_out=LeftOut("embed", what, self._tag.line))

    def _unknown(self) -> Shown:
        """Stand for a frame that scripts fill, or whose page stands in an attribute."""
        left_out = LeftOut("embed", f"The embedded {self.name}", self._tag.line)
        return Shown(Embed(HERE, phrase("online")), left_out=left_out)

    def _source(self) -> str:
        found = (one.attributes.get("src", "") for one in self._tags if one.name == "source")
        return next((one for one in found if one), "")

    def _script(self) -> Shown:
        url = self._attribute("src")
        for address, page in PAGES:
            found = address.fullmatch(url)
            if found:
                link = embed(found.expand(page))
                what = f"The embedded script from {host_of(link.url)}"
                return Shown(link, left_out=LeftOut("embed", what, self._tag.line))
        is_data = self._attribute("type").endswith("json")
        if is_data or SILENT_SCRIPTS.search(url) or not (url or "".join(self._words).strip()):
            return Shown()
        what = f"from {host_of(url)}" if host_of(url) else "in the post"
        return Shown(
            Embed(HERE, phrase("online")), left_out=LeftOut("script", what, self._tag.line)
        )


def is_foreign(tag: Tag) -> bool:
    """Return whether an opening tag begins a foreign element."""
    return tag.name in FOREIGN and not tag.is_closing


def picture_source(attributes: Mapping[str, str]) -> str:
    """Return the address of an `img`, also of one that a script loads when it comes into sight."""
    first = attributes.get("srcset", attributes.get("data-srcset", "")).strip().partition(" ")[0]
    lazy = attributes.get("data-src") or attributes.get("data-lazy-src") or first.rstrip(",")
    src = attributes.get("src", "")
    return lazy if lazy and (not src or src.startswith("data:")) else src
