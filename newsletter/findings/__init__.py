"""What a check finds: every kind of finding declared once, wherever it is raised."""

from newsletter.findings.finding import Finding, Kind, Severity, errors
from newsletter.findings.register import CHAPTERS, KINDS

__all__ = ["CHAPTERS", "KINDS", "Finding", "Kind", "Severity", "errors"]
