"""Eleventy's site: where its folders lie, what data a post has, where it is published."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from newsletter.digest.dates import dated_name, parse_date
from newsletter.digest.dialects.eleventy.configuration import (
    Configuration,
    config_file,
    read_configuration,
)
from newsletter.digest.dialects.eleventy.data import SCRIPTS, data_files, global_data, read_data
from newsletter.digest.dialects.eleventy.filters import filters
from newsletter.digest.dialects.liquid.dates import moment
from newsletter.digest.dialects.liquid.operations import Scope
from newsletter.digest.dialects.liquid.outputs import OUTPUT, fill
from newsletter.digest.dialects.liquid.values import NOT_KNOWN, Partly
from newsletter.digest.front_matter import FrontMatter
from newsletter.digest.metadata import Metadata
from newsletter.digest.site import Place, Site, web_base
from newsletter.digest.site_files import read_site_file, site_file

DATED = re.compile(r"\d{4}-\d{2}-\d{2}-(.*)", re.DOTALL)
SAFE = "/%!$&'()*+,;=:@~-._"
# Where sites keep their own address, none of which is Eleventy's own.
TABLES = ("metadata", "site", "meta", "config", "siteConfig", "siteInfo", "globals")
KEYS = ("url", "baseUrl", "baseURL", "siteUrl", "siteURL", "base", "origin", "domain")
# Data that only a build has.
COMPUTED = ("collections", "pagination", "pkg", "eleventy", "content", "layoutContent")


@dataclass(frozen=True, slots=True)
class EleventySite(Site):
    """A site by Eleventy's rules; `globals` is its global data."""

    configuration: Configuration = field(default_factory=Configuration)
    globals: dict[str, Any] = field(default_factory=dict)

    @property
    def input(self) -> Path | None:
        """The folder that holds the templates, None without a configuration."""
        if self.root is None:
            return None
        root = self.root.resolve()
        folder = (root / self.configuration.input).resolve()
        return folder if folder.is_relative_to(root) else root

    def inside(self, file: Path) -> PurePosixPath | None:
        """Return the path of a file from the input folder, None for one outside."""
        folder = self.input
        try:
            return PurePosixPath(file.resolve().relative_to(folder).as_posix()) if folder else None
        except (OSError, ValueError):
            return None

    def complete(self, matter: FrontMatter, file: Path) -> FrontMatter:
        """Add the data of the files around a post, and fill in what it computes of its own."""
        inside, folder = self.inside(file), self.input
        values: dict[str, Any] = {}
        for name in data_files(inside) if inside and folder else ():
            if folder and site_file(folder, name):
                values |= _plain(read_data(folder, name), name.endswith(SCRIPTS))
        values |= matter.values
        computed = values.get("eleventyComputed")
        scope = self.scope(file, values)
        for key, template in computed.items() if isinstance(computed, dict) else ():
            if isinstance(template, str):
                values[key] = fill(template, scope) or values.get(key) or _said(template, scope)
        for key in ("title", "description"):
            if isinstance(values.get(key), str) and "{{" in values[key]:
                values[key] = _said(values[key], scope)
        return replace(matter, values=values)

    def scope(self, file: Path, values: dict[str, Any], url: Any = NOT_KNOWN) -> Scope:
        """Return what the templates of a page may name."""
        names = {**dict.fromkeys(COMPUTED, NOT_KNOWN), **self.globals, **values}
        inside = self.inside(file) or PurePosixPath(file.name)
        written = values.get("date")
        read = parse_date(written) if isinstance(written, str) else written
        slug = _slug(inside)
        names["page"] = Partly(
            fileSlug=slug,
            filePathStem="/" + str(inside.parent / _undated(inside.stem)).removeprefix("./"),
            inputPath=f"./{self.configuration.input}/{inside}".replace("/./", "/"),
            outputFileExtension="html",
            url=url,
            date=moment(read or dated_name(file)) or NOT_KNOWN,
        )
        return Scope(names, filters(self.configuration.prefix))

    def url(self, post: Path, metadata: Metadata) -> str | None:
        """Return a page's address by its `permalink`, else by its folders and name."""
        path = self.path(post, dict(metadata.values))
        return self.base.rstrip("/") + quote(path, safe=SAFE) if self.base and path else None

    def path(self, file: Path, values: dict[str, Any]) -> str | None:
        """Return the path of a page below the base address, None when the rules do not tell it."""
        inside = self.inside(file)
        permalink = values.get("permalink", NOT_KNOWN if self.script(file) else None)
        if permalink is None:
            return _default(inside) if inside else None
        if not isinstance(permalink, str):
            return None
        path = fill(permalink, self.scope(file, values))
        if not path:
            return None
        path = re.sub(r"/{2,}", "/", f"/{path}")
        return re.sub(r"/index(?:\.html|/)?\Z", "/", path)

    def script(self, file: Path) -> str:
        """Return the path of a script that sets a page's permalink, which nobody runs here."""
        inside, folder = self.inside(file), self.input
        if inside is None or folder is None:
            return ""
        scripts = (name for name in data_files(inside) if name.endswith(SCRIPTS))
        return next(
            (name for name in scripts if "permalink" in (read_site_file(folder, name) or "")), ""
        )

    def resolve(self, href: str, post: Path) -> str | None:
        """Return where a link leads: with the site's prefix where a plugin puts it."""
        prefix = self.configuration.prefix
        if href.startswith("/") and self.configuration.is_prefixed and prefix != "/":
            origin = "/".join(self.base.split("/")[:3])
            return origin + prefix + href.lstrip("/") if self.base else None
        return Site.resolve(self, href, post)

    def places(self, src: str, post: Path) -> tuple[Place, ...]:
        """Return the file beside the post, below the input folder, or in a copied folder."""
        folder = self.input
        if folder is None or self.root is None:
            return Site.places(self, src, post)
        prefix = self.configuration.prefix.rstrip("/")
        path = urlsplit(src).path
        bare = path.removeprefix(prefix) if path.startswith(f"{prefix}/") else path
        found = list(Site.places(replace(self, root=folder), bare, post))
        for source, to in self.configuration.copied.items():
            if not to or bare.strip("/").startswith(f"{to}/"):
                rest = bare.strip("/").removeprefix(to).strip("/")
                found += Site.places(self, f"/{source}/{rest}", post)
        # A shortcode names a picture from the root of the site.
        return (*found, *Site.places(self, "/" + bare.removeprefix("./").lstrip("/"), post))


def _plain(read: Any, is_script: bool) -> dict[str, Any]:
    # A script's plain values may be anything's, deep in a function; its permalink is told apart.
    if is_script or not isinstance(read, dict):
        return {}
    return read


def _said(template: str, scope: Scope) -> str:
    """Return what a template says as far as it is known, without the rest of it."""
    known = OUTPUT.sub(lambda found: fill(found[0], scope) or "", template)
    return " ".join(re.sub(r"\{%[^{}]*%\}", "", known).split())


def _undated(name: str) -> str:
    found = DATED.search(name)
    return found[1] if found else name


def _slug(inside: PurePosixPath) -> str:
    slug = _undated(inside.stem)
    return _undated(inside.parent.name) if slug == "index" else slug


def _default(inside: PurePosixPath) -> str:
    folder = "" if inside.parent == PurePosixPath(".") else f"{inside.parent}/"
    if inside.stem in ("index", inside.parent.name):
        return f"/{folder}"
    return f"/{folder}{inside.stem}/"


def read_site(root: Path | None, site_url: str) -> EleventySite:
    """Read the configuration in a root, and the global data, where a site keeps its address."""
    if root is None or not config_file(root):
        return EleventySite(base=web_base(site_url))
    configuration = read_configuration(root)
    folder = f"{configuration.input}/{configuration.data}"
    data = {**configuration.globals, **global_data(root, folder)}
    base = web_base(site_url) or _address(data, configuration.prefix)
    return EleventySite(root, base, {}, (), configuration, data)


def _address(data: dict[str, Any], prefix: str) -> str:
    tables = [table for name in TABLES if isinstance(table := data.get(name), dict)]
    for table in (*tables, data):
        for key in KEYS:
            found = web_base(dict.get(table, key))
            if found:
                # Some write the prefix into the address as well.
                return found if found.endswith(prefix) else found.rstrip("/") + prefix
    return ""
