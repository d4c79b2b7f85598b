"""The command line: one module a noun; `main` maps every error to one line and an exit code."""

from newsletter.cli.command import main

__all__ = ["main"]
