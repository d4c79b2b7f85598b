"""Gives each note to the story it belongs to, or to none: a wrong source is worse than none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.digest.model import Source, Story
from newsletter.digest.notes import Note
from newsletter.findings import Finding


@dataclass(frozen=True, slots=True)
class Assigned:
    """Stories with their sources, the sources of no story, and what there is to say about it."""

    stories: tuple[Story, ...]
    rest: tuple[Source, ...]
    findings: tuple[Finding, ...]


def assign(
    stories: Sequence[Story],
    marked: Sequence[Sequence[str]],
    notes: Sequence[Note],
    elsewhere: Sequence[str],
    path: Path,
) -> Assigned:
    """Assign notes to stories.

    `marked` are the labels each story refers to, in the order of `stories`, `elsewhere` those
    the intro does. Where nothing refers to any note and there are as many notes as stories, note
    N belongs to story N.
    """
    findings: list[Finding] = []
    by_label = _by_label(notes, path, findings)
    used = {label for labels in (*marked, elsewhere) for label in labels}
    if not used & by_label.keys():
        return _by_position(stories, list(by_label.values()), path, findings)
    with_sources = tuple(
        replace(story, sources=_sources(by_label, labels))
        for story, labels in zip(stories, marked, strict=True)
    )
    unused = [label for label in by_label if label not in used]
    if unused:
        findings.append(_unassigned([by_label[label] for label in unused], path))
    in_stories = {label for labels in marked for label in labels}
    rest = _sources(by_label, [label for label in by_label if label not in in_stories])
    return Assigned(with_sources, rest, tuple(findings))


def _by_label(
    notes: Sequence[Note], path: Path, findings: list[Finding]
) -> dict[str, tuple[Source, ...]]:
    """Return each note's sources; the first definition of a label counts, as in Goldmark."""
    known: dict[str, tuple[Source, ...]] = {}
    for note in notes:
        sources = note.sources()
        if note.label not in known:
            if sources:
                known[note.label] = sources
        elif _content(known[note.label]) != _content(sources):
            findings.append(
                Finding(
                    "note-twice",
                    f"The note [^{note.label}] is defined twice; the first one counts.",
                    "Give the second one a number of its own.",
                    path=path,
                    line=note.line,
                )
            )
    return known


def _content(sources: Sequence[Source]) -> list[tuple[str, str | None]]:
    return [(source.text, source.url) for source in sources]


def _sources(by_label: dict[str, tuple[Source, ...]], labels: Sequence[str]) -> tuple[Source, ...]:
    return tuple(source for label in labels for source in by_label.get(label, ()))


def _by_position(
    stories: Sequence[Story],
    notes: list[tuple[Source, ...]],
    path: Path,
    findings: list[Finding],
) -> Assigned:
    rest = tuple(source for sources in notes for source in sources)
    if not notes:
        return Assigned(tuple(stories), (), tuple(findings))
    # A note defined twice was likely meant for two stories: then the counts agree by accident.
    if len(notes) != len(stories) or any(one.code == "note-twice" for one in findings):
        if stories:
            findings.append(_uncounted(notes, stories, path))
        return Assigned(tuple(stories), rest, tuple(findings))
    numbers = {sources[0].number for sources in notes}
    if numbers == {str(number) for number in range(1, len(notes) + 1)}:
        notes = sorted(notes, key=lambda sources: int(sources[0].number))
    pairs = [
        f"{_short(sources[0].label)} → “{_short(story.title_text)}”"
        for story, sources in zip(stories, notes, strict=True)
    ]
    findings.append(
        Finding(
            "sources-by-position",
            "Nothing refers to a note, so note N was given to story N: " + "; ".join(pairs) + ".",
            "Write [^1] in a story to say that note 1 is its source.",
            path=path,
            line=notes[0][0].line,
        )
    )
    given = tuple(
        replace(story, sources=sources) for story, sources in zip(stories, notes, strict=True)
    )
    return Assigned(given, (), tuple(findings))


def _uncounted(notes: Sequence[Sequence[Source]], stories: Sequence[Story], path: Path) -> Finding:
    return Finding(
        "sources-unassigned",
        f"Nothing refers to a note, and there are {len(notes)} notes for {len(stories)} stories, "
        "so they stand as a list at the end.",
        "Write [^1] in a story to say that note 1 is its source.",
        path=path,
        line=notes[0][0].line,
    )


def _unassigned(unused: Sequence[Sequence[Source]], path: Path) -> Finding:
    labels = ", ".join(f"[^{sources[0].number}]" for sources in unused[:8])
    return Finding(
        "sources-unassigned",
        f"Nothing refers to {labels}{' and others' if len(unused) > 8 else ''}, "
        "so they stand as a list at the end.",
        "Write the mark in the story that it is a source of.",
        path=path,
        line=unused[0][0].line,
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39].rstrip() + "…"
