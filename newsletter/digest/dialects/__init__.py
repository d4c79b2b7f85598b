"""Dialects of Markdown: one small module for each generator, behind one contract."""
