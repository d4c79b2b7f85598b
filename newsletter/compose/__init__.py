"""RenderedEmail + Envelope → MIME bytes: compiled once an issue, joined once a recipient."""

from newsletter.compose.composer import Composer

__all__ = ["Composer"]
