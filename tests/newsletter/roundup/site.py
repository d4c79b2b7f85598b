"""A small site for each test of the roundup."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.roundup import Gathered, Span, gather

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
URL = "https://quay.example"


def site(folder: Path) -> Path:
    """Make a Hugo site in a folder and return that of its posts."""
    (folder / "hugo.toml").write_text(f'baseURL = "{URL}/"\n', encoding="utf-8")
    content = folder / "content"
    content.mkdir()
    return content


def post(content: Path, name: str, body: str = "Some words.", **front: str) -> Path:
    """Write a post; what is not given is a title made of its name, and a day in the span."""
    given = {"title": Path(name).stem.capitalize(), "date": "2026-11-10"} | front
    matter = "\n".join(f"{key}: {value}" for key, value in given.items() if value)
    file = content / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\n{matter}\n---\n\n{body}\n", encoding="utf-8")
    return file


def gathered(
    content: Path, *, language: str = "", known: frozenset[str] = frozenset(), zone: str = "UTC"
) -> Gathered:
    """Return the roundup of November so far."""
    return gather(content, Span(SINCE, NOW, ZoneInfo(zone), language, known))


def said(found: Gathered) -> list[tuple[str, str]]:
    """Return the code and the sentence of each finding."""
    return [(finding.code, finding.message) for finding in found.findings]
