"""The templates, the design tokens and the style sheets, each read once in a process."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.exceptions import TemplateError

from newsletter.errors import RenderError
from newsletter.message import slot
from newsletter.render import colour
from newsletter.resources import resource

ACCENT = "#1f4fd8"


@dataclass(frozen=True, slots=True)
class Looks:
    """The design for one accent: `tokens` for the templates, `content` the CSS to be inlined,
    `styles` the style elements that stay in the head.
    """

    tokens: Mapping[str, Any]
    content: str
    styles: str


def fill(template: str, **values: Any) -> str:
    """Return a template filled with values; raises RenderError naming template and line."""
    try:
        return environment().get_template(template).render(values).strip()
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise RenderError(f"{template}{f':{line}' if line else ''}: {error}") from error


@cache
def environment() -> Environment:
    """Return the one Jinja environment: escaping on in HTML and MJML, an unknown name an error."""
    made = Environment(
        loader=FileSystemLoader(resource("templates", "email")),
        autoescape=select_autoescape(disabled_extensions=("css", "txt"), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["slot"] = slot
    return made


def reread() -> None:
    """Forget every template and design, so that a file saved since is read again."""
    environment.cache_clear()
    looks.cache_clear()


@lru_cache(maxsize=32)
def looks(accent: str, direction: str = "ltr") -> Looks:
    """Return the design for a List's accent; `direction` is that of the script, ltr or rtl.

    An accent that cannot be read as text is shaded until it can.
    """
    tokens = _tokens(colour.six_digits(accent, otherwise=ACCENT))
    sides = ("left", "right") if direction == "ltr" else ("right", "left")
    tokens |= {"direction": direction, "start": sides[0], "end": sides[1]}
    sheets = (fill(f"css/{name}.css", **tokens) for name in ("phone", "dark", "outlook"))
    # Gmail drops a whole block for one selector it dislikes: each sheet has a block of its own.
    styles = "".join(f"<style>\n{sheet}\n</style>\n" for sheet in sheets)
    metas = (
        '<meta name="color-scheme" content="light dark">'
        '<meta name="supported-color-schemes" content="light dark">\n'
    )
    return Looks(tokens, fill("css/content.css", **tokens), metas + styles)


def _tokens(accent: str) -> dict[str, Any]:
    with resource("templates", "email", "tokens.toml").open("rb") as file:
        tokens = tomllib.load(file)
    light, dark = tokens["light"], tokens["dark"]
    light["accent"] = accent
    light["on_accent"] = colour.on(accent)
    light["link"] = colour.readable(accent, light["paper"], light["tint"], light["page"])
    dark["link"] = dark["accent"] = colour.readable(accent, dark["paper"], dark["tint"])
    dark["button"] = accent
    dark["on_button"] = light["on_accent"]
    return tokens
