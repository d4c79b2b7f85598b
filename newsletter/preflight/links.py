"""Links that would lead readers nowhere, judged by their addresses alone."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from newsletter.findings import Finding
from newsletter.preflight.checked import Checked
from newsletter.preflight.hosts import is_preview, is_private, malformed
from newsletter.preflight.written import Piece

IN_TEXT = re.compile(r"(?:https?://|mailto:)[^\s<>]+", re.IGNORECASE)
TAKEN_FOR_A_PAGE = re.compile(r"/(?:https?:?/|www\.[\w-]+\.\w)", re.IGNORECASE)


def check_links(checked: Checked) -> Iterator[Finding]:
    """Find private, malformed and preview addresses, each address once, where it stands first."""
    for place in addresses(checked):
        url = place.text
        shown = url if len(url) <= 80 else url[:79] + "…"
        code = said = ""
        if is_private(url):
            code, said = "link-local", "leads where only you can go"
        elif said := malformed(url) or _without_scheme(url, checked):
            code = "link-malformed"
        elif is_preview(url) and not _is_home(url, checked):
            code, said = "link-preview", "leads to a preview or a tunnel"
        if code:
            told = f"The link {shown} {said}."
            yield checked.finding(code, told, line=place.line, path=place.path)


def addresses(checked: Checked) -> Iterator[Piece]:
    """Yield each address of the mail once, where the author wrote it first."""
    digest, masthead = checked.digest, checked.masthead
    owned = (masthead.site_url, masthead.privacy_url) if masthead else ()
    sources = [*digest.sources, *(source for story in digest.stories for source in story.sources)]
    pieces = [
        *checked.written.links,
        *(Piece(source.url, source.line) for source in sources if source.url),
        *text_links(checked.text_file),
        *(Piece(link.url, None) for link in checked.email.links),
        *(Piece(url, None) for url in owned if url),
    ]
    seen: set[str] = set()
    for piece in pieces:
        if (url := _plain(piece.text)) not in seen:
            seen.add(url)
            yield piece


def _plain(url: str) -> str:
    """Return an address as the mail spells it: its scheme in small letters."""
    try:
        return urlsplit(url).geturl()
    except ValueError:
        return url


def text_links(text: Piece | None) -> Iterator[Piece]:
    """Yield the addresses in a text beside a post, each time they stand there."""
    if text is not None:
        for number, line in enumerate(text.text.split("\n"), 1):
            for found in IN_TEXT.finditer(line):
                url = found[0].rstrip(".,;:!?'\"]}*_")
                yield Piece(url if "(" in url else url.rstrip(").,"), number, text.path)


def _without_scheme(url: str, checked: Checked) -> str:
    """Say that an address was taken for a page of the site, as www.example.org is."""
    if _is_home(url, checked) and TAKEN_FOR_A_PAGE.search(urlsplit(url).path):
        return "has a host in its path: it was likely written without https://"
    return ""


def _is_home(url: str, checked: Checked) -> bool:
    """Return whether the site itself lives at this host, whatever its name."""
    return urlsplit(url).hostname == urlsplit(checked.digest.url or "").hostname
