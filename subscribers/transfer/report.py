"""What an import did, in counts that an interrupted one takes up again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from subscribers.transfer.chunk import ALREADY, KEPT_OUT, SUPPRESSED, Counts
from subscribers.transfer.origins import Fate

EXAMPLES = 5
COLUMNS = 12
# What is said of those who come in without being mailed.
KEPT = {
    Fate.PENDING: "never confirmed there: kept as pending, no letter goes out",
    Fate.PAUSED: "on a break: kept as paused",
    Fate.UNSUBSCRIBED: "unsubscribed there: kept as unsubscribed",
    Fate.BLOCKED: "blocked there: suppressed",
    Fate.BOUNCED: "bounced there: suppressed",
    Fate.COMPLAINED: "complained there: suppressed",
}
OF_AN_IMPORT = (
    "read",
    "added",
    "already",
    "kept_out",
    "suppressed",
    "kept",
    "refused",
    "examples",
    "undated",
    "date",
)


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do: counts of rows, and where the refused ones are listed.

    Each row read is counted once: `added` (on the list since), `already` (was on it, or stood in
    the file before; what was missing of them is filled in), `kept` (by what they were elsewhere:
    unsubscribed, bounced …), `kept_out` (left here), `suppressed` (here), or `refused`. `origin`
    is the system the file is from and `why` what it was known by; both empty for any CSV.
    `resumed_at` is the line at which an import went on that was cut off; 0 for a new one.
    `undated` counts rows with a date that cannot be read, of which `date` is one; `passed_over`
    are the columns that nothing is taken from.
    """

    dry_run: bool = False
    origin: str = ""
    why: str = ""
    resumed_at: int = 0
    read: int = 0
    added: int = 0
    already: int = 0
    kept_out: int = 0
    suppressed: int = 0
    kept: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    report_path: Path | None = None
    examples: list[str] = field(default_factory=list)
    undated: int = 0
    date: str = ""
    passed_over: list[str] = field(default_factory=list)

    def count(self, counts: Counts) -> None:
        """Add the outcomes of a batch."""
        self.added += counts[Fate.ACTIVE]
        self.already += counts[ALREADY]
        self.kept_out += counts[KEPT_OUT]
        self.suppressed += counts[SUPPRESSED]
        for fate in KEPT:
            if counts[fate]:
                self.kept[fate] = self.kept.get(fate, 0) + counts[fate]

    def refuse(self, line: int, reason: str) -> None:
        """Count a row that cannot be taken; the first ones are examples."""
        self.refused += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(f"line {line}: {reason}")

    def counts(self) -> dict[str, Any]:
        """Return what an import that goes on later has to know."""
        return {name: getattr(self, name) for name in OF_AN_IMPORT}

    def take_up(self, counts: Mapping[str, Any], line: int) -> None:
        """Go on with the counts of an import that was cut off before a line."""
        self.resumed_at = line
        for name in OF_AN_IMPORT:
            setattr(self, name, counts.get(name, getattr(self, name)))

    def undate(self, rows: int, example: str) -> None:
        """Count rows with a date that cannot be read."""
        self.undated, self.date = self.undated + rows, self.date or example[:40]

    def lines(self) -> Iterator[str]:
        """Yield the report as a person reads it."""
        would = "would be " if self.dry_run else ""
        if self.origin:
            yield f"from {self.origin} ({self.why})"
        if self.resumed_at:
            goes = "would go on" if self.dry_run else "went on"
            yield f"{goes} at line {self.resumed_at:,}, where this import was cut off; the whole of it:"
        yield f"{self.read:,} {'row' if self.read == 1 else 'rows'} read"
        yield f"{self.added:,} {would}added"
        for count, what in (
            (self.already, "on the list already"),
            *((self.kept.get(fate, 0), what) for fate, what in KEPT.items()),
            (self.kept_out, "left before: they stay out"),
            (self.suppressed, "suppressed: they stay out"),
        ):
            if count:
                yield f"{count:,} {what}"
        if self.undated:
            yield f"{self.undated:,} with a date that was left out, such as {self.date!r}"
            yield "  a date is read as 2026-01-31, and not from the future"
        if self.passed_over:
            yield f"not taken along: {_listed(self.passed_over)} (--map COLUMN=attr.NAME takes one)"
        if self.refused:
            where = f", listed in {self.report_path}" if self.report_path else ""
            yield f"{self.refused:,} refused{where}"
            yield from (f"  {example}" for example in self.examples)


def _listed(columns: Sequence[str]) -> str:
    shown = [f"{one[:40]!r}" for one in columns[:COLUMNS]]
    return ", ".join([*shown, *(["…"] if len(columns) > COLUMNS else [])])
