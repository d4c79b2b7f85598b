"""What an Eleventy configuration says plainly, read as text: scripts are never run."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsletter.digest.author_text import neutral
from newsletter.digest.dialects.liquid.values import NOT_KNOWN
from newsletter.digest.javascript import values
from newsletter.digest.site_files import read_site_file

CONFIGS = (
    ".eleventy.js",
    *(f"eleventy.config.{suffix}" for suffix in ("js", "mjs", "cjs", "ts")),
)
LINE_COMMENT = re.compile(r"^[ \t]*//[^\n]*", re.MULTILINE)
GLOBAL = re.compile(
    r"\baddGlobalData\(\s*[\"']([\w.-]{1,80})[\"']\s*,\s*(?:\(\)\s*=>\s*)?"
    r"(?:\"([^\"\n]*)\"|'([^'\n]*)'|(-?\d+)|(true|false))?"
)
SETTER = re.compile(r"\bset(Input|Includes|Data|Layouts|Output)Directory\(\s*[\"']([^\"'\n]*)[\"']")
PREFIXING = re.compile(r"\baddPlugin\(\s*\w*HtmlBasePlugin")
PASSED = re.compile(
    r"\baddPassthroughCopy\(\s*(?:\{\s*)?[\"']([^\"'\n]+)[\"'](?:\s*:\s*[\"']([^\"'\n]*)[\"'])?"
)


@dataclass(frozen=True, slots=True)
class Configuration:
    """A site's folders from its root, its path prefix, its global data, its copied folders.

    `copied` maps a folder's path from the root to its path in the site; `is_prefixed` tells
    whether a plugin puts the prefix before each link.
    """

    input: str = "."
    includes: str = "_includes"
    data: str = "_data"
    prefix: str = "/"
    is_prefixed: bool = False
    globals: Mapping[str, Any] = field(default_factory=dict)
    copied: Mapping[str, str] = field(default_factory=dict)


def config_file(root: Path) -> str:
    """Return the name of the configuration in a folder, empty without one."""
    return next((name for name in CONFIGS if (root / name).is_file()), "")


def read_configuration(root: Path) -> Configuration:
    """Read what the configuration in a root says in plain values."""
    text = neutral(read_site_file(root, config_file(root)) or "")
    text = LINE_COMMENT.sub("", text)
    found = {key: value for key, value in values(text).items() if isinstance(value, str)}
    folders = {
        name: found[key]
        for name in ("input", "includes", "data")
        for key in (f"dir.{name}", f"config.dir.{name}")
        if key in found
    }
    folders |= {
        name.lower(): folder
        for name, folder in SETTER.findall(text)
        if name in ("Input", "Includes", "Data")
    }
    prefix = next((found[key] for key in ("pathPrefix", "config.pathPrefix") if key in found), "/")
    copied = {_bare(source): _bare(to or source) for source, to in PASSED.findall(text)}
    return Configuration(
        **folders,
        prefix="/" + prefix.strip("/") + "/" if prefix.strip("/") else "/",
        is_prefixed=PREFIXING.search(text) is not None,
        globals={one[1]: _global(one) for one in GLOBAL.finditer(text)},
        copied=copied,
    )


def _global(found: re.Match[str]) -> Any:
    if found[4]:
        return int(found[4])
    if found[5]:
        return found[5] == "true"
    text = found[2] if found[2] is not None else found[3]
    return NOT_KNOWN if text is None else text


def _bare(path: str) -> str:
    return path.removeprefix("./").strip("/")
