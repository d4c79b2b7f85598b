"""Code taken out of a post before anything else is read: blocks verbatim, code within lines."""

import re
from dataclasses import dataclass

from tests.meters.markup import BARE
from tests.meters.words import COLOURS

FENCE = re.compile(r"^((?:[ \t]*>)*[ \t]*(?:[-*+][ \t]+|\d+[.)][ \t]+)*)(`{3,}|~{3,})([^`\n]*)$")
TICKS = re.compile(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
# Tags of Hugo's and of Liquid's that say the same as a fence, each alone on its line.
HIGHLIGHT = re.compile(
    r"^[ \t]*(?:\{\{[<%]\s*/?\s*highlight\b.*[>%]\}\}|\{%-?\s*(?:end)?highlight\b.*%\})[ \t]*$",
    re.MULTILINE,
)
RAW = re.compile(r"\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}", re.DOTALL)
# What a fence says to readers: a title, or VitePress's name of a tab.
SAID = re.compile(r"\b(?:title|caption|filename|fig\.cap)\s*=\s*\"([^\"]*)\"|(?<=\s)\[([^\]]+)\]")
CHUNK = re.compile(r"\{[a-zA-Z]")
# Chunks that are run and not shown, and values within a line that are only known then.
SILENT = re.compile(r"\b(?:include|echo)\s*=\s*(?:FALSE|F)\b")
COMPUTED = re.compile(r"(?<!`)`\{?(?:r|python|julia)\}? [^`\n]+`(?!`)")
OPTION = re.compile(r"^(?:#|//|--|%)\|\s*([\w-]+):\s*(.*)$")


@dataclass(frozen=True, slots=True)
class Code:
    """A block of code without its fence and without the indent that the fence has.

    `said` are words about it that a reader sees: its title, or the caption of what it draws.
    """

    text: str
    line: int
    said: str = ""


def without_tags_of_code(body: str) -> str:
    """Return a body in which tags around code are fences, and raw text is safe from other passes."""
    body = RAW.sub(lambda found: re.sub(r"[{}%]", "\u00b7", found[1]), body)
    return HIGHLIGHT.sub("~~~~~~~~", body)


def lift_code(body: str, generator: str) -> tuple[list[Code], str]:
    """Take blocks of code, and make code within lines safe from every other pass.

    The words of code stay where they are: they count like all others. What parts them is put
    as a middle dot, so that nothing in code reads as markup.
    """
    if generator == "quarto":
        body = COMPUTED.sub("", body)
    codes: list[Code] = []
    lines = body.split("\n")
    at = 0
    while at < len(lines):
        opening = FENCE.match(lines[at])
        at += 1
        if not opening:
            continue
        end = next((n for n in range(at, len(lines)) if _closes(lines[n], opening[2])), len(lines))
        if generator == "quarto" and opening[3].strip().startswith("{="):
            _raw(lines, at, end, is_html=opening[3].strip() == "{=html}")
        elif generator == "quarto" and SILENT.search(opening[3]):
            _raw(lines, at, end, is_html=False)
        else:
            codes.append(_code(lines, at, end, opening))
        lines[at - 1] = re.sub(r"\d+[.)]", "", opening[1])
        if end < len(lines):
            lines[end] = ""
        at = end + 1
    return codes, TICKS.sub(lambda one: _safe(one[2]), "\n".join(lines))


def _raw(lines: list[str], start: int, end: int, *, is_html: bool) -> None:
    """Leave raw HTML where it is, for it is no code; what is raw for other formats is not shown."""
    if not is_html:
        lines[start:end] = [""] * (end - start)


def _code(lines: list[str], start: int, end: int, opening: re.Match[str]) -> Code:
    """Return the block between these lines, and make its words safe."""
    said = [one[1] or one[2] for one in SAID.finditer(f" {opening[3]}")]
    inner: list[str] = []
    for at in range(start, end):
        line = COLOURS.sub("", _dedent(lines[at], opening[1]))
        option = OPTION.match(line) if CHUNK.match(opening[3]) else None
        if option:
            said += [option[2].strip("\"' ")] if option[1].endswith("cap") else []
            lines[at] = ""
            continue
        inner.append(line)
        lines[at] = "\u00b7" + _safe(COLOURS.sub("", lines[at]))
    return Code("\n".join(inner), start, " ".join(said))


def _closes(line: str, fence: str) -> bool:
    bare = line.lstrip(" \t>").rstrip()
    return bare.startswith(fence) and not bare.strip(fence[0])


def _dedent(line: str, prefix: str) -> str:
    quoted = prefix.count(">")
    for _ in range(quoted):
        line = re.sub(r"^[ \t]*> ?", "", line)
    width = len(prefix.rsplit(">", 1)[-1]) - (1 if quoted else 0)
    return line[min(max(width, 0), len(line) - len(line.lstrip(" \t"))) :]


def _safe(code: str) -> str:
    return re.sub(r"[^\w\s]|_", "\u00b7", BARE.sub("\u00b7", code))
