"""Words of ours among an author's: one mark each, which the mail says in its own language.

A post rarely names its language, and its List does; so what reading puts into it (the heading of a
box, a link in place of a film) is a mark until it is rendered. Where nothing is rendered,
`spoken()` says it in English.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

PHRASES: Mapping[str, str] = MappingProxyType(
    {
        # What boxes are called.
        "note": "Note",
        "info": "Info",
        "abstract": "Abstract",
        "summary": "Summary",
        "example": "Example",
        "quote": "Quote",
        "question": "Question",
        "help": "Help",
        "faq": "FAQ",
        "see-also": "See also",
        "todo": "Todo",
        "tip": "Tip",
        "hint": "Hint",
        "success": "Success",
        "check": "Check",
        "done": "Done",
        "important": "Important",
        "attention": "Attention",
        "warning": "Warning",
        "caution": "Caution",
        "danger": "Danger",
        "error": "Error",
        "failure": "Failure",
        "missing": "Missing",
        "bug": "Bug",
        "alert": "Alert",
        "details": "Details",
        # What stands for something that no mail can show.
        "online": "See it online",
        "output": "See the output online",
        "video": "Watch the video",
        "listen": "Listen",
        "post": "Read the post",
        "open": "Open",
    }
)
# Code points for private use that no font and no other mark of ours has; in Markdown they are words.
FIRST = 0x10F800
MARKS = {name: chr(FIRST + at) for at, name in enumerate(PHRASES)}
# Between a phrase and what it is about: the language's colon.
ABOUT = chr(0x10F8FF)
MARK = re.compile(f"([{chr(FIRST)}-{chr(FIRST + len(PHRASES) - 1)}])({ABOUT}(?P<about>[*_]*\\w*))?")
NAMES = tuple(PHRASES)


def phrase(name: str, about: str = "") -> str:
    """Return what stands for a phrase: `Listen`, or `Listen: …` with what it is about."""
    return f"{MARKS[name]}{ABOUT}{about}" if about else MARKS[name]


def spoken(text: str, say: Callable[[str], str] = PHRASES.__getitem__, colon: str = ": ") -> str:
    """Return text with its phrases said; `say` has the words of each.

    What begins with the phrase's own word is not told twice: `Hinweis`, and no
    `Hinweis: Hinweis für Gäste`.
    """

    def words(found: re.Match[str]) -> str:
        said = say(NAMES[ord(found[1]) - FIRST])
        if not found[2]:
            return said
        about = found["about"]
        is_told = about.strip("*_").casefold() == said.casefold()
        return about if is_told else f"{said}{colon}{about}"

    return MARK.sub(words, text)
