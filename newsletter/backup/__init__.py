"""A whole installation as one file, taken while it works; and put back, on either database."""

from newsletter.backup.making import Backup, back_up
from newsletter.backup.restoring import Restored, restore

__all__ = ["Backup", "Restored", "back_up", "restore"]
