"""The contract between the reader and a generator's dialect of Markdown.

A dialect is a value: how a post or a site of it is recognised, how its front matter is split off,
how its site publishes, and how its machinery becomes plain Markdown. What comes of the Markdown is
the same for all of them. To add one: write a module that ends in a `Dialect`, and name it in
`recognition.DIALECTS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from newsletter.digest.addresses import Addresses
from newsletter.digest.front_matter import FrontMatter, split
from newsletter.digest.markdown import USUAL, Flavour
from newsletter.digest.metadata import Metadata
from newsletter.digest.site import Site
from newsletter.findings import Finding


@dataclass(frozen=True, slots=True)
class Page:
    """The post whose body is being lifted: its file, its front matter, and where it lives."""

    matter: FrontMatter
    metadata: Metadata
    addresses: Addresses

    @property
    def path(self) -> Path:
        """The post's file."""
        return self.addresses.path

    @property
    def site(self) -> Site:
        """The site it belongs to."""
        return self.addresses.site

    @property
    def url(self) -> str | None:
        """The post's own address, None when not known."""
        return self.addresses.url


@dataclass(frozen=True, slots=True)
class Lifted:
    """A body without machinery: line N of `text` is line N of the file, wherever prose stands.

    A dialect whose tags bring lines of their own (an include, a loop) says in `lines` for each
    line of `text` which one of the file it comes from, counted from 1.
    """

    text: str
    findings: tuple[Finding, ...] = ()
    lines: tuple[int, ...] = ()

    def line(self, number: int) -> int:
        """Return the line of the file from which a line of `text` comes; both count from 1."""
        if not self.lines:
            return number
        return self.lines[max(0, min(number, len(self.lines)) - 1)]


def _as_it_is(body: str, _page: Page) -> Lifted:
    return Lifted(body)


@dataclass(frozen=True, slots=True)
class Dialect:
    """One generator's dialect.

    A root of such a site holds at least one of the files or folders `configs`; `claims(folder)`
    tells whether it is theirs, where others have such a file, too. `recognises(file, text)` tells
    whether a post with no site around it was written for it. `site(root, site_url)` reads the
    configuration in a root (None: there is none); `site_url` beats the address in there.
    `lift(body, page)` turns the dialect's tags into Markdown, HTML or the neutral containers of
    `containers`, keeping the number of lines; what it does not know it names in a finding and
    leaves the inner text, or a link to the post (`online`). It never raises.
    """

    name: str
    generator: str
    configs: tuple[str, ...]
    recognises: Callable[[Path, str], bool]
    site: Callable[[Path | None, str], Site]
    lift: Callable[[str, Page], Lifted] = _as_it_is
    split: Callable[[str, Path], FrontMatter] = split
    flavour: Flavour = USUAL
    claims: Callable[[Path], bool] = lambda _folder: True

    def has_root(self, folder: Path, names: frozenset[str]) -> bool:
        """Return whether a folder that holds these names is the root of such a site."""
        return not names.isdisjoint(self.configs) and self.claims(folder)
