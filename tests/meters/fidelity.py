"""The meters of fidelity: each compares a post's source with a part of its email and names faults.

A fault is a sentence with the line of the source where there is one; no fault, no loss.
"""

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

from newsletter.findings import Finding
from tests.meters.email import Part, read_html, read_text
from tests.meters.markup import Code, Picture
from tests.meters.posts import PUBLIC_URL, Post, published, seen
from tests.meters.source import Source, read_source
from tests.meters.words import Word, compare, texts

# The share of the source's words that each part holds in the source's order.
KEPT = 0.995
# Words that come with a story whatever it says: its number, "Source", a host's parts.
PER_STORY = 8
MACHINERY = re.compile(
    r"\{\{|\}\}|\{%|%\}|^[ \t]*:::|\{:[. #]|\{[#.][\w-]+[^}\n]*\}|\$\$|\[\^|^[ \t]*!!! |^[ \t]*\?\?\?"
    r"|</?[A-Z]\w*[ >/]|^import .* from |^export (?:const|default)|<!--|-->|\]\(|\]\[|\[!\w+\]"
    r"|^\s*#{1,6} |[\ue000-\uf8ff]",
    re.MULTILINE,
)
DUMMY = """---
title: Zzqx
author: Zzqx
date: 2020-01-01
---

{{< zzqx >}}

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
    )


@cache
def _source(post: Post) -> Source:
    return read_source(post.path, post.generator)


@cache
def _part(post: Post, kind: str) -> Part:
    return read_html(seen(post).html) if kind == "html" else read_text(seen(post).text)


@cache
def template_words(kind: str) -> frozenset[str]:
    """Return the words that a digest which says nothing has in this part."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "zzqx.md"
        path.write_text(DUMMY)
        flow = _part(Post("zzqx", path, "hugo", ""), kind).flow
    months = "january february march april may june july august september october november december"
    return frozenset(word.text for word in flow if word.text != "zzqx") | frozenset(months.split())


def missing_words(it: Measured) -> list[Word]:
    """Return the source's words that the part lacks, or holds in another place."""
    lost, extra = _difference(it)
    pool = Counter(extra) + Counter(it.part.named)
    aside = []
    for word in it.source.aside:
        if pool[word.text]:
            pool[word.text] -= 1
        else:
            aside.append(word)
    return [*lost, *aside]


def _difference(it: Measured) -> tuple[list[Word], list[str]]:
    wanted, found = it.source.flow, it.part.flow
    difference = compare([one.text for one in wanted], [one.text for one in found])
    return [wanted[at] for at in difference.missing], [found[at].text for at in difference.extra]


def words_in_order(it: Measured) -> list[str]:
    """At least 99.5 % of the source's words, in the source's order."""
    missing = missing_words(it)
    total = len(it.source.flow) + len(it.source.aside)
    if len(missing) <= (1 - KEPT) * total:
        return []
    return [f"{len(missing)} of {total} words are missing or out of place", *_lines(missing)]


def _lines(found: Iterable[Word]) -> list[str]:
    lines: dict[int, list[str]] = {}
    for word in found:
        lines.setdefault(word.line, []).append(word.text)
    return [f"line {line}: {' '.join(said)}" for line, said in sorted(lines.items())]


def extra_words(it: Measured) -> list[str]:
    """Return the part's words that neither the source nor the template has."""
    _, extra = _difference(it)
    known = Counter(one.text for one in it.source.aside)
    known += Counter(word for heading in it.source.headings for word in texts(heading))
    said = template_words(it.kind) | it.source.head_words
    said |= {part for link in it.source.links for part in texts(_host(link.url))}
    left = []
    templates = 0
    for word in extra:
        if known[word]:
            known[word] -= 1
        elif word in said or word.isdigit():
            templates += 1
        elif word not in it.source.columns:
            left.append(word)
    spare = templates - len(said) - PER_STORY * it.stories
    return left + ["(more of the template's words than a template has)"] * max(0, spare)


def no_other_words(it: Measured) -> list[str]:
    """No more other words than a template's worth."""
    left = extra_words(it)
    if len(left) <= max(3, (1 - KEPT) * len(it.source.flow)):
        return []
    return [f"{len(left)} words that the source does not have: {' '.join(left)}"]


def links_there(it: Measured) -> list[str]:
    """Every distinct link of the source, made absolute; or a finding that names it."""
    held = {_plainest(link) for link in it.part.links}
    faults = []
    for link in {one.url: one for one in it.source.links}.values():
        if link.url.startswith("#") or _leads(link.url, it.post.site, held):
            continue
        if _is_resolvable(link.url, it.post.site) or not _is_named(link.url, "link", it):
            faults.append(f"line {link.line}: {link.url}")
    return faults


def _is_resolvable(url: str, site: str) -> bool:
    """Whether anybody can tell where it leads: then a finding is no excuse."""
    scheme = urlsplit(url).scheme
    return scheme in ("http", "https", "mailto") or (
        not scheme and url.startswith("/") and bool(site)
    )


def _leads(url: str, site: str, held: set[str]) -> bool:
    if urlsplit(url).scheme or url.startswith("//"):
        return _plainest(urljoin("https:", url)) in held
    if url.startswith("/") and site:
        return _plainest(urljoin(site, url)) in held
    tail = _plainest(url.lstrip("./"))
    return any(one.endswith(f"/{tail}") for one in held)


def _plainest(url: str) -> str:
    """Return a URL so that two which lead to the same place are equal."""
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc.lower().encode("idna").decode() if parts.netloc else ""
    except (UnicodeError, ValueError):
        return url.strip()
    path = quote(unquote(parts.path), safe="/@:~!$&'()*+,;=").rstrip("/")
    rest = "".join(
        f"{mark}{quote(unquote(one), safe='/@:~!$&()*+,;=?%')}"
        for mark, one in (("?", parts.query), ("#", parts.fragment))
        if one
    )
    return f"{parts.scheme}://{host}{path}{rest}" if parts.scheme or host else f"{path}{rest}"


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _is_named(what: str, kind: str, it: Measured) -> bool:
    """Whether a finding of this kind, by its code, names a link or a picture."""
    return any(one.code.startswith(kind) and what[:57] in one.message for one in it.findings)


def anchors_lead(it: Measured) -> list[str]:
    """No link within the email leads to a place that is not there."""
    inner = sorted(link for link in it.part.links if link.startswith("#"))
    return [f"{link} leads nowhere" for link in inner if link[1:] not in it.part.ids]


def pictures_there(it: Measured) -> list[str]:
    """Every picture is shown, with its description, or a finding names it."""
    shown = {_plainest(src) for src, _ in it.part.pictures}
    said = " ".join(it.part.named) + " " + " ".join(word.text for word in it.part.flow)
    faults = []
    for one in {picture.src: picture for picture in it.source.pictures}.values():
        if _is_named(one.src, "picture", it):
            continue
        if it.kind == "html" and not one.is_cover and not _is_shown(one, it, shown):
            faults.append(f"line {one.line}: {one.src} is neither shown nor named")
        elif one.words and " ".join(texts(one.words)) not in said:
            faults.append(f"line {one.line}: {one.src} without its description {one.words[:50]!r}")
    return faults


def _is_shown(picture: Picture, it: Measured, shown: set[str]) -> bool:
    """Whether it is left at its site, or carried by the mail's own service with its words."""
    if _leads(picture.src, it.post.site, shown):
        return True
    carried = [said for src, said in it.part.pictures if src.startswith(f"{PUBLIC_URL}/m/")]
    is_beside = (it.post.path.parent / picture.src).is_file()
    return is_beside and any(texts(said) == texts(picture.words) for said in carried)


def code_kept(it: Measured) -> list[str]:
    """Every block of code, verbatim in the text, token for token in the HTML."""
    html = it.kind == "html"
    faults = []
    for code in it.source.codes:
        if not code.text.strip():
            continue
        kept = _has_tokens(code, it.part.codes) if html else _has_lines(code, it)
        if not kept:
            first = next(line for line in code.text.split("\n") if line.strip())
            faults.append(f"line {code.line}: {first.strip()[:60]}")
    return faults


def _has_tokens(code: Code, blocks: Sequence[str]) -> bool:
    return any(block.split() == code.text.split() for block in blocks)


def _has_lines(code: Code, it: Measured) -> bool:
    """Whether the lines stand there one below the other, all indented alike."""
    wanted = [line.rstrip() for line in code.text.strip("\n").split("\n")]
    lines = [line.rstrip() for line in seen(it.post).text.split("\n")]
    for at in range(len(lines) - len(wanted) + 1):
        if not lines[at].endswith(wanted[0]) or not wanted[0]:
            continue
        indent = lines[at][: len(lines[at]) - len(wanted[0])]
        if indent.strip("> ") == "" and all(
            line == (indent + one).rstrip() for line, one in zip(lines[at:], wanted, strict=False)
        ):
            return True
    return False


def no_machinery(it: Measured) -> list[str]:
    """Nothing of what the post was written with shows outside of code.

    What an author escaped is meant to be read: only what stands so in the source is a fault.
    """
    faults = []
    for found in MACHINERY.finditer(it.part.prose):
        if found[0].strip() not in it.source.raw:
            continue
        around = it.part.prose[max(0, found.start() - 30) : found.end() + 40]
        faults.append(f"{found[0].strip()!r} in “{' '.join(around.split())}”")
    return faults


METERS: dict[str, Callable[[Measured], list[str]]] = {
    "words": words_in_order,
    "others": no_other_words,
    "links": links_there,
    "anchors": anchors_lead,
    "pictures": pictures_there,
    "code": code_kept,
    "machinery": no_machinery,
}
