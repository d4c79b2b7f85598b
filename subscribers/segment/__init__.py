"""Segments: a small filter language over people, read to a tree, compiled to one condition."""

from subscribers.segment.compiler import Compiler, Predicate
from subscribers.segment.explained import explain
from subscribers.segment.parser import parse
from subscribers.segment.tree import Segment

__all__ = ["Compiler", "Predicate", "Segment", "explain", "parse"]
