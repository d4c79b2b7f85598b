"""What is found in a post's notes, which are the sources of its stories."""

from newsletter.findings.kind import Kind, Severity

SOURCES = (
    Kind(
        "sources-by-position",
        Severity.INFO,
        "Notes were given to stories by their order",
        "Nothing refers to a note and there are as many as stories: note N went to story N.",
        "Look at the pairs; write [^1] in a story to say that note 1 is its source.",
    ),
    Kind(
        "sources-unassigned",
        Severity.WARNING,
        "Notes belong to no story",
        "No story refers to them, so they stand as a list at the end.",
        "Write the mark in the story that it is a source of.",
    ),
    Kind(
        "note-twice",
        Severity.WARNING,
        "Two notes share a number",
        "The first one counts, as on the site.",
        "Give the second one a number of its own.",
    ),
    Kind(
        "sources-matched",
        Severity.INFO,
        "Which note went to which story",
        "Each note belongs to the story that refers to it; the finding lists the pairs.",
        "Look whether each pair is meant.",
    ),
    Kind(
        "source-odd",
        Severity.WARNING,
        "A source may belong to another story",
        "No word of its label resembles its address or the heading of its story.",
        "Look whether the mark and the link are the right ones; write the name of the source as its label.",
    ),
    Kind(
        "note-missing",
        Severity.WARNING,
        "A mark refers to no note",
        "Readers would see the mark as it is written.",
        "Write the note, or take the mark out.",
    ),
)
