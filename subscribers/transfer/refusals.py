"""The rows that an import refused, in a CSV file of their own: line, address, reason."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path

from subscribers.errors import FileRefused
from subscribers.transfer.formulas import defused
from subscribers.transfer.person import Unfit
from subscribers.transfer.report import ImportReport

HEAD = ("line", "email", "reason")


class Refusals:
    """Counts refused rows, and lists them when their batch is settled; none refused, no file."""

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
        if kept and path is not None and path.is_file():
            report.report_path = path

    def settle(self, unfit: Sequence[Unfit]) -> int:
        """Count rows that were refused, write them to the disk, return how many bytes there are."""
        for one in unfit:
            self._report.refuse(one.line, one.reason)
        if self._path is None or not unfit:
            return self._kept
        goes_on = self._report.report_path is not None
        if goes_on:
            os.truncate(self._path, min(self._kept, self._path.stat().st_size))
        with self._path.open("a" if goes_on else "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if not goes_on:
                writer.writerow(HEAD)
            writer.writerows((one.line, defused(one.typed), defused(one.reason)) for one in unfit)
            file.flush()
            os.fsync(file.fileno())
            self._kept = os.fstat(file.fileno()).st_size
        self._report.report_path = self._path
        return self._kept
