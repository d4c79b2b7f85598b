"""Posts with one defect planted in them, read, rendered and checked as a command would."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsletter.findings import Finding
from newsletter.preflight import Checked
from newsletter.publishing import Publication, publication
from tests.emails import MASTHEAD

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOUND = 'title: The month in tides\ndescription: What the harbours measured.\ndate: "2026-11-05"'
SITE = 'baseURL = "https://ledger.example/"\n'
NO_LIST: dict[str, Any] = {"masthead": None}


def checked(
    folder: Path, body: str = "Words.", *, front: str = SOUND, site: str = "", **more: Any
) -> Checked:
    """Write a post with this front matter and body, and return what the checks look at."""
    return _published(folder, body, front, site, more).checked


def found(
    folder: Path, body: str = "Words.", *, front: str = SOUND, site: str = "", **more: Any
) -> list[Finding]:
    """Write a post and return all that reading, rendering and checking it finds.

    `site` is the text of a hugo.toml above it; `masthead=None` names no List; other keywords
    change the List that is named.
    """
    return list(_published(folder, body, front, site, more).findings)


def found_as(
    folder: Path,
    body: str = "Words.",
    *,
    front: str = SOUND,
    site: str = "",
    name: str = "index.md",
    **options: Any,
) -> list[Finding]:
    """Do the same with a file of this name, and with these options of `publication`."""
    return list(
        publication(_post(folder, body, front, site, name), MASTHEAD, now=NOW, **options).findings
    )


def _published(folder: Path, body: str, front: str, site: str, more: dict[str, Any]) -> Publication:
    masthead = None if "masthead" in more else replace(MASTHEAD, **more)
    return publication(_post(folder, body, front, site, "index.md"), masthead, now=NOW)


def _post(folder: Path, body: str, front: str, site: str, name: str) -> Path:
    post = folder / name
    if site:
        (folder / "hugo.toml").write_text(site, encoding="utf-8")
        post = folder / "content" / "blog" / "tides" / name
        post.parent.mkdir(parents=True, exist_ok=True)
    post.write_text(f"---\n{front}\n---\n\n{body}\n", encoding="utf-8")
    return post


def codes(findings: list[Finding]) -> list[str]:
    """Return the codes, in order."""
    return [finding.code for finding in findings]


def only(findings: list[Finding], code: str) -> Finding:
    """Return the one finding of this code."""
    (one,) = [finding for finding in findings if finding.code == code]
    return one
