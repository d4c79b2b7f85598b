"""What the List owes its readers in every mail: an address, a way out, colours they can read."""

from collections.abc import Iterator, Mapping
from typing import Any

from newsletter.findings import Finding
from newsletter.message import Masthead
from newsletter.preflight.checked import Checked
from newsletter.render import colour
from newsletter.render.design import looks
from newsletter.render.templates import template_set
from newsletter.slots import slot

# Which colours stand on which grounds (templates/email/css).
ON_GROUNDS = {
    "ink": ("paper", "tint"),
    "text": ("paper", "tint"),
    "muted": ("paper", "page"),
    "link": ("paper", "tint"),
}


def check_owed(checked: Checked) -> Iterator[Finding]:
    """Find a List without a postal address (RULES L-2) or a privacy notice."""
    masthead = checked.masthead
    if masthead is None:
        return
    if not masthead.postal_address.strip():
        yield checked.finding(
            "no-postal-address",
            f"The list {masthead.slug} has no postal address.",
            f'newsletter lists edit {masthead.slug} --postal "Street 1, Town, Country"'
            ", or `postal` in newsletter.toml",
        )
    if not masthead.privacy_url:
        yield checked.finding(
            "no-privacy-notice",
            f"The list {masthead.slug} names no privacy notice.",
            f"newsletter lists edit {masthead.slug} --privacy-url https://…"
            ", or `privacy_url` in newsletter.toml",
        )


def check_counting(checked: Checked) -> Iterator[Finding]:
    """Find a List that leaves clicks and opens to a provider which counts none."""
    masthead = checked.masthead
    if masthead is not None and masthead.provider_counts and checked.uncounting:
        yield checked.finding(
            "provider-counts-nothing",
            f"The list {masthead.slug} leaves clicks and opens to its provider, and "
            f"{checked.uncounting} counts none.",
        )


def check_way_out(checked: Checked) -> Iterator[Finding]:
    """Find an email whose HTML or text has no link to leave by."""
    for part, words in (("HTML", checked.email.html), ("text", checked.email.text)):
        if slot("unsubscribe") not in words:
            yield checked.finding("no-unsubscribe", f"The {part} has no link to leave the list by.")


def check_colours(checked: Checked) -> Iterator[Finding]:
    """Find an accent that cannot be read on paper, and design tokens that cannot."""
    if checked.masthead is not None:
        yield from _accent(checked, checked.masthead)
        yield from hard_to_read(
            checked,
            looks(checked.masthead.accent, templates=template_set(checked.templates)).tokens,
        )


def _accent(checked: Checked, masthead: Masthead) -> Iterator[Finding]:
    tokens = looks(masthead.accent).tokens
    accent = colour.six_digits(masthead.accent, otherwise="")
    if not accent:
        yield checked.finding(
            "accent-faint",
            f"The accent {masthead.accent!r} is no colour; {tokens['light']['accent']} is used.",
        )
        return
    # On dark paper every colour that is dark enough for white is drawn lighter: no word of that.
    paper, shade = tokens["light"]["paper"], tokens["light"]["link"]
    if (ratio := colour.contrast(accent, paper)) < colour.READABLE:
        yield checked.finding(
            "accent-faint",
            f"The accent {accent} has a contrast of {ratio:.1f} on paper; links are drawn in {shade}.",
        )


def hard_to_read(checked: Checked, tokens: Mapping[str, Any]) -> Iterator[Finding]:
    """Find pairs of design tokens whose words are hard to read on their ground (WCAG 2.1, 1.4.3)."""
    for mode in ("light", "dark"):
        colours = tokens[mode]
        for name, grounds in ON_GROUNDS.items():
            for ground in grounds:
                ratio = colour.contrast(colours[name], colours[ground])
                if ratio < colour.READABLE:
                    yield checked.finding(
                        "contrast-low",
                        f"In {mode} mails {name} on {ground} has a contrast of {ratio:.1f}.",
                    )
