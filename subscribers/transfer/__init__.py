"""Subscribers in and out of files."""

from subscribers.transfer.bringing_in import import_csv
from subscribers.transfer.report import ImportReport
from subscribers.transfer.taking_out import export_csv, export_json_lines

__all__ = ["ImportReport", "export_csv", "export_json_lines", "import_csv"]
