"""The pages' style sheet: the emails' colours, with a list's accent made readable on each ground."""

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache

from fastapi import APIRouter, Request
from fastapi.responses import Response

from newsletter.render.templates import ACCENT, looks
from newsletter.resources import resource
from newsletter.web.pages import not_found

LIGHT = {"problem": "#a3211b", "done": "#1d6b3a"}
DARK = {"problem": "#ff9a92", "done": "#7fd6a0"}
PLACES = ("page", "paper", "rule", "ink", "text", "muted", "link", "accent")

router = APIRouter()


@router.api_route("/style/{accent}.css", methods=["GET", "HEAD"])
def style(request: Request, accent: str) -> Response:
    """Serve the sheet for an accent, six hexadecimal digits or `default`."""
    if accent != "default" and not re.fullmatch("[0-9a-fA-F]{6}", accent):
        return not_found()
    text = _sheet(ACCENT if accent == "default" else f"#{accent.lower()}")
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'
    headers = {"Cache-Control": "public, max-age=3600", "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(text, media_type="text/css", headers=headers)


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
