"""A site as its real generator published it: where each article lives, what it links and shows.

A test's own templates mark the article, and nothing but the post's content stands in it:

    <article data-source="content/blog/one.md">…</article>

`data-source` is the post's file, from the site's root; a template that knows the post's own
address may add `data-url`. Without it, the place of the page below the output folder tells it.
"""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urljoin

# How a footnote is linked to its mark, and back, is the template's own matter.
OF_NOTES = ("footnote", "fnref", "fn:", "fn-")
LONGEST = 60


@dataclass(slots=True)
class Article:
    """One published post: its own address, and the absolute addresses in it."""

    source: str
    url: str
    links: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)


def write_site(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write a site's files by their paths and return its root."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def build(folder: Path, *command: str | Path, env: Mapping[str, str] | None = None) -> str:
    """Run a generator in a site's root and return what it printed; what it refuses fails the test."""
    done = subprocess.run(
        [str(one) for one in command],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def articles(output: Path, base: str) -> dict[str, Article]:
    """Return the articles in the pages below an output folder by their `data-source`.

    `base` is the absolute address at which that folder is published.
    """
    found: dict[str, Article] = {}
    for page in sorted(one for one in output.rglob("*.html") if one.is_file()):
        reader = _Reader(urljoin(base, quote(_place(page.relative_to(output)))))
        reader.feed(page.read_text("utf-8"))
        if reader.article is not None:
            assert reader.article.source not in found, f"{reader.article.source} is there twice"
            found[reader.article.source] = reader.article
    return found


def _place(page: Path) -> str:
    return page.as_posix().removesuffix("index.html") if page.name == "index.html" else str(page)


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.article: Article | None = None
        self.is_inside = False

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "article" and "data-source" in values:
            self.url = values.get("data-url") or self.url
            self.article = Article(values["data-source"], self.url)
            self.is_inside = True
        elif self.is_inside and self.article:
            self._take(tag, values, self.article)

    def _take(self, tag: str, values: Mapping[str, str], article: Article) -> None:
        href, src = values.get("href"), values.get("src")
        if tag == "a" and href is not None and not _is_of_a_note(values):
            article.links.add(self._absolute(href))
        elif tag == "img" and src:
            article.pictures.add(self._absolute(src))

    def _absolute(self, address: str) -> str:
        # A browser quotes the blanks that a generator leaves.
        return urljoin(self.url, address.strip().replace(" ", "%20"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self.is_inside = False


def _is_of_a_note(values: Mapping[str, str]) -> bool:
    told = " ".join(values.get(name, "") for name in ("class", "id", "rel", "role"))
    fragment = values["href"].partition("#")[2]
    return any(word in told for word in OF_NOTES) or fragment.startswith(OF_NOTES)
