"""MJML → HTML: the only place that calls mjml-python."""

import re

import mjml

from newsletter.errors import RenderError

_POSITION = re.compile(r"\bat position (\d+):\d+")


def compile_mjml(source: str, *, template: str) -> str:
    """Return the HTML of an MJML document, with `<!DOCTYPE html>` and no web fonts.

    Raises RenderError naming the template with line and column (from 1) of the compiled source.
    """
    try:
        # Without fonts={} Google's stylesheets would be linked, and premailer would fetch them.
        html = mjml.mjml2html(source, fonts={})
    except ValueError as error:
        raise RenderError(f"{template}{_place(source, str(error))}: {error}") from error
    # premailer drops a doctype in lower case, and the page falls into quirks mode.
    return "<!DOCTYPE html>" + html.removeprefix("<!doctype html>")


def _place(source: str, message: str) -> str:
    """Return `:line:column` for mrml's byte offset, or nothing where it tells none."""
    found = _POSITION.search(message)
    if not found:
        return ""
    before = source.encode()[: int(found[1])].decode(errors="ignore")
    line = before.count("\n") + 1
    return f":{line}:{len(before) - (before.rfind(chr(10)) + 1) + 1}"
