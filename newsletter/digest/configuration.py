"""Reads a site's configuration file (TOML, YAML, JSON) as plain values; nothing in it is run."""

import json
import tomllib
from pathlib import Path
from typing import Any

import yaml

from newsletter.digest.author_text import TooMuch, neutral_values
from newsletter.digest.front_matter import YAML_ERRORS, YAML_LOADER
from newsletter.findings import Finding


class _Lenient(YAML_LOADER):  # type: ignore[misc]
    """Reads YAML with nothing in the place of what a tag would make, such as MkDocs' `!ENV`."""


def _nothing(_loader: Any, _suffix: str, _node: Any) -> None:
    """Stand for a tagged value: nothing that a tag names is looked up or run."""


for _prefix in ("!", "tag:yaml.org,2002:python/"):
    _Lenient.add_multi_constructor(_prefix, _nothing)


class NoConfiguration(ValueError):
    """A file that is there and holds no table of settings; the message says why."""


def read_settings(file: Path) -> dict[str, Any]:
    """Return the settings in a file, empty when there is no such file; raises NoConfiguration."""
    try:
        if not file.is_file():
            return {}
        found = _parse(file.read_text("utf-8-sig"), file.suffix)
        if isinstance(found, dict):
            return neutral_values(found)
    except (OSError, TooMuch, RecursionError, *YAML_ERRORS) as error:
        raise NoConfiguration(" ".join(str(error).split())[:120]) from error
    if found is None:
        return {}
    raise NoConfiguration("it holds no table")


def unread(file: Path, error: NoConfiguration) -> Finding:
    """Return what there is to say of a configuration that cannot be read."""
    return Finding(
        "site-unread",
        f"The site's configuration cannot be read: {error}",
        "Mend it, or set NEWSLETTER_SITE_URL.",
        path=file,
    )


def _parse(text: str, suffix: str) -> Any:
    if suffix == ".toml":
        return tomllib.loads(text)
    if suffix == ".json":
        return json.loads(text)
    return yaml.load(text, Loader=_Lenient)  # noqa: S506 (a SafeLoader)
