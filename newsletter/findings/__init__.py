"""What a check finds: every kind of finding declared once, wherever it is raised."""

from newsletter.findings.finding import Finding, errors
from newsletter.findings.kind import Kind, Severity
from newsletter.findings.register import CHAPTERS, KINDS

__all__ = ["CHAPTERS", "KINDS", "Finding", "Kind", "Severity", "errors"]
