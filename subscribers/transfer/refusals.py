"""The rows that an import refused, in a CSV file of their own: line, address, reason."""

import csv
import os
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from subscribers.errors import FileRefused
from subscribers.transfer.formulas import defused
from subscribers.transfer.report import ImportReport

HEAD = ("line", "email", "reason")


class Refusals:
    """Counts refused rows, and writes them as they come; none refused, no file."""

    def __init__(self, report: ImportReport, path: Path | None, *, kept: int = 0) -> None:
        """Take where to write; None writes nothing. Raises FileRefused where nobody can.

        `kept` is how many bytes of it an import wrote that goes on now: what it wrote after is not
        true, because those rows come again.
        """
        folder = path.absolute().parent if path else None
        if folder is not None and not os.access(folder, os.W_OK):
            raise FileRefused(
                f"{folder}: the report on refused rows cannot be written there",
                "copy the file to a folder of yours",
            )
        self._report, self._path, self._kept = report, path, kept
        self._file: TextIO | None = None
        self._writer: Any = None
        if kept and path is not None and path.is_file():
            report.report_path = path
            os.truncate(path, min(kept, path.stat().st_size))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, line: int, typed: str, reason: str) -> None:
        """Take one row that was refused."""
        self._report.refuse(line, reason)
        if self._path is None:
            return
        if self._file is None:
            goes_on = self._report.report_path is not None
            self._file = self._path.open("a" if goes_on else "w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._file)
            if not goes_on:
                self._writer.writerow(HEAD)
            self._report.report_path = self._path
        self._writer.writerow((line, defused(typed), defused(reason)))

    def settle(self) -> int:
        """Write everything out to the disk and return how many bytes there are."""
        if self._file is None:
            return self._kept
        self._file.flush()
        os.fsync(self._file.fileno())
        return os.fstat(self._file.fileno()).st_size
