"""What each generator's tags look like, blanked out of a post; what they say to readers is kept.

One small table a generator. A tag's arguments that a reader of the page would see (captions,
summaries, titles) are words whose place is the email's own.
"""

import re
from typing import Any

from tests.meters.markup import Link, Picture
from tests.meters.words import Word, words

HUGO = (re.compile(r"\{\{[<%](.*?)[>%]\}\}", re.DOTALL),)
JEKYLL = (
    re.compile(r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", re.DOTALL),
    re.compile(r"\{%(.*?)%\}", re.DOTALL),
    re.compile(r"^[ \t]*\{:[^}\n]*\}[ \t]*$", re.MULTILINE),
    re.compile(r"\{:[^}\n]*\}"),
)
ZOLA = (re.compile(r"\{%(.*?)%\}", re.DOTALL), re.compile(r"\{\{(.*?)\}\}", re.DOTALL))
COMPONENT = re.compile(
    r"(?<!\\)</?[A-Z][\w.]*((?:\"[^\"]*\"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\}|[^>\"'{])*)>"
)
QUARTO = (
    re.compile(r"(?<![\w@])@(?:fig|tbl|sec|eq)-[\w-]+"),
    re.compile(r"^[ \t>]*:{3,}(.*)$", re.MULTILINE),
    re.compile(r"(?<=[\])])\{([^{}\n]*)\}"),
)
MDX = (
    re.compile(r"\{/\*.*?\*/\}", re.DOTALL),
    re.compile(r"^(?:import|export)\s.*$", re.MULTILINE),
    COMPONENT,
    re.compile(r"(?<=[ \t])\{#[\w-]+\}[ \t]*$", re.MULTILINE),
    re.compile(r"(?<![\\=])\{[^{}\n\"<>]+\}"),
)
MKDOCS = (
    re.compile(r"(?:(?<=\))|(?<=\]))\{[^{}\n]*\}"),
    re.compile(r"^[ \t]*(?:!!!|\?\?\?\+?)[ \t]+[\w -]+(?=\"|$)", re.MULTILINE),
    re.compile(r":material-[\w-]+:"),
)
COLONS = re.compile(r"^[ \t>]*:{3,}[ \t]*\{?[\w-]*\}?(?:\[(?P<title>[^\]]*)\])?", re.MULTILINE)
TAGS: dict[str, tuple[re.Pattern[str], ...]] = {
    "hugo": HUGO,
    "jekyll": JEKYLL,
    "eleventy": JEKYLL[:2],
    "zola": ZOLA,
    "quarto": QUARTO,
    "mdx": MDX,
    "vuepress": (re.compile(r"\[\[toc\]\]", re.IGNORECASE), COMPONENT),
    "mkdocs": MKDOCS,
    "nikola": (*HUGO, *MKDOCS),
    "pelican": (
        re.compile(r"^ {4,}:::\w+[ \t]*$", re.MULTILINE),
        re.compile(r"(?<=\()\{(?:static|attach|filename)\}"),
    ),
}
FILM = re.compile(
    r"(?:\{[{%][<%]?\s*(?:youtube|media)\b[^}]*?|<YouTube\s[^>]*?)[\"'\s=(]([\w-]{11})[\"'\s)]"
)
SHOWN = re.compile(
    r"(?:\{\{[<%]\s*(?:figure|img|image)\b[^}]*?|<(?:Image|Picture)\s[^>]*?)\bsrc\s*=\s*\"([^\"]+)\"[^}>]*"
)
DESCRIBED = re.compile(r"\b(alt|caption)\s*=\s*\"([^\"]*)\"")
SAID = re.compile(r"\b(?:caption|title|summary|alt|label)\s*=\s*\{?(?:\"([^\"]*)\"|'([^']*)')")
ARGUMENT = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
# What a box is called where its author gives it no title, and what a figure's number is put to.
LABELS = "note tip info important warning danger caution figure table section equation output"
ASSIGNED = re.compile(r"\{%-?\s*(?:assign|set)\s+(\w+)\s*=\s*[\"']([^\"']*)[\"']\s*-?%\}")
OUTPUT = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
QUOTED = re.compile(r"[\"']([^\"']*)[\"'](?:\s*\|.*)?", re.DOTALL)


def without_machinery(
    body: str, generator: str, head: dict[str, Any], title: str
) -> tuple[str, list[Word]]:
    """Return the body with tags blanked and outputs filled in, and the words that tags say."""
    spoken: list[Word] = []

    def blank(found: re.Match[str]) -> str:
        line = _line(body, found)
        for said in SAID.finditer(found[0]):
            spoken.extend(words(said[1] or said[2] or "", line))
        return "\n" * found[0].count("\n")

    body = _filled(body, generator, head, title)
    for pattern in TAGS.get(generator, ()):
        body = pattern.sub(blank, body)
    if generator in ("mdx", "vuepress"):
        body = COLONS.sub(lambda found: found["title"] or "", body)
    return body, spoken


def embedded(body: str) -> tuple[list[Link], list[Picture]]:
    """Return the films and the pictures that tags show."""
    films = [
        Link(f"https://www.youtube.com/watch?v={found[1]}", _line(body, found))
        for found in FILM.finditer(body)
    ]
    pictures = []
    for found in SHOWN.finditer(body):
        said = dict(DESCRIBED.findall(found[0]))
        described = said.get("alt") or said.get("caption") or ""
        pictures.append(Picture(found[1], described, _line(body, found)))
    return films, pictures


def _line(body: str, found: re.Match[str]) -> int:
    return body.count("\n", 0, found.start()) + 1


def arguments(body: str, generator: str) -> str:
    """Return what the arguments of tags say: some of it may be shown, and none of it is asked for."""
    found = (tag[0] for pattern in TAGS.get(generator, ()) for tag in pattern.finditer(body))
    said = " ".join(" ".join(value) for tag in found for value in ARGUMENT.findall(tag))
    return f"{said} {LABELS}"


def _filled(body: str, generator: str, head: dict[str, Any], title: str) -> str:
    """Put in the values of outputs such as `{{ page.title }}`, as far as the post says them."""
    if generator not in ("jekyll", "eleventy", "vuepress"):
        return body
    values = {one[1]: one[2] for one in ASSIGNED.finditer(body)}
    values |= {
        f"{where}{key}": str(value) for key, value in head.items() for where in ("", "page.")
    }
    values |= {"$frontmatter.title": title}

    def value(found: re.Match[str]) -> str:
        quoted = QUOTED.fullmatch(found[1])
        return quoted[1] if quoted else values.get(found[1], "")

    return OUTPUT.sub(value, body)
