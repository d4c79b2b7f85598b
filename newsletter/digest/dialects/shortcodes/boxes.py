"""Admonitions, folds, tabs, quotes and what only groups its blocks."""

import re
from textwrap import dedent

from newsletter.digest.containers import KINDS, closing, opening
from newsletter.digest.containers import admonition as named
from newsletter.digest.dialects.shortcodes.call import Call, Shown, instead
from newsletter.digest.dialects.written import code, link, words

# How themes say a kind by a colour or by a picture.
BY_LOOKS = {
    **dict.fromkeys(("primary", "secondary", "light", "dark", "blue", "circle-info"), "info"),
    **dict.fromkeys(("green", "lightbulb", "check-circle", "circle-check"), "tip"),
    **dict.fromkeys(
        ("yellow", "orange", "triangle-exclamation", "exclamation-triangle"), "warning"
    ),
    **dict.fromkeys(("red", "fire", "skull-crossbones", "circle-exclamation"), "danger"),
}
PLAIN_WORD = re.compile(r"[\w-]{1,30}")


def admonition(call: Call) -> Shown | None:
    """Show a note, a warning and the like; the kind is the tag's own name or an argument's."""
    kind, rest = _kind(call)
    title = call.get("title", "header", "heading", "summary", "name")
    if not title and len(rest) > (1 if call.inner is None else 0):
        title = rest.pop(0)
    said = call.get("text", "content", "description", "body") or " ".join(rest)
    if call.inner is None:
        return _box(call, kind, title, said) if said or title else None
    if not call.is_alone:
        return Shown(f"**{words(title) or named(kind)[1]}:** ")
    return Shown(opening(kind, words(title)), closing(), is_block=True)


def _kind(call: Call) -> tuple[str, list[str]]:
    """Return the kind of an admonition, and the arguments that do not tell it."""
    rest = list(call.positional)
    named = call.get(
        "type", "kind", "level", "context", "color", "colour", "class", "theme", "icon"
    )
    told = [call.name, named.rpartition("-")[2], named]
    if rest and (call.name not in KINDS or _known(rest[0])) and PLAIN_WORD.fullmatch(rest[0]):
        told.append(rest.pop(0))
    kinds = [kind for one in reversed(told) if (kind := _known(one))]
    return (kinds or ["note"])[0], rest


def _known(word: str) -> str:
    word = word.lower()
    # `alert` is the tag's name in most themes, and danger in one.
    return BY_LOOKS.get(word, word if word in KINDS and word != "alert" else "")


def _box(call: Call, kind: str, title: str, said: str) -> Shown:
    if not said:
        title, said = "", title
    if not call.is_alone:
        return instead(f"**{words(title) or named(kind)[1]}:** {said}")
    return instead(f"{opening(kind, words(title))}\n{said}\n{closing()}", is_block=True)


def fold(call: Call) -> Shown | None:
    """Show what the site folds away: a mail shows it open, under its summary."""
    if call.inner is None:
        return None
    title = call.get("summary", "title", "header", "label", "name", at=0)
    if not call.is_alone:
        return Shown(f"**{title}** " if title else "")
    return Shown(opening("details", title), closing(), is_block=True)


def tab(call: Call) -> Shown | None:
    """Show a tab under its name, one below the other."""
    if call.inner is None:
        return None
    title = call.get("header", "name", "title", "label", "tabname", "tab-name", at=0)
    bold = f"**{words(title)}**\n\n" if title else ""
    language = call.get("lang", "language")
    if language and "```" not in call.inner and call.get("text") != "true":
        return instead(bold + code(dedent(call.inner).rstrip(), language), is_block=True)
    return Shown(bold, is_block=True)


def group(call: Call) -> Shown | None:
    """Show the blocks that a tag only arranges: columns, cards, steps."""
    if call.inner is None:
        # The tag that parts two columns stands alone.
        return Shown(is_block=call.is_alone) if not call.positional and not call.named else None
    title = call.get("title", "header", "heading")
    return Shown(f"**{words(title)}**\n\n" if title else "", is_block=call.is_alone)


def card(call: Call) -> Shown | None:
    """Show a card: its title, which may be a link, and what stands in it."""
    title = call.get("title", "header", "heading", "name")
    url = call.get("link", "url", "href")
    more = [call.get(name) for name in ("subtitle", "description", "text", "content", "footer")]
    said = " ".join(words(one) for one in more if one)
    if not title and not said and call.inner is None:
        return None
    head = f"**{link(words(title), url)}**" if title else link("", url) if url else ""
    if call.inner is None:
        return instead("\n\n".join(filter(None, (head, said))), is_block=call.is_alone)
    return Shown(f"{head}\n\n" if head else "", said, is_block=call.is_alone)


def quotation(call: Call) -> Shown | None:
    """Show a quote and below it whose it is."""
    if call.inner is None:
        return None
    author = call.get("author", "attribution", "cite", "by")
    source = call.get("source", "title", "footer", "caption")
    url = call.get("link", "url", "href", "cite-url")
    whose = ", ".join(words(one) for one in (author, source) if one)
    by = f"— {link(whose, url)}" if whose or url else ""
    if not call.is_alone:
        return Shown("“", f"” {by}".rstrip())
    return Shown("", f"\n{by}" if by else "", is_block=True, prefix="> ")
