"""A person's browser, as small as it can be: no cookies, no scripts, no redirects followed."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPRedirectHandler, Request, build_opener


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@dataclass(frozen=True)
class Page:
    """What a server answered."""

    url: str
    status: int
    text: str
    headers: dict[str, str]

    def link(self, words: str) -> str:
        """Return the absolute address of the link with these words."""
        for href, inner in re.findall(r'<a[^>]*href="([^"]+)"[^>]*>(.*?)</a>', self.text, re.S):
            if words in re.sub(r"<[^>]+>", "", inner):
                return urljoin(self.url, unescape(href))
        raise AssertionError(f"no link {words!r} in {self.text}")

    def fields(self) -> dict[str, str]:
        """Return the hidden fields of the page's first form."""
        found = re.findall(r"<input\b[^>]*type=\"hidden\"[^>]*>", self.text)
        pairs = {}
        for tag in found:
            name = re.search(r'name="([^"]*)"', tag)
            value = re.search(r'value="([^"]*)"', tag)
            if name:
                pairs[name[1]] = unescape(value[1]) if value else ""
        return pairs


def get(url: str) -> Page:
    """Fetch a page."""
    return _open(Request(url))  # noqa: S310 (loopback only)


def post(url: str, **fields: str) -> Page:
    """Send a form."""
    return _open(Request(url, data=urlencode(fields).encode(), method="POST"))  # noqa: S310


def _open(request: Request) -> Page:
    opener = build_opener(_NoRedirects)
    try:
        with opener.open(request, timeout=20) as answer:
            return _page(request, answer.status, answer.read(), dict(answer.headers))
    except HTTPError as error:
        with error:
            return _page(request, error.code, error.read(), dict(error.headers))


def _page(request: Request, status: int, body: bytes, headers: dict[str, str]) -> Page:
    return Page(request.full_url, status, body.decode(errors="replace"), headers)
