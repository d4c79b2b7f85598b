"""The pages' templates filled in a language, and the pages that say no."""

from functools import cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from newsletter.issues import provider_counts
from newsletter.render.words import Words
from newsletter.resources import resource
from newsletter.web.languages import words_for
from subscribers.models import List

# FIRST STRONG ISOLATE and its end (UAX #9): a name of another script leaves the line in order.
ISOLATED = "\u2068{}\u2069"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(resource("templates", "web")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def fill(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a template filled with values."""
    html = _environment().get_template(f"{template}.html").render(values)
    return HTMLResponse(html, status_code=status)


def page(template: str, words: Words, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page in the language of its words: `say("goodbye.left", list=…)` in the template."""

    def say(name: str, **named: str) -> str:
        if words.direction == "rtl":
            named = {key: ISOLATED.format(value) for key, value in named.items()}
        return words.say(name, **named)

    spoken = {"say": say, "language": words.language, "direction": words.direction}
    return fill(template, status=status, **spoken, **values)


def message(words: Words, status: int, title: str, *sentences: str, **values: str) -> HTMLResponse:
    """Return a page of a title and sentences, each by its name among the words."""
    told = {"title": title, "sentences": sentences, "values": values}
    return page("message", words, status=status, **told)


def not_found(request: Request) -> HTMLResponse:
    """Return the one page for everything that is not there (RULES S-6); may ask the database."""
    return message(
        words_for(request), 404, "missing.title", "missing.nowhere", "missing.open_again"
    )


def problem_of(typed: str) -> str:
    """Return the name of what is wrong with an address that was refused, by what can be seen of it."""
    typed = typed.strip()
    local, at, _ = typed.rpartition("@")
    if not typed:
        return "problem.empty"
    if not at or "@" in local:
        return "problem.at"
    return "problem.address" if local.isascii() else "problem.letters"


def tracking_question(words: Words, list_: List) -> str:
    """Return what a person is asked before they are counted by name; kept with their answer."""
    question = words.say("form.count", list=list_.name)
    if provider_counts(list_):
        question += " " + words.say("form.counted_elsewhere")
    return question
