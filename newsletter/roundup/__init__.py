"""A digest of what a site published since the last issue, written as a post to be edited."""

from newsletter.roundup.entry import Entry
from newsletter.roundup.gathering import Gathered, Span, gather, moment
from newsletter.roundup.writing import GROUPS, write

__all__ = ["GROUPS", "Entry", "Gathered", "Span", "gather", "moment", "write"]
