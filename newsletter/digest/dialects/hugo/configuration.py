"""Reads a Hugo site's settings: one file, or a folder of them, as Hugo puts them together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsletter.digest.configuration import NoConfiguration, read_settings, unread
from newsletter.digest.site import web_base
from newsletter.findings import Finding

NAMES = ("hugo", "config")
KINDS = ("toml", "yaml", "yml", "json")
# In a folder of settings, the common ones first; what a build for the web adds comes last.
FOLDERS = ("config/_default", "config/production")
CONFIGS = ("config", *(f"{name}.{kind}" for name in NAMES for kind in KINDS))
MOST_FILES = 60


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings of a site, all names lowered as Hugo reads them.

    `is_hugo` tells whether they are Hugo's at all: others keep a `config.toml` too.
    """

    is_hugo: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def read_configuration(root: Path) -> Configuration:
    """Return the settings in a folder; `is_hugo` is false where it is no site of Hugo's."""
    settings: dict[str, Any] = {}
    findings: list[Finding] = []
    is_hugo = False
    for file in (root / name for name in CONFIGS):
        if file.is_file():
            settings = _read(file, root, findings)
            is_hugo = file.stem == "hugo" or "baseurl" in settings
            break
    for folder in FOLDERS:
        files = _files(root / folder)
        is_hugo = is_hugo or (folder == FOLDERS[0] and any(one.stem in NAMES for one in files))
        for file in files:
            _merge(settings, _placed(file, _read(file, root, findings)))
    if not is_hugo or (findings and not settings and not web_base(settings.get("baseurl"))):
        return Configuration(is_hugo, {}, tuple(findings) if is_hugo else ())
    return Configuration(True, settings, tuple(findings))


def _files(folder: Path) -> list[Path]:
    try:
        if not folder.is_dir():
            return []
        found = [one for one in folder.rglob("*") if one.suffix[1:] in KINDS and one.is_file()]
    except OSError:
        return []
    # The file for all comes before those that name one thing.
    return sorted(found, key=lambda one: (one.stem not in NAMES, str(one)))[:MOST_FILES]


def _read(file: Path, root: Path, findings: list[Finding]) -> dict[str, Any]:
    try:
        if not file.resolve().is_relative_to(root.resolve()):
            # `param` would show what stands in it.
            raise NoConfiguration("it is a link that leads out of the site")
        return {str(key): value for key, value in _lowered(read_settings(file)).items()}
    except (NoConfiguration, OSError, RuntimeError) as error:
        findings.append(unread(file, NoConfiguration(str(error))))
        return {}


def _lowered(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key).lower(): _lowered(inner) for key, inner in value.items()}
    return [_lowered(one) for one in value] if isinstance(value, list) else value


def _placed(file: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of `params.toml` below `params`, of `params.de.toml` for one language."""
    name, _, language = file.stem.lower().partition(".")
    if name not in NAMES:
        inner = settings.get(name)
        settings = {
            name: inner if set(settings) == {name} and isinstance(inner, dict) else settings
        }
    return {"languages": {language: settings}} if language else settings


def _merge(settings: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        known = settings.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            _merge(known, value)
        else:
            settings[key] = value
