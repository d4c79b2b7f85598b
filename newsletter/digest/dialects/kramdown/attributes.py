"""kramdown's attribute lists (`{: .class #id key="value" name}`): read, and what of them a mail shows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter.digest.code_spans import pieces
from newsletter.digest.containers import KINDS

LIST = r"\{:(?![:/])((?:[^{}\n\\]|\\.)+)\}"
PART = re.compile(
    r"(?P<key>[\w:-]+)=(?P<quote>[\"'])(?P<value>(?:(?!(?P=quote)).)*)(?P=quote)"
    r"|\.(?P<class>-?[\w:-]+)|#(?P<id>[\w:-]+)|(?P<name>[\w:-]+)"
)
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


@dataclass(slots=True)
class Attributes:
    """One attribute list: classes, an id, keys, and the names of lists defined elsewhere."""

    classes: list[str] = field(default_factory=list)
    id: str = ""
    values: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def add(self, written: str, defined: Mapping[str, str]) -> None:
        """Read a list into this one; a name stands for the list that `{:name: …}` defines."""
        for part in PART.finditer(written):
            if part["key"] == "class":
                self.classes += part["value"].split()
            elif part["key"]:
                self.values[part["key"]] = part["value"]
            elif part["class"]:
                self.classes.append(part["class"])
            elif part["id"]:
                self.id = part["id"]
            elif part["name"] in defined:
                self.add(defined[part["name"]], {})
            else:
                self.names.append(part["name"])

    @property
    def box(self) -> str:
        """The word for the box that a theme draws around such a block, empty for none."""
        words = [one.removesuffix("-title").lower() for one in self.classes]
        bare = [BOX.sub("", word) for word in words]
        for word, kind in zip(words, bare, strict=True):
            if word in ALONE or (kind != word and kind in KINDS):
                return kind
        return "note" if words != bare else ""

    @property
    def has_title(self) -> bool:
        """Whether the block's first line is its title."""
        return any(one.endswith("-title") for one in self.classes)

    @property
    def shown(self) -> str:
        """The list as Markdown understands it: sizes and descriptions of a picture, or nothing."""
        shown = [
            f'{key}="{value}"'
            for key, value in self.values.items()
            if key in SHOWN and '"' not in value
        ]
        return f"{{{' '.join(shown)}}}" if shown else ""


def attributes(written: str, defined: Mapping[str, str]) -> Attributes:
    """Read one list."""
    found = Attributes()
    found.add(written, defined)
    return found


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
    text = SPAN.sub(lambda found: attributes(found[1], defined).shown, MARKS.sub("", text))
    text = STRAY.sub("", text)
    text = SPACED.sub(lambda found: f"](<{found['url']}>{found['title'] or ''})", text)
    return BREAK.sub(r"\\", text)
