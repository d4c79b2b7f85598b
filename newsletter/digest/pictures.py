"""Resolves the pictures of a post: the file in its bundle and the address at the site."""

from pathlib import Path

from markdown_it.token import Token

from newsletter.digest.addresses import SCHEME, Addresses
from newsletter.digest.model import Image
from newsletter.findings import Finding

# Whatever a typographer made of two quotation marks with nothing between them.
QUOTES = "\"'\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a\u202f\u00a0 "


class Pictures:
    """Collects the pictures of one post by their `src`, and what is wrong with them."""

    def __init__(self, addresses: Addresses) -> None:
        self.addresses = addresses
        self.images: dict[str, Image] = {}
        self.findings: list[Finding] = []

    def add(
        self, src: str, *, alt: str | None = None, title: str | None = None, line: int | None = None
    ) -> Image:
        """Return the Image of this place; the first one with this `src` is kept in `images`."""
        known = self.images.get(src)
        path, url = (known.path, known.url) if known else self._places(src, line)
        image = Image(src, alt, title or None, path, url, line)
        if known is None or (alt and not known.alt):
            self.images[src] = image
        return image

    def _places(self, src: str, line: int | None) -> tuple[Path | None, str | None]:
        if src.startswith("//") or SCHEME.match(src):
            if src.lower().startswith(("http:", "https:", "//")):
                return None, self.addresses.absolute(src)
            self._find(
                "picture-refused",
                f"The picture {_short(src)} is neither a file nor a web address.",
                "Save it beside the post and name the file.",
                line,
            )
            return None, None
        url = self.addresses.absolute(src)
        file, folder = self._file(src)
        if file is None:
            if url is None:
                self._find(
                    "picture-missing",
                    f"The picture {_short(src)} belongs to a site whose address is not known; "
                    "the email leaves it out.",
                    "Set NEWSLETTER_SITE_URL, or put the picture beside the post.",
                    line,
                )
            return None, url
        try:
            inside = file.resolve().is_relative_to(folder.resolve())
            there = inside and file.is_file()
        except (OSError, ValueError):
            inside, there = True, False
        if not inside:
            self._find(
                "picture-outside",
                f"The picture {_short(src)} lies outside of {folder.name or folder}.",
                "Put it beside the post.",
                line,
            )
        elif not there:
            self._find(
                "picture-missing",
                f"The picture {_short(src)} is not there; "
                + ("it is left at the site." if url else "the email leaves it out."),
                "Put it beside the post, or take the line out.",
                line,
            )
        return (file if there else None), url

    def _file(self, src: str) -> tuple[Path | None, Path]:
        """Return the file meant and the folder that it must not leave."""
        bundle = self.addresses.path.parent
        try:
            places = self.addresses.site.places(src, self.addresses.path)
        except ValueError:
            return None, bundle
        places = tuple(one for one in places if "\0" not in str(one.file))
        for place in places:
            if _is_file(place.file):
                return place.file, place.folder
        return (places[0].file, places[0].folder) if places else (None, bundle)

    def _find(self, code: str, message: str, mend: str, line: int | None) -> None:
        self.findings.append(Finding(code, message, mend, self.addresses.path, line))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def said_of(token: Token) -> str | None:
    """Return what the author says of an image token's picture: None for nothing, empty when it
    only decorates, which HTML says by `alt=""` and Markdown here by `![""](…)`.
    """
    words = token.content.strip()
    if token.meta.get("decorates") or (words and not words.strip(QUOTES)):
        return ""
    return words or None


def _short(src: str) -> str:
    return src if len(src) <= 60 else src[:57] + "…"
