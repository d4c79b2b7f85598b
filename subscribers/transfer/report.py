"""What an import did: its counts, and the rows it refused in a file of their own."""

import csv
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from subscribers.errors import FileRefused
from subscribers.transfer.formulas import defused
from subscribers.transfer.origins import Fate

EXAMPLES = 5
# What is said of those who come in without being mailed.
KEPT = {
    Fate.PENDING: "never confirmed there: kept as pending, no letter goes out",
    Fate.PAUSED: "on a break: kept as paused",
    Fate.UNSUBSCRIBED: "unsubscribed there: kept as unsubscribed",
    Fate.BLOCKED: "blocked there: suppressed",
    Fate.BOUNCED: "bounced there: suppressed",
    Fate.COMPLAINED: "complained there: suppressed",
}


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do: counts of rows, and where the refused ones are listed.

    Each row read is counted once: `added` (on the list since), `updated` (was on it, the name is
    new), `already` (was on it, or stood in the file before), `kept` (by what they were elsewhere:
    unsubscribed, bounced …), `kept_out` (left here), `suppressed` (here), or `refused`. `origin`
    is the system the file is from and `why` what it was known by; both empty for any CSV.
    """

    dry_run: bool = False
    origin: str = ""
    why: str = ""
    read: int = 0
    added: int = 0
    updated: int = 0
    already: int = 0
    kept_out: int = 0
    suppressed: int = 0
    kept: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    report_path: Path | None = None
    examples: list[str] = field(default_factory=list)

    def keep(self, fate: Fate) -> None:
        """Count somebody who comes in as what they were elsewhere."""
        self.kept[fate] = self.kept.get(fate, 0) + 1

    def lines(self) -> Iterator[str]:
        """Yield the report as a person reads it."""
        would = "would be " if self.dry_run else ""
        if self.origin:
            yield f"from {self.origin} ({self.why})"
        yield f"{self.read:,} rows read"
        yield f"{self.added:,} {would}added"
        for count, what in (
            (self.updated, f"on the list already, their names {would}filled in"),
            (self.already, "on the list already"),
            *((self.kept.get(fate, 0), what) for fate, what in KEPT.items()),
            (self.kept_out, "left before: they stay out"),
            (self.suppressed, "suppressed: they stay out"),
        ):
            if count:
                yield f"{count:,} {what}"
        if self.refused:
            where = f", listed in {self.report_path}" if self.report_path else ""
            yield f"{self.refused:,} refused{where}"
            yield from (f"  {example}" for example in self.examples)


class Refusals:
    """Counts refused rows, and writes them to a CSV file as they come; none refused, no file."""

    def __init__(self, report: ImportReport, path: Path | None) -> None:
        """Take where to write; None writes nothing. Raises FileRefused where nobody can."""
        folder = path.absolute().parent if path else None
        if folder is not None and not os.access(folder, os.W_OK):
            raise FileRefused(
                f"{folder}: the report on refused rows cannot be written there",
                "copy the file to a folder of yours",
            )
        self._report = report
        self._path = path
        self._stack = ExitStack()
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def add(self, line: int, typed: str, reason: str) -> None:
        """Take one row that was refused."""
        self._report.refused += 1
        if len(self._report.examples) < EXAMPLES:
            self._report.examples.append(f"line {line}: {reason}")
        if self._path is None:
            return
        if self._writer is None:
            file = self._stack.enter_context(self._path.open("w", encoding="utf-8", newline=""))
            self._writer = csv.writer(file)
            self._writer.writerow(["line", "email", "reason"])
            self._report.report_path = self._path
        self._writer.writerow([line, defused(typed), defused(reason)])
