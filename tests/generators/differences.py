"""What differs between a published article and our reading of its post, and nothing names."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from markdown_it.token import Token

from newsletter.digest.model import Digest
from newsletter.digest.reader import read_post
from tests.generators.published import Article


def differences(post: Path, article: Article | None, *, dialect: str = "") -> list[str]:
    """Return a sentence for each address that differs and stands in no finding; none is right.

    `article` is the post's own, None when the generator publishes none.
    """
    digest = read_post(post, dialect=dialect)
    if article is None:
        return [] if digest.url is None else [f"{digest.url} is not published"]
    told = [finding.message for finding in digest.findings]
    found = []
    is_named = digest.url is None and any(one.code == "address-unknown" for one in digest.findings)
    if digest.url != article.url and not is_named:
        found.append(f"lives at {article.url}, and was read as {digest.url}")
    for kind, theirs, ours in (
        ("link", article.links, set(_links(digest))),
        ("picture", article.pictures, set(_pictures(digest))),
    ):
        found += [f"{kind} lost: {url}" for url in sorted(theirs - ours) if not _named(url, told)]
        found += [
            f"{kind} made up: {url}" for url in sorted(ours - theirs) if not _named(url, told)
        ]
    return found


def _named(url: str, messages: Iterable[str]) -> bool:
    """Whether a finding quotes an address, or its last part, as the author may have written it."""
    parts = urlsplit(url)
    ends = {url, unquote(url), unquote(parts.path).rstrip("/").rsplit("/", 1)[-1]} - {""}
    return any(end in message for message in messages for end in ends)


def _links(digest: Digest) -> Iterator[str]:
    for token in _tokens(digest):
        if token.type == "link_open":
            yield urljoin(digest.url or "", str(token.attrs["href"]))
    for source in (*digest.sources, *(one for story in digest.stories for one in story.sources)):
        if source.url:
            yield source.url


def _pictures(digest: Digest) -> Iterator[str]:
    cover = digest.cover.src if digest.cover else None
    for src, image in digest.images.items():
        if src != cover:
            yield image.url or f"{src} (no address)"


def _tokens(digest: Digest) -> Iterator[Token]:
    blocks = list(digest.intro)
    for story in digest.stories:
        blocks += [story.title, *story.blocks]
    for token in blocks:
        yield token
        yield from token.children or ()
