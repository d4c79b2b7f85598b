"""What people see: lines, tables, progress bars on a terminal and plain lines elsewhere."""

import json
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from newsletter.findings import Finding, Severity

MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "·"}
PLAIN_EVERY = 2.0


def say(text: str = "") -> None:
    """Print one line to the person."""
    print(text)


def warn(text: str) -> None:
    """Print one line beside the output, so that pipes stay clean."""
    print(text, file=sys.stderr)


def as_json(value: object) -> None:
    """Print a value as indented JSON; times as ISO 8601."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows in aligned columns; numbers to the right."""
    cells = [[("" if cell is None else str(cell)) for cell in row] for row in rows]
    if not cells:
        return
    widths = [max(len(row[at]) for row in (list(head), *cells)) for at in range(len(head))]
    right = [all(_is_number(row[at]) for row in cells) for at in range(len(head))]
    for row in (list(head), *cells):
        aligned = (
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        )
        say("  ".join(aligned).rstrip())


def _is_number(cell: str) -> bool:
    return cell.replace(",", "").isdigit()


def findings(found: Iterable[Finding]) -> None:
    """Print findings, the worst first, each with its place, sentence and mend."""
    order = list(Severity)
    for finding in sorted(found, key=lambda one: order.index(one.severity)):
        place = f"{_near(finding)}: " if finding.path else ""
        _wrapped(f"{MARKS[finding.severity]} {place}{finding.message} [{finding.code}]", "  ")
        if finding.mend:
            _wrapped(f"  → {finding.mend}", "    ")


def _near(finding: Finding) -> str:
    path = finding.path
    if path is None:
        return ""
    with suppress(ValueError):
        path = path.resolve().relative_to(Path.cwd())
    return str(path) if finding.line is None else f"{path}:{finding.line}"


def _wrapped(text: str, indent: str) -> None:
    if not sys.stdout.isatty():
        say(text)
        return
    width = min(shutil.get_terminal_size().columns, 100)
    for line in textwrap.wrap(text, width, subsequent_indent=indent, break_long_words=False):
        say(line)


def annotations(found: Iterable[Finding]) -> None:
    """Print findings as GitHub's workflow commands, which it shows beside the line."""
    kinds = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
    for finding in found:
        place = [f"file={finding.path}"] if finding.path else []
        place += [f"line={finding.line}"] if finding.line else []
        where = ",".join([*place, f"title={finding.code}"])
        words = f"{finding.message} {finding.mend}".strip()
        escaped = words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        say(f"::{kinds[finding.severity]} {where}::{escaped}")


def finding_row(finding: Finding) -> Mapping[str, Any]:
    """Return a finding as `--json` shows it."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "path": None if finding.path is None else str(finding.path),
        "line": finding.line,
        "message": finding.message,
        "mend": finding.mend,
    }


Advance = Callable[[int, int], None]


@contextmanager
def progress(label: str, unit: str = "") -> Iterator[Advance]:
    """Yield `advance(done, total)`: a live bar on a terminal, a line now and then elsewhere."""
    if sys.stdout.isatty():
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        with Progress(
            TextColumn("  {task.description:<12}"),
            BarColumn(bar_width=40),
            MofNCompleteColumn(),
            TextColumn(unit),
            TimeRemainingColumn(),
        ) as bar:
            task = bar.add_task(label, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
        return
    shown = [-1, 0.0]

    def plain(done: int, total: int) -> None:
        moment = time.monotonic()
        if done != shown[0] and (done == total or moment - shown[1] >= PLAIN_EVERY):
            say(f"  {label}: {done:,} of {total:,} {unit}".rstrip())
            shown[:] = [done, moment]

    yield plain


def confirmed(question: str) -> bool:
    """Ask on a terminal; without one the answer is no."""
    if not sys.stdin.isatty():
        return False
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")


def who() -> str:
    """Return who runs this command, for the log of an issue."""
    import getpass

    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        return "cli"
