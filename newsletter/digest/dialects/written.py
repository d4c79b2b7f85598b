"""Markdown written from values that an author gave to a tag: nothing in them can break out.

Plain `text` shows as it is; what is called `markdown` is inline Markdown that the generator reads
as such too.
"""

import re
from urllib.parse import quote

from newsletter.digest.addresses import SCHEME

SPECIAL = re.compile(r"[\\`*_{}\[\]<>|~^$!#&]")
# With a stroke before it, each of these may begin a formula.
NAMED = {"[": "&#91;", "\\": "&#92;"}
UNFIT_INFO = re.compile(r"[^\w.#+-]")
TICKS = re.compile(r"`+")
SIZE = re.compile(r"(\d{1,4})(?:px)?|(\d{1,3}%)")
WEB = ("http:", "https:", "mailto:", "tel:")


def words(text: str) -> str:
    """Return text as Markdown that shows just these words, in one line."""
    return escaped(" ".join(text.split()))


def escaped(text: str) -> str:
    """Return text as Markdown that shows these words, in as many lines."""
    return SPECIAL.sub(lambda one: NAMED.get(one[0], f"\\{one[0]}"), text)


def address(url: str) -> str:
    """Return an address as it may stand within the parentheses of a link or picture."""
    return quote(url.strip(), safe="/:?#@$&+,;=%~.-")


def link(markdown: str, url: str, title: str = "") -> str:
    """Return a link; its words alone where the address is none that a mail may lead to."""
    url = url.strip()
    if not url or (SCHEME.match(url) and not url.lower().startswith(WEB)):
        return markdown
    return f"[{markdown or words(url)}]({address(url)}{_title(title)})"


def picture(src: str, alt: str = "", title: str = "", *, width: str = "", height: str = "") -> str:
    """Return a picture; sizes count where they are pixels or a share of the width."""
    sizes = [
        f'{name}="{size[1] or size[2]}"'
        for name, value in (("width", width), ("height", height))
        if (size := SIZE.fullmatch(value.strip()))
    ]
    attributes = f"{{{' '.join(sizes)}}}" if sizes else ""
    return f"![{words(alt)}]({address(src)}{_title(title)}){attributes}"


def code(text: str, language: str = "") -> str:
    """Return a fenced block of code, its last line without an end."""
    ticks = "`" * max(3, 1 + max((len(run) for run in TICKS.findall(text)), default=0))
    inside = text.strip("\n")
    info = UNFIT_INFO.sub("", language)
    return f"{ticks}{info}\n{inside}\n{ticks}"


def code_span(text: str) -> str:
    """Return code within a sentence."""
    inside = " ".join(text.split())
    ticks = "`" * (1 + max((len(run) for run in TICKS.findall(inside)), default=0))
    blank = " " if "`" in inside[:1] + inside[-1:] else ""
    return f"{ticks}{blank}{inside}{blank}{ticks}" if inside else ""


def _title(title: str) -> str:
    quoted = words(title).replace('"', "&quot;")
    return f' "{quoted}"' if quoted else ""
