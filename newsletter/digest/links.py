"""Walks through the tokens of a post: links become absolute, pictures are collected."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from markdown_it.common.normalize_url import normalizeLinkText
from markdown_it.token import Token

from newsletter.digest.addresses import SCHEME, Addresses
from newsletter.digest.pictures import Pictures, said_of
from newsletter.digest.post_file import MARKDOWN
from newsletter.findings import Finding


@dataclass(slots=True)
class _Walk:
    addresses: Addresses
    pictures: Pictures
    anchors: frozenset[str]
    findings: list[Finding] = field(default_factory=list)

    def absolute(self, href: str, line: int | None) -> str | None:
        """Return where a link leads from an inbox; None, with a finding, when nowhere."""
        if href.startswith("#") and href[1:] not in self.anchors:
            found = self.addresses.url + href if self.addresses.url else None
        else:
            found = self.addresses.absolute(href)
        if found is None:
            self.findings.append(
                Finding(
                    "link-relative",
                    f"The link {normalizeLinkText(href)[:60] or '()'} leads nowhere from an inbox; its words stay.",
                    "Name a page that is there, or write the whole address."
                    if self.addresses.url
                    else "Write the whole address, or set NEWSLETTER_SITE_URL.",
                    path=self.addresses.path,
                    line=line,
                )
            )
        elif self.addresses.site.leaves_files and names_a_page(href):
            self.findings.append(
                Finding(
                    "link-to-file",
                    f"The link {href[:60]} names a file; the email leads to the page that it "
                    "becomes, the site may not.",
                    path=self.addresses.path,
                    line=line,
                )
            )
        return found


def names_a_page(href: str) -> bool:
    """Return whether a link names a file of a page, as no browser could follow it.

    `@/` in front is a generator's own sign, and it follows it.
    """
    path = href.partition("#")[0].partition("?")[0].lower()
    is_elsewhere = path.startswith(("//", "@/")) or SCHEME.match(path)
    return path.endswith(MARKDOWN) and not is_elsewhere


def absolute_links(
    tokens: Iterable[Token], addresses: Addresses, pictures: Pictures, anchors: frozenset[str]
) -> list[Finding]:
    """Make the links in these tokens absolute, in place, and add their pictures to `pictures`.

    A link that cannot be made absolute loses its address and keeps its words: a finding each.
    A fragment stays when it names one of `anchors`, the stories of the issue.
    """
    walk = _Walk(addresses, pictures, anchors)
    for token in tokens:
        line = token.map[0] + 1 if token.map else None
        if token.children:
            token.children = list(_inline(token.children, line, walk))
    return walk.findings


def _inline(children: Iterable[Token], line: int | None, walk: _Walk) -> Iterator[Token]:
    dropped: list[bool] = []
    for child in children:
        if child.type == "link_open":
            url = walk.absolute(str(child.attrs.get("href", "")), line)
            dropped.append(url is None)
            if url is None:
                continue
            child.attrs["href"] = url
        elif child.type == "link_close" and dropped and dropped.pop():
            continue
        elif child.type == "image":
            title = child.attrs.get("title")
            walk.pictures.add(
                str(child.attrs["src"]),
                alt=said_of(child),
                title=str(title) if title else None,
                line=line,
            )
        elif child.type in ("softbreak", "hardbreak") and line is not None:
            line += 1
        yield child
