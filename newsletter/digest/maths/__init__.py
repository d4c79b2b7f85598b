"""Maths in a post: TeX becomes words and signs that every mail program shows."""

from newsletter.digest.maths.plugin import maths_plugin

__all__ = ["maths_plugin"]
