"""What came of an issue: figures that name nobody, kept when the reports themselves are gone."""

from newsletter.reports.click_map import click_map
from newsletter.reports.plain import as_plain, write_csv
from newsletter.reports.report import Report, report
from newsletter.reports.retention import forget_person, roll_up

__all__ = [
    "Report",
    "as_plain",
    "click_map",
    "forget_person",
    "report",
    "roll_up",
    "write_csv",
]
