"""The meters of fidelity: each compares a post's source with a part of its email and names faults.

A fault is a sentence with the line of the source where there is one; no fault, no loss.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from tests.meters.addresses import anchors_lead, host, links_there, pictures_there
from tests.meters.code import Code
from tests.meters.measured import Measured, template_words
from tests.meters.words import Word, compare, texts

# The share of the source's words that each part holds in the source's order.
KEPT = 0.995
# Words that come with a story whatever it says: its number, "Source", a host's parts.
PER_STORY = 8
MACHINERY = re.compile(
    r"\{\{[^{}\n]*(?:\}\})?|\}\}|\{/\*|\*/\}|\{%|%\}|^[ \t]*:::|\{:[. #]|\{[#.][\w-]+[^}\n]*\}|\$\$|\[\^|^[ \t]*!!! |^[ \t]*\?\?\?"
    r"|</?[A-Z]\w*[ >/]|^import .* from |^export (?:const|default)|<!--|-->|\]\(|\]\[|\[!\w+\]"
    r"|^\s*#{1,6} |[\ue000-\uf8ff]|(?<![\w:]):[a-z][a-z0-9_+-]+:(?![\w:])",
    re.MULTILINE,
)


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
    return [f"{len(missing)} of {total} words are missing or out of place", *lines(missing)]


def lines(found: Iterable[Word]) -> list[str]:
    """Return words as sentences, one for each line of the source."""
    by_line: dict[int, list[str]] = {}
    for word in found:
        by_line.setdefault(word.line, []).append(word.text)
    return [f"line {line}: {' '.join(said)}" for line, said in sorted(by_line.items())]


def extra_words(it: Measured) -> list[str]:
    """Return the part's words that neither the source nor the template has."""
    _, extra = _difference(it)
    known = Counter(one.text for one in it.source.aside)
    known += Counter(word for heading in it.source.headings for word in texts(heading))
    said = template_words(it.kind, it.language) | it.source.head_words
    said |= {part for link in it.source.links for part in texts(host(link.url))}
    left = []
    templates = 0
    for word in extra:
        if known[word]:
            known[word] -= 1
        elif word in said or word.isdigit():
            templates += 1
        elif word not in it.source.spare:
            left.append(word)
    spare = templates - len(said) - PER_STORY * it.stories
    return left + ["(more of the template's words than a template has)"] * max(0, spare)


def no_other_words(it: Measured) -> list[str]:
    """No more other words than a template's worth."""
    left = extra_words(it)
    if len(left) <= max(3, (1 - KEPT) * len(it.source.flow)):
        return []
    return [f"{len(left)} words that the source does not have: {' '.join(left)}"]


def code_kept(it: Measured) -> list[str]:
    """Every block of code, verbatim in the text, token for token in the HTML."""
    html = it.kind == "html"
    faults = []
    for code in it.source.codes:
        if not code.text.strip():
            continue
        kept = _has_tokens(code, it.part.codes) if html else _has_lines(code, it.part.raw)
        if not kept:
            first = next(line for line in code.text.split("\n") if line.strip())
            faults.append(f"line {code.line}: {first.strip()[:60]}")
    return faults


def _has_tokens(code: Code, blocks: Sequence[str]) -> bool:
    return any(block.split() == code.text.split() for block in blocks)


def _has_lines(code: Code, text: str) -> bool:
    """Whether the lines stand there one below the other, all indented alike."""
    wanted = [line.rstrip() for line in code.text.strip("\n").split("\n")]
    lines = [line.rstrip() for line in text.split("\n")]
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
