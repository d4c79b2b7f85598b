"""Buttons, badges, keys and other words within a sentence."""

from newsletter.digest.dialects.shortcodes.call import Call, Inner, Show, Shown, instead
from newsletter.digest.dialects.written import code_span, link, words


def button(call: Call) -> Shown | None:
    """Show a link that a site draws as a button."""
    url = call.get("href", "link", "url", "relref", "ref", "to", "src")
    rest = list(call.positional)
    if not url and rest:
        url = rest.pop(0)
    said = call.text or call.get("text", "label", "title", "content", "name") or " ".join(rest)
    if not said and not url:
        return None
    return instead(link(words(said or url), url), is_block=False)


def label(call: Call) -> Shown | None:
    """Show a badge or a label in bold letters."""
    said = call.text or call.get("text", "label", "title", "content", "name", "value", at=0)
    return instead(f"**{words(said)}**") if said else None


def key(call: Call) -> Shown | None:
    """Show the keys to press."""
    said = call.text or call.get("text", "key", "keys") or " + ".join(call.positional)
    return instead(code_span(said)) if said else None


def around(before: str, after: str) -> Show:
    """Return what puts marks around the words of a tag, as a pair or as its argument."""

    def show(call: Call) -> Shown | None:
        if call.inner is not None:
            return Shown(before, after)
        said = call.get("text", "content", "title", at=0)
        return instead(f"{before}{words(said)}{after}") if said else None

    return show


def always(markdown: str) -> Show:
    """Return what stands for a tag whatever its arguments are."""
    return lambda _call: Shown(markdown)


def nothing(_call: Call) -> Shown:
    """Show nothing of what only decorates: an icon, an anchor."""
    return Shown(inner=Inner.DROPPED)


def site_only(_call: Call) -> Shown:
    """Leave out what does nothing in a mail, and say so."""
    return Shown(inner=Inner.DROPPED, left_out=True)


def inner(call: Call) -> Shown | None:
    """Show the words between two tags, which only style them."""
    return None if call.inner is None else Shown(is_block=call.is_alone)


def scanned(call: Call) -> Shown | None:
    """Show what a QR code says: a reader of a mail follows a link."""
    said = call.text or call.get("text", "url", "value", at=0)
    if not said:
        return None
    return instead(link(words(said), said) if "://" in said else words(said))
