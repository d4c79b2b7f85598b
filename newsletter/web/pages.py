"""The pages' templates, and the two pages that say no."""

from functools import cache
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from newsletter.resources import resource


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(resource("templates", "web")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a filled page."""
    html = _environment().get_template(f"{template}.html").render(values)
    return HTMLResponse(html, status_code=status)


def not_found() -> HTMLResponse:
    """Return the one page for everything that is not there (RULES S-6)."""
    return page("message", status=404, title="Not found", words=["This link leads nowhere."])
