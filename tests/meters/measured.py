"""A post beside one part of its email, and what any email says that is no post's."""

import re
import tempfile
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from newsletter.findings import Finding
from newsletter.render.templates import template_set
from tests.meters.email import Part, read_html, read_text
from tests.meters.posts import Post, published, seen
from tests.meters.source import Source, read_source
from tests.meters.words import texts

DUMMY = """---
title: Zzqx
author: [Zzqx, Zzqy]
date: 2020-01-01
lang: {language}
---

{{{{< zzqx >}}}}

{{{{< youtube zzqxzzqxzzq >}}}}

<iframe src="https://zzqx.example/zzqx"></iframe>

## Zzqx

Zzqx[^1] zzqx

## Zzqx

Zzqx[^2] zzqx[^3]

## Zzqx

[^1]: [Zzqx](https://zzqx.example)
[^2]: Zzqx
[^3]: [Zzqx](https://zzqx.example)
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """A post, what its source says and what one part of its email holds."""

    post: Post
    source: Source
    part: Part
    kind: str
    findings: tuple[Finding, ...]
    stories: int
    language: str = "en"


def measured(post: Post, kind: str) -> Measured:
    """Return a post with the part of its email called `html` or `text`."""
    made = published(post)
    return Measured(
        post,
        _source(post),
        _part(post, kind),
        kind,
        made.findings,
        len(made.digest.stories),
        _language(made.email.html),
    )


def _language(html: str) -> str:
    """Return the language that an email says it is in: a post need not name its own."""
    found = re.search(r'<html lang="([^"]+)"', html)
    return found[1] if found else "en"


@cache
def _source(post: Post) -> Source:
    return read_source(post.path, post.generator)


@cache
def _part(post: Post, kind: str) -> Part:
    if kind == "html":
        return read_html(seen(post).html, notes=_source(post).has_notes)
    return read_text(seen(post).text)


@cache
def template_words(kind: str, language: str) -> frozenset[str]:
    """Return the words that a digest which says nothing has in this part, in a language."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "zzqx.md"
        path.write_text(DUMMY.format(language=language), encoding="utf-8")
        flow = _part(Post("zzqx", path, "hugo", ""), kind).flow
    own = template_set().words(language)
    days = (own.day(date(2020, month, 1), time_zone="UTC") for month in range(1, 13))
    told = " ".join([*days, own.say("issue.picture")])
    said = frozenset(word.text for word in flow if word.text not in ("zzqx", "zzqy"))
    return said | frozenset(texts(told))
