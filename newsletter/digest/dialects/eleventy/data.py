"""Eleventy's data: what lies in files of JSON and YAML around a post; scripts only as far as plain."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from newsletter.digest.author_text import TooMuch, neutral_values
from newsletter.digest.dialects.liquid.values import NOT_KNOWN, Partly
from newsletter.digest.front_matter import YAML_ERRORS, YAML_LOADER
from newsletter.digest.javascript import values
from newsletter.digest.site_files import read_site_file

SCRIPTS = (".js", ".mjs", ".cjs", ".ts")
PLAIN = (".json", ".yaml", ".yml")
MOST_FILES = 500
MOST_DEPTH = 20


def read_data(root: Path, name: str) -> Any:
    """Return what a file holds; of a script what it says plainly; NOT_KNOWN when it cannot be read."""
    text = read_site_file(root, name)
    if text is None:
        return NOT_KNOWN
    if name.endswith(SCRIPTS):
        return _nested(values(text))
    try:
        read = json.loads(text) if name.endswith(".json") else _yaml(text)
        return neutral_values({"": read})[""]
    except (TooMuch, RecursionError, *YAML_ERRORS):
        return NOT_KNOWN


def _yaml(text: str) -> Any:
    return yaml.load(text, Loader=YAML_LOADER)  # noqa: S506 (a SafeLoader)


def _nested(flat: Mapping[str, Any]) -> Partly:
    found = Partly()
    for dotted, value in flat.items():
        *above, key = dotted.split(".")
        table = found
        for name in above:
            inner = dict.get(table, name)
            if not isinstance(inner, Partly):
                inner = Partly()
                table[name] = inner
            table = inner
        dict.setdefault(table, key, value)
    return found


def global_data(root: Path, folder: str) -> dict[str, Any]:
    """Return the files of the data folder by their names, folders as tables of their own."""
    try:
        there = sorted((root / folder).iterdir())[:MOST_FILES]
    except OSError:
        return {}
    found: dict[str, Any] = {}
    for one in there:
        path = f"{folder}/{one.name}"
        if one.is_dir() and not one.is_symlink() and path.count("/") < MOST_DEPTH:
            found.setdefault(one.name, global_data(root, path))
        elif one.suffix in PLAIN + SCRIPTS:
            found[one.stem] = read_data(root, path)
    return found


def data_files(inside: PurePosixPath) -> Iterator[str]:
    """Yield the names of the files that may hold data of a template, what counts least first.

    `inside` is the template's path from the input folder; each folder above it has files of its
    own name, and the template has, too.
    """
    for folder in (*list(inside.parents)[-2::-1], inside.with_suffix("")):
        base = folder / folder.name if folder != inside.with_suffix("") else folder
        for ending in (".json", ".yaml", ".yml", *(f".11tydata{one}" for one in PLAIN + SCRIPTS)):
            yield f"{base}{ending}"
