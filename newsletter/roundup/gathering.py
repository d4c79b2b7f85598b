"""Finds the posts of a folder that a roundup is about, and says which ones it leaves out."""

import os
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.digest.dates import dated_name
from newsletter.digest.dialects.recognition import recognise
from newsletter.digest.metadata import Metadata, read_metadata
from newsletter.digest.post_file import MARKDOWN, OTHERS, read_text
from newsletter.digest.reader import read_post
from newsletter.digest.site import Site
from newsletter.errors import PostError
from newsletter.findings import Finding
from newsletter.roundup.entry import Entry, entry_of, section_of

# What generators publish besides Markdown; a page of HTML is rarely a post.
OTHER_POSTS = (".adoc", ".asciidoc", ".ipynb", ".org", ".rst", ".textile")
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Gathered:
    """The posts of a roundup, the newest first, and what there is to say about the others."""

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """What a roundup is about: posts from `since` to `now`, less those at the addresses `known`.

    A date without a zone is in `zone`. `language`, when not empty, is that of the readers: a post
    that is known to be in another one is left out.
    """

    since: datetime
    now: datetime
    zone: ZoneInfo
    language: str = ""
    known: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class _Head:
    """The beginning of a post: enough to tell whether the rest is wanted."""

    text: str
    site: Site
    metadata: Metadata


@dataclass(slots=True)
class _Basket:
    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    undated: list[Path] = field(default_factory=list)


def gather(folder: Path, span: Span, *, site_url: str = "", dialect: str = "") -> Gathered:
    """Return the posts of a folder that were published in a span.

    What cannot be read is a finding, and the rest goes on. Raises PostError when there is no such
    folder.
    """
    if not folder.is_dir():
        raise PostError("is no folder", "name the folder that holds the posts", path=folder)
    basket = _Basket()
    others: Counter[str] = Counter()
    for file in _files(folder):
        if file.suffix.lower() in OTHER_POSTS:
            others[OTHERS[file.suffix.lower()]] += 1
            continue
        try:
            _consider(file, folder, span, basket, site_url=site_url, dialect=dialect)
        except PostError as error:
            basket.findings += _unread(error, file, span)
    entries = sorted(basket.entries, key=lambda one: (one.when, one.title), reverse=True)
    findings = [*basket.findings, *_undated(basket.undated, folder), *_others(others)]
    return Gathered(tuple(entries), tuple(findings))


def moment(when: date | datetime, zone: ZoneInfo) -> datetime:
    """Return a date, or a time, as an aware time: a date begins at midnight in `zone`."""
    if not isinstance(when, datetime):
        return datetime.combine(when, time(), zone)
    return when if when.tzinfo else when.replace(tzinfo=zone)


def _files(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if one[0] != "." and one != "node_modules")
        for name in sorted(names):
            suffix = os.path.splitext(name)[1].lower()
            if name[0] not in "._" and suffix in (*MARKDOWN, *OTHER_POSTS):
                yield Path(here, name)


def _consider(
    file: Path, folder: Path, span: Span, basket: _Basket, *, site_url: str, dialect: str
) -> None:
    head = _head(file, site_url, dialect)
    when = moment(head.metadata.date, span.zone) if head.metadata.date else None
    if when is not None and when < span.since:
        return
    if when is None and not head.metadata.draft:
        basket.undated.append(file)
        return
    why = _why_not(head.metadata, when, span)
    if when is None or why:
        basket.findings.append(_left_out(file, f"{_named(file, folder)} {why}."))
        return
    digest = read_post(file, site_url=site_url, dialect=dialect)
    if digest.url is not None and digest.url in span.known:
        return
    if digest.url is None:
        basket.findings.append(_no_address(file, folder))
    section = section_of(file, folder, head.site)
    basket.entries.append(entry_of(digest, head.text, when=when, section=section))


def _head(file: Path, site_url: str, dialect: str) -> _Head:
    text = read_text(file)
    found = recognise(file, text, dialect)
    site = found.dialect.site(found.root, site_url)
    matter = site.complete(found.dialect.split(text, file), file)
    return _Head(text, site, read_metadata(matter, file))


def _why_not(metadata: Metadata, when: datetime | None, span: Span) -> str:
    if metadata.draft:
        return "is a draft"
    if when is not None and when > span.now:
        return f"is dated {when:%Y-%m-%d}, which is still to come"
    language = metadata.language.lower().split("-")[0]
    if span.language and language and language != span.language.lower().split("-")[0]:
        return f"is in another language ({metadata.language})"
    return ""


def _named(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()


def _unread(error: PostError, file: Path, span: Span) -> list[Finding]:
    named = dated_name(file)
    if named is not None and moment(named, span.zone) < span.since:
        return []
    return [
        Finding(
            "roundup-unread",
            f"The post cannot be read: {error.args[0]}.",
            error.mend and f"{error.mend[:1].upper()}{error.mend[1:]}.",
            error.path or file,
            error.line,
        )
    ]


def _left_out(file: Path | None, message: str) -> Finding:
    return Finding("roundup-left-out", message, path=file)


def _no_address(file: Path, folder: Path) -> Finding:
    return Finding(
        "roundup-no-address",
        f"The address of {_named(file, folder)} is not known, so it is named without a link.",
        "Set NEWSLETTER_SITE_URL, or name the generator with --dialect.",
        file,
    )


def _undated(files: list[Path], folder: Path) -> Iterator[Finding]:
    if not files:
        return
    names = [_named(file, folder) for file in files[:MOST_NAMED]]
    rest = len(files) - len(names)
    more = f" and {rest} more" if rest else ""
    yield _left_out(None, f"Without a date, and left out: {', '.join(names)}{more}.")


def _others(others: Counter[str]) -> Iterator[Finding]:
    for kind, count in others.items():
        yield _left_out(None, f"Not Markdown, and left out: {count} in {kind}.")
