"""The design of an email: the tokens made ready for a List's accent, and the style sheets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from newsletter.errors import RenderError
from newsletter.render import colour
from newsletter.render.templates import TemplateSet, template_set

ACCENT = "#1f4fd8"
TOKENS = "tokens.toml"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# What has to be a colour, and what a number; the rest are words for style sheets.
_COLOURED = ("light", "dark")
_MEASURED = ("measure", "type", "shape", "logo")


@dataclass(frozen=True, slots=True)
class Looks:
    """The design for one accent: `tokens` for the templates, `content` the CSS to be inlined,
    `styles` the style elements that stay in the head.
    """

    tokens: Mapping[str, Any]
    content: str
    styles: str


def looks(
    accent: str, direction: str = "ltr", templates: TemplateSet | None = None, *, bare: bool = False
) -> Looks:
    """Return the design for a List's accent; `direction` is that of the script, ltr or rtl.

    An accent that cannot be read as text is shaded until it can. `bare`: the page is as light or
    dark as the paper, so that no card is seen. Raises RenderError for a token
    of a project's own that makes no sense.
    """
    accent = colour.six_digits(accent, otherwise=ACCENT)
    return _looks(accent, direction, templates or template_set(), bare)


@lru_cache(maxsize=32)
def _looks(accent: str, direction: str, templates: TemplateSet, bare: bool) -> Looks:
    tokens = _tokens(accent, templates)
    if bare:
        for scheme in ("light", "dark"):
            tokens[scheme]["page"] = tokens[scheme]["paper"]
    sides = ("left", "right") if direction == "ltr" else ("right", "left")
    tokens |= {"direction": direction, "start": sides[0], "end": sides[1]}
    sheets = (templates.fill(f"css/{name}.css", **tokens) for name in ("phone", "dark", "outlook"))
    # Gmail drops a whole block for one selector it dislikes: each sheet has a block of its own.
    styles = "".join(f"<style>\n{sheet}\n</style>\n" for sheet in sheets)
    metas = (
        '<meta name="color-scheme" content="light dark">'
        '<meta name="supported-color-schemes" content="light dark">\n'
    )
    return Looks(tokens, templates.fill("css/content.css", **tokens), metas + styles)


def _tokens(accent: str, templates: TemplateSet) -> dict[str, Any]:
    tokens = templates.table(TOKENS)
    known = template_set().table(TOKENS)
    _check(tokens, known, "")
    light, dark = tokens["light"], tokens["dark"]
    light["accent"] = accent
    light["on_accent"] = colour.on(accent)
    light["link"] = colour.readable(accent, light["paper"], light["tint"], light["page"])
    dark["link"] = dark["accent"] = colour.readable(accent, dark["paper"], dark["tint"])
    dark["button"] = accent
    dark["on_button"] = light["on_accent"]
    return tokens


def _check(tokens: Mapping[str, Any], known: Mapping[str, Any], place: str) -> None:
    """Refuse what is no token of ours, and a value that is none of its kind."""
    for name, value in tokens.items():
        at = f"{place}.{name}".lstrip(".")
        kind = at.split(".")[0]
        if name not in known:
            raise _wrong(at, "is no token", f"{place or 'there'} has {', '.join(known)}")
        if isinstance(known[name], Mapping):
            if not isinstance(value, Mapping):
                raise _wrong(at, "is a table", f"write [{at}]")
            _check(value, known[name], at)
        elif kind in _COLOURED and not _COLOUR.fullmatch(str(value)):
            raise _wrong(at, f"{value!r} is no colour", "write #rrggbb; Outlook reads no others")
        elif kind in _MEASURED and type(value) is not type(known[name]):
            raise _wrong(at, f"{value!r} is none of its kind", f"such as {known[name]!r}")


def _wrong(token: str, why: str, mend: str) -> RenderError:
    return RenderError(f"{TOKENS}: {token}: {why}", mend)
