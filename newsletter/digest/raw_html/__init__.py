"""Raw HTML in Markdown: read once, and from there on the same tokens as Markdown's own."""

from newsletter.digest.raw_html.left_out import LeftOut, findings
from newsletter.digest.raw_html.plugin import raw_html_plugin
from newsletter.digest.raw_html.scanner import COMMENT, TAG, Tag

__all__ = ["COMMENT", "TAG", "LeftOut", "Tag", "findings", "raw_html_plugin"]
