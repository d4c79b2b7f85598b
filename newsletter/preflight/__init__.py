"""What would go wrong in an inbox, before anything leaves: one registry of checks."""

from newsletter.preflight.checks import CHECKS
from newsletter.preflight.subject import Checked, check

__all__ = ["CHECKS", "Checked", "check"]
