"""kramdown's attribute lists (`{: .class #id key="value" name}`): read, and what of them a mail shows."""

import re
from collections.abc import Mapping

from newsletter.digest.code_spans import pieces
from newsletter.digest.containers import KINDS
from newsletter.digest.dialects.attributes import Attributes, attributes_among

LIST = r"\{:(?![:/])((?:[^{}\n\\]|\\.)+)\}"
# After words an attribute list is words itself; it belongs to a link, a picture, emphasis, code.
SPAN = re.compile(rf"(?<=[)\]*_`>$]){LIST}")
# All the same nobody wrote `{: .class}` to be read.
STRAY = re.compile(
    r"[ \t]?\{:[ \t]*(?:(?:[.#][\w-]{1,80}|[\w-]{1,40}=(?:\"[^\"\n{}]{0,200}\"|'[^'\n{}]{0,200}'))[ \t]*){1,20}\}"
)
MARKS = re.compile(r"\{::(?:options|nomarkdown)\b[^{}\n]*\}|\{:/(?:nomarkdown|comment|options)?\}")
COMMENT = re.compile(r"\{::comment\}.*?\{:/(?:comment)?\}", re.DOTALL)
COMMENT_END = re.compile(r"\{:/(?:comment)?\}")
# kramdown takes blanks for a part of an address.
SPACED = re.compile(
    r"\]\((?P<url>[^()<>\s\"']{1,300}(?: [^()<>\s\"']{1,300}){1,30})"
    r"(?P<title>[ ]+(?:\"[^\"\n]*\"|'[^'\n]*'))?\)"
)
BREAK = re.compile(r"(?<!\\)\\\\(?=\n)")
# A theme's prefixes for its boxes, and words that are no box without one of them.
BOX = re.compile(r"(?:prompt|notice|alert|callout|box|message|admonition|bs-callout)(?:-{1,2}|$)")
ALONE = frozenset(
    ("note", "tip", "info", "hint", "important", "warning", "caution", "danger", "attention")
)
SHOWN = ("width", "height", "alt", "title")


def attributes(written: str, defined: Mapping[str, str]) -> Attributes:
    """Read one list; a name in it stands for the list that `{:name: …}` defines."""
    found = attributes_among(written)
    for name in found.words:
        if name in defined:
            found = _both(found, attributes_among(defined[name]))
    return found


def _both(one: Attributes, other: Attributes) -> Attributes:
    return Attributes(
        other.id or one.id,
        (*one.classes, *other.classes),
        {**one.values, **other.values},
        (*one.words, *other.words),
    )


def box(found: Attributes) -> str:
    """Return the word for the box that a theme draws around such a block, empty for none."""
    names = [one.removesuffix("-title").lower() for one in found.classes]
    bare = [BOX.sub("", name) for name in names]
    for name, kind in zip(names, bare, strict=True):
        if name in ALONE or (kind != name and kind in KINDS):
            return kind
    return "note" if names != bare else ""


def has_title(found: Attributes) -> bool:
    """Return whether the block's first line is its title."""
    return any(one.endswith("-title") for one in found.classes)


def shown(found: Attributes) -> str:
    """Return what Markdown understands of a list: sizes and descriptions of a picture."""
    values = [
        f'{key}="{value}"'
        for key, value in found.values.items()
        if key in SHOWN and '"' not in value
    ]
    return f"{{{' '.join(values)}}}" if values else ""


def without_spans(text: str, defined: Mapping[str, str]) -> str:
    """Return Markdown whose lines say what kramdown reads in them: no lists, comments, options."""
    if "{:" not in text and "\\\\" not in text and "](" not in text:
        return text
    parts = []
    after_code = False
    for piece in pieces(text):
        if piece.is_code:
            parts.append(piece.text)
        else:
            # A backtick of the code before stands for it, so that a list after it is seen.
            prose = "`" * after_code + piece.text
            parts.append(_prose(prose, defined)[after_code:])
        after_code = piece.is_code
    return "".join(parts)


def _prose(text: str, defined: Mapping[str, str]) -> str:
    # After the last end nothing is a comment, and nothing has to be looked through for its end.
    last = max((found.end() for found in COMMENT_END.finditer(text)), default=0)
    text = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text[:last]) + text[last:]
    text = SPAN.sub(lambda found: shown(attributes(found[1], defined)), MARKS.sub("", text))
    text = STRAY.sub("", text)
    text = SPACED.sub(lambda found: f"](<{found['url']}>{found['title'] or ''})", text)
    return BREAK.sub(r"\\", text)
