"""A post on a desk, for the tests of the preview."""

from datetime import UTC, datetime
from pathlib import Path

from newsletter.publishing import Publication, publication
from newsletter.web.preview import Desk

NOW = datetime(2026, 11, 25, tzinfo=UTC)
POST = """\
---
title: A quiet month
description: Little happened.
date: 2026-11-20
---

A first paragraph.

## The pond froze

It did so on Tuesday.

![The pond](pond.png)
"""
BROKEN = "---\ntitle: [A quiet\n---\nWords.\n"


def write(folder: Path, text: str = POST) -> Path:
    """Write the post of a bundle and return its path."""
    path = folder / "index.md"
    path.write_text(text, encoding="utf-8")
    return path


def desk_for(post: Path, templates: Path | None = None) -> Desk:
    """Return a desk that publishes the post for no list in particular."""

    def publish() -> Publication:
        return publication(post, None, now=NOW, templates=templates)

    return Desk(post, publish, public_url="http://127.0.0.1:8025", templates=templates)
