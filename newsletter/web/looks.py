"""The pages' style sheet: the emails' colours, with a list's accent made readable on each ground."""

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache

from fastapi import APIRouter, Request
from fastapi.responses import Response

from newsletter.render.design import ACCENT, looks
from newsletter.resources import resource
from newsletter.web.pages import not_found

LIGHT = {"problem": "#a3211b", "done": "#1d6b3a"}
DARK = {"problem": "#ff9a92", "done": "#7fd6a0"}
PLACES = ("page", "paper", "rule", "ink", "text", "muted", "link", "accent")

router = APIRouter()


# A broadsheet, folded once: what a browser shows on the tab.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="6" fill="{ground}"/>'
    '<path d="M8 9h16M8 15h16M8 20h7M8 24h7M18 20h6M18 24h6" stroke="{line}" stroke-width="2.5"/>'
    "</svg>"
)


@router.api_route("/style/{accent}.css", methods=["GET", "HEAD"])
def style(request: Request, accent: str) -> Response:
    """Serve the sheet for an accent, six hexadecimal digits or `default`."""
    colour = _colour(accent)
    return _kept(request, _sheet(colour), "text/css") if colour else not_found(request)


@router.api_route("/style/{accent}.svg", methods=["GET", "HEAD"])
def icon(request: Request, accent: str) -> Response:
    """Serve the icon in an accent."""
    colour = _colour(accent)
    if not colour:
        return not_found(request)
    light = looks(colour).tokens["light"]
    drawn = ICON.format(ground=light["accent"], line=light["on_accent"])
    return _kept(request, drawn, "image/svg+xml")


def _colour(accent: str) -> str:
    if accent == "default":
        return ACCENT
    return f"#{accent.lower()}" if re.fullmatch("[0-9a-fA-F]{6}", accent) else ""


def _kept(request: Request, text: str, media_type: str) -> Response:
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'
    headers = {"Cache-Control": "public, max-age=3600", "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(text, media_type=media_type, headers=headers)


@lru_cache(maxsize=32)
def _sheet(accent: str) -> str:
    tokens = looks(accent).tokens
    light, dark = tokens["light"], tokens["dark"]
    by_day = _colours(light, LIGHT, button=light["accent"], on_button=light["on_accent"])
    by_night = _colours(dark, DARK, button=dark["button"], on_button=dark["on_button"])
    static = resource("templates", "web", "style.css").read_text(encoding="utf-8")
    return (
        f":root {{ {by_day} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {by_night} }} }}\n"
        f"{static}"
    )


def _colours(tokens: Mapping[str, str], signals: Mapping[str, str], **button: str) -> str:
    colours = {name: tokens[name] for name in PLACES} | dict(signals)
    # A button as pale, or as dark, as the ground it stands on is still seen by its edge.
    colours |= {"edge": tokens["link"]} | {name.replace("_", "-"): button[name] for name in button}
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())
