"""Hugo's site: where it publishes a page, where a link leads, where a picture lies."""

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote, unquote, urljoin, urlsplit

from newsletter.digest.dialects.hugo.cascade import with_cascade
from newsletter.digest.dialects.hugo.configuration import read_configuration
from newsletter.digest.dialects.hugo.content import Language, Spot, folders_of, languages, spot
from newsletter.digest.dialects.hugo.front_matter import cover, date_sources, dated
from newsletter.digest.dialects.hugo.permalinks import Permalink, Rules
from newsletter.digest.front_matter import FrontMatter
from newsletter.digest.metadata import Metadata, read_metadata
from newsletter.digest.post_file import MARKDOWN
from newsletter.digest.site import Place, Site, below, web_base


class HugoSite(Site):
    """A site by Hugo's rules; the names of its settings are lowered, as Hugo reads them."""

    leaves_files: ClassVar[bool] = True

    @cached_property
    def _spots(self) -> dict[Path, Spot | None]:
        # Each link and each picture of a post asks where the post lies.
        return {}

    def spot(self, post: Path) -> Spot | None:
        """Return a page's place in the content, None for a file that is none of its pages."""
        if self.root is None:
            return None
        if post not in self._spots:
            self._spots[post] = spot(post.resolve(), self.root, self.settings, self.base)
        return self._spots[post]

    def language(self, post: Path) -> Language:
        """Return the language of a page, the default one for what is no page."""
        found = self.spot(post)
        return found.language if found else next(iter(languages(self.settings, self.base).values()))

    def url(self, post: Path, metadata: Metadata) -> str | None:
        """Return the post's own address by `url`, `permalinks`, section and name."""
        if web_base(metadata.url):
            return metadata.url
        found = self.spot(post)
        if found is None:
            known = self.base and metadata.url and self.root is None
            return below(self.base, quote(metadata.url, safe="/%+~.-_@:")) if known else None
        path = Permalink(found, metadata, Rules(found.language.settings)).path()
        base = found.language.base
        return below(base, path) if base and path is not None else None

    def complete(self, matter: FrontMatter, file: Path) -> FrontMatter:
        """Add what is handed down, what the name says, the site's kind of date, a bundle's cover."""
        more: dict[str, object] = {}
        found = self.spot(file)
        if found is not None and self.root is not None:
            matter = replace(matter, values=with_cascade(matter.values, found, self.root))
        picture = {} if read_metadata(matter, file).cover else cover(matter, file)
        if picture:
            matter = replace(matter, values={**matter.values, "cover": picture})
        if found is None:
            return matter
        if isinstance(self.settings.get("languages"), dict):
            more["lang"] = found.language.settings.get("languagecode") or found.language.code
        settings = found.language.settings
        named = dated(matter.values, found.name, date_sources(settings))
        return replace(matter, values={**more, **matter.values, **named})

    def resolve(self, href: str, post: Path) -> str | None:
        """Return where a link to a page's file leads, and one from the root of the site."""
        path = urlsplit(href).path
        if path.lower().endswith(MARKDOWN):
            _, mark, part = href.partition("#")
            found = self.page(unquote(path), post)
            address = self.page_url(found) if found else None
            if address or not href.startswith("/"):
                return address + mark + part if address else ""
        base = self.language(post).base
        if not base or not href.startswith("/"):
            return None
        # These two settings read a slash in front as the root of the site, not of its host.
        rewritten = ("canonifyurls", "relativeurls")
        is_sites = any(self.settings.get(name) is True for name in rewritten)
        return below(base, href) if is_sites else urljoin(base, href)

    def page(self, written: str, post: Path, language: str = "") -> Path | None:
        """Return the file of the page that a path names, as `ref` looks for it.

        From the root of the content with a slash in front, else from the post's folder first, and
        last by a name that only one page has.
        """
        found = self.spot(post)
        if self.root is None or found is None:
            return None
        code = language or found.language.code
        content = found.mount.folder
        bases = [content] if written.startswith("/") else [post.parent, post.parent.parent, content]
        path = written.strip("/")
        for base in bases:
            for file in _files(base / path, code):
                if file.is_file() and file.resolve().is_relative_to(content.resolve()):
                    return file
        return _only(content, path, code) if path and "/" not in path else None

    def places(self, src: str, post: Path) -> tuple[Place, ...]:
        """Return the bundle's file, or the one below `static`, `assets` or the content."""
        written = unquote(urlsplit(src).path)
        if not written or self.root is None:
            return Site.places(self, src, post)
        settings = self.language(post).settings
        assets = folders_of(self.root, settings, "assets")
        if not written.startswith("/"):
            beside = Place(post.parent / written, self.root)
            return (beside, *(Place(one / written, one) for one in assets))
        base = urlsplit(self.base).path.rstrip("/")
        found = self.spot(post)
        folders = [*folders_of(self.root, settings, "static"), *assets]
        folders += [found.mount.folder] if found else []
        inside = written.removeprefix(base) if written.startswith(f"{base}/") else written
        return tuple(Place(one / inside.lstrip("/"), one) for one in folders)


def claims(folder: Path) -> bool:
    """Return whether a folder is the root of a Hugo site: a `hugo.*`, or a `config.*` with baseURL."""
    return read_configuration(folder).is_hugo


def read_site(root: Path | None, site_url: str) -> HugoSite:
    """Read the configuration in a root; `site_url` beats its baseURL."""
    if root is None:
        return HugoSite(None, web_base(site_url))
    read = read_configuration(root)
    base = web_base(site_url) or web_base(read.settings.get("baseurl"))
    return HugoSite(root if read.is_hugo else None, base, read.settings, read.findings)


def _files(path: Path, language: str) -> list[Path]:
    """Return the files that a path may name, those of the language first."""
    stem = path.with_suffix("") if path.suffix.lower() in MARKDOWN else path
    names = [stem, stem / "index", stem / "_index"]
    translated = [one.with_name(f"{one.name}.{language}.md") for one in names if one.name]
    return [*translated, *([path] if path != stem else []), *(Path(f"{one}.md") for one in names)]


def _only(content: Path, name: str, language: str) -> Path | None:
    """Return the one page of a name anywhere in the content, None where there are more."""
    stem = name.rpartition(".")[0] if name.lower().endswith(MARKDOWN) else name
    wanted = {f"{stem}.md", f"{stem}.{language}.md"}
    found = []
    for file in content.rglob("*.md"):
        if file.name in wanted or (file.name == "index.md" and file.parent.name == stem):
            found.append(file)
    return found[0] if len(found) == 1 else None
