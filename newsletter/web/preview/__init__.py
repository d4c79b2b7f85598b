"""A post as it would arrive, on a local page that follows each save."""

from newsletter.web.preview.app import create_preview
from newsletter.web.preview.desk import Desk

__all__ = ["Desk", "create_preview"]
