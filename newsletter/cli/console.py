"""What people see: lines, tables, progress bars on a terminal and plain lines elsewhere."""

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

PLAIN_EVERY = 2.0
# Controls but line feed and tab, and what turns the letters that follow: a title's are anybody's.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def shown(text: str) -> str:
    """Return a text in which each character that would steer the terminal is seen instead."""
    return _STEERING.sub("\ufffd", text)


def say(text: str = "") -> None:
    """Print one line to the person, at once: also in a job's log or the journal of a service."""
    print(shown(text), flush=True)


def warn(text: str) -> None:
    """Print one line beside the output, so that pipes stay clean."""
    print(shown(text), file=sys.stderr)


def as_json(value: object) -> None:
    """Print a value as indented JSON; times as ISO 8601."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows in aligned columns; numbers to the right, moments to the minute in UTC."""
    cells = [[_cell(value) for value in row] for row in rows]
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


def listing(
    rows: Sequence[Mapping[str, object]], nothing: str, *, json: bool, head: Sequence[str] = ()
) -> None:
    """Print rows for a program or a person, who is told `nothing` where there is none.

    `head` names the fields of the table; without it, it has all of them.
    """
    if json:
        as_json(rows)
    elif rows:
        shown = head or list(rows[0])
        table(shown, [[row[name] for name in shown] for row in rows])
    else:
        say(nothing)


def counted(count: int, one: str, many: str = "") -> str:
    """Return a number with its noun, "1 row" or "1,024 rows"; `many` where an s is not enough."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def people(count: int) -> str:
    """Return how many people, in words."""
    return counted(count, "person", "people")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    return "" if value is None else str(value)


def _is_number(cell: str) -> bool:
    return cell.replace(",", "").isdigit()


Advance = Callable[[int, int], None]


@contextmanager
def progress(label: str, unit: str = "", *, quiet: bool = False) -> Iterator[Advance]:
    """Yield `advance(done, total)`: a live bar on a terminal, a line now and then elsewhere.

    `quiet`: nothing at all, where a program reads the output.
    """
    if quiet:
        yield lambda _done, _total: None
        return
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


@contextmanager
def noted(going_on: str) -> Iterator[None]:
    """Let Ctrl-C in here tell how to go on, where there is a way."""
    try:
        yield
    except KeyboardInterrupt as stopped:
        if going_on:
            stopped.add_note(going_on)
        raise


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
