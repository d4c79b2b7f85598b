"""The pages' templates, and the pages that say no."""

from functools import cache
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from newsletter.resources import resource
from subscribers.models import List


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


def message(status: int, title: str, *sentences: str) -> HTMLResponse:
    """Return a page of some sentences; each gets its capital and its full stop."""
    words = [f"{one[0].upper()}{one[1:].rstrip('.')}." for one in sentences if one]
    return page("message", status=status, title=title, words=words)


def tracking_question(list_: List) -> str:
    """Return what a person is asked before they are counted by name; kept with their answer."""
    return (
        f"Count which issues of {list_.name} I open and which links I follow, "
        "so that it learns what its readers like."
    )


def not_found() -> HTMLResponse:
    """Return the one page for everything that is not there (RULES S-6)."""
    return message(
        404,
        "Not found",
        "this link leads nowhere",
        "if it came in a mail, open it from there again: a part of it may be missing",
    )
