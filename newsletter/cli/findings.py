"""Findings shown: to people, as JSON, and as annotations that GitHub shows beside the line."""

import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter.cli.console import say, shown

if TYPE_CHECKING:
    from rich.text import Text

    from newsletter.errors import PostError
    from newsletter.findings import Finding

# The severities, the worst first.
MARKS = {"error": "✗", "warning": "!", "info": "·"}
STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
ANNOTATIONS = {"error": "error", "warning": "warning", "info": "notice"}
WIDEST = 100


def show(found: Iterable["Finding"]) -> None:
    """Print findings: the worst first, those of one code together, a mend once for all it helps."""
    groups = list(_grouped(found))
    if sys.stdout.isatty():
        _show_on_terminal(groups)
        return
    for _, same, mend in groups:
        for finding in same:
            place = f"{_near(finding)}: " if finding.path else ""
            say(f"{MARKS[finding.severity]} {place}{finding.message} [{finding.code}]")
        if mend:
            say(f"  → {mend}")


def _grouped(found: Iterable["Finding"]) -> Iterator[tuple[str, list["Finding"], str]]:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in found:
        groups.setdefault((finding.code, finding.mend), []).append(finding)
    order = list(MARKS)
    for same in sorted(groups.values(), key=lambda group: order.index(group[0].severity)):
        yield str(same[0].severity), same, same[0].mend


def _show_on_terminal(groups: Sequence[tuple[str, list["Finding"], str]]) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(highlight=False, width=min(shutil.get_terminal_size().columns, WIDEST))
    counts = Counter(str(finding.severity) for _, same, _ in groups for finding in same)
    for severity in MARKS:
        if counts[severity]:
            title = f"{MARKS[severity]} {_counted(severity, counts[severity])}"
            console.print(Text(title, STYLES[severity]))
        for _, same, mend in (group for group in groups if group[0] == severity):
            for finding in same:
                console.print(Padding(_line(finding), (0, 0, 0, 2)))
            if mend:
                console.print(Padding(Text(f"→ {mend}", "dim"), (0, 0, 0, 4)))


def _line(finding: "Finding") -> "Text":
    from rich.text import Text

    line = Text()
    if finding.path is not None:
        line.append(f"{_near(finding)} ", f"bold link {finding.path.resolve().as_uri()}")
    return line.append(shown(finding.message)).append(f" [{finding.code}]", "dim")


def summary(found: Iterable["Finding"]) -> str:
    """Return how many findings there are of each severity, in words."""
    counts = Counter(str(finding.severity) for finding in found)
    return ", ".join(_counted(one, counts[one]) for one in MARKS if counts[one]) or "nothing found"


def _counted(severity: str, number: int) -> str:
    plural = "" if number == 1 or severity == "info" else "s"
    return f"{number} {severity}{plural}"


def _near(finding: "Finding") -> str:
    """Return the place as seen from here, `file:line`, which terminals and editors open."""
    path = finding.path
    if path is None:
        return ""
    with suppress(ValueError):
        path = path.resolve().relative_to(Path.cwd())
    return str(path) if finding.line is None else f"{path}:{finding.line}"


def rows(found: Iterable["Finding"]) -> list[Mapping[str, Any]]:
    """Return findings as `--json` shows them (docs/commands.md)."""
    from newsletter.findings import KINDS

    return [
        {
            "code": finding.code,
            "severity": finding.severity.value,
            "title": KINDS[finding.code].title,
            "path": None if finding.path is None else str(finding.path),
            "line": finding.line,
            "message": finding.message,
            "mend": finding.mend,
        }
        for finding in found
    ]


def annotations(found: Iterable["Finding"]) -> Iterator[str]:
    """Yield findings as GitHub's workflow commands; files are named from the repository's root."""
    from newsletter.findings import KINDS

    for finding in found:
        yield _annotation(
            ANNOTATIONS[finding.severity],
            f"{finding.message}\n{finding.mend}".strip(),
            title=f"{KINDS[finding.code].title} ({finding.code})",
            path=finding.path,
            line=finding.line,
        )


def refusal(error: "PostError") -> str:
    """Return the annotation of a post that cannot be read."""
    words = f"{error.args[0]}\n{error.mend}".strip()
    return _annotation(
        "error", words, title="The post cannot be read", path=error.path, line=error.line
    )


def _annotation(kind: str, words: str, *, title: str, path: Path | None, line: int | None) -> str:
    properties = {"title": title}
    if path is not None:
        properties["file"] = _from_root(path)
    if line is not None:
        properties["line"] = str(line)
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind} {named}::{_data(words)}"


def _from_root(path: Path) -> str:
    resolved = path.resolve()
    for folder in resolved.parents:
        if (folder / ".git").exists():
            return resolved.relative_to(folder).as_posix()
    with suppress(ValueError):
        return resolved.relative_to(Path.cwd()).as_posix()
    return path.as_posix()


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
