"""What Jekyll's templates know of a site: `site`, `page`, the files below `_data`."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from newsletter.digest.author_text import TooMuch, neutral_values
from newsletter.digest.dialects.dialect import Page
from newsletter.digest.dialects.jekyll.permalinks import Permalinks, categories
from newsletter.digest.dialects.jekyll.site import JekyllSite
from newsletter.digest.dialects.liquid.values import NOT_KNOWN, Partly
from newsletter.digest.front_matter import YAML_ERRORS, YAML_LOADER
from newsletter.digest.site_files import read_site_file

KINDS = (".yml", ".yaml", ".json", ".csv", ".tsv")
MOST_FILES = 1_000
# What Jekyll computes for all of a site, and a post of it alone does not tell.
COMPUTED = (
    *("posts", "pages", "static_files", "html_pages", "html_files", "collections", "documents"),
    *("related_posts", "categories", "tags", "time", "github", "theme"),
)


class DataFolder(Mapping[str, Any]):
    """The files of a folder below `_data` by their names, each read when a template asks for it."""

    def __init__(self, root: Path, folder: str) -> None:
        self._root = root
        self._folder = folder
        self._names: dict[str, str] | None = None
        self._read: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        """Return a file's content, or a folder; NOT_KNOWN for a file that cannot be read."""
        name = self._listed()[key]
        if key not in self._read:
            path = f"{self._folder}/{name}"
            is_folder = (self._root / path).is_dir()
            self._read[key] = DataFolder(self._root, path) if is_folder else self._file(path)
        return self._read[key]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._listed())

    def __len__(self) -> int:
        """Return how many files and folders there are."""
        return len(self._listed())

    def _listed(self) -> dict[str, str]:
        if self._names is None:
            self._names = {}
            try:
                found = sorted((self._root / self._folder).iterdir())[:MOST_FILES]
            except OSError:
                found = []
            for one in found:
                if one.suffix.lower() in KINDS or (one.is_dir() and not one.is_symlink()):
                    key = one.stem if one.is_file() else one.name
                    self._names[re.sub(r"[^\w-]+", "_", key).strip("_")] = one.name
        return self._names

    def _file(self, path: str) -> Any:
        text = read_site_file(self._root, path)
        if text is None:
            return NOT_KNOWN
        try:
            return neutral_values({"": _parsed(text, Path(path).suffix.lower())})[""]
        except (TooMuch, RecursionError, csv.Error, *YAML_ERRORS):
            return NOT_KNOWN


def _parsed(text: str, suffix: str) -> Any:
    if suffix == ".json":
        return json.loads(text)
    if suffix in (".csv", ".tsv"):
        return list(csv.DictReader(io.StringIO(text), delimiter="\t" if suffix == ".tsv" else ","))
    return yaml.load(text, Loader=YAML_LOADER)  # noqa: S506 (a SafeLoader)


def names(page: Page) -> dict[str, Any]:
    """Return what the templates of a post may name: `page`, `site`, `jekyll`."""
    site = page.site if isinstance(page.site, JekyllSite) else JekyllSite(base=page.site.base)
    return {
        "page": _page(page, site),
        "site": _site(site),
        "jekyll": {"environment": "production"},
        "layout": NOT_KNOWN,
        "content": NOT_KNOWN,
        "paginator": NOT_KNOWN,
    }


def _page(page: Page, site: JekyllSite) -> dict[str, Any]:
    values = dict(page.matter.values)
    one = site.document(page.path)
    at = Permalinks(site.settings).moment(values.get("date"))
    if at is not None:
        values["date"] = at
    values.setdefault("title", page.metadata.title or None)
    path = site.path(page.path, values)
    values["url"] = NOT_KNOWN if path is None else path
    values |= dict.fromkeys(("content", "next", "previous", "id", "relative_path"), NOT_KNOWN)
    values.setdefault("excerpt", NOT_KNOWN)
    if one is not None:
        values |= {"path": str(one.path), "collection": one.kind}
        values.setdefault("slug", one.slug)
        values["categories"] = categories(one, values)
    return values


def _site(site: JekyllSite) -> dict[str, Any]:
    origin = "/".join(site.base.split("/")[:3])
    if site.root is None:
        return Partly(url=origin, baseurl=site.prefix)
    data = site.settings.get("data_dir", "_data")
    known: dict[str, Any] = dict(site.settings)
    known |= dict.fromkeys(COMPUTED, NOT_KNOWN)
    known["data"] = DataFolder(site.source or site.root, data if isinstance(data, str) else "_data")
    if site.base:
        known |= {"url": origin, "baseurl": site.prefix}
    return known
