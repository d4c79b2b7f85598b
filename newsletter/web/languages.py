"""Which language a page speaks: that of its list, else the best of the house's for who asks.

Nothing of it depends on whether somebody is subscribed (RULES S-1, S-6): a page that anybody can
ask for knows the list in its address, or the lists of the house and the visitor's browser.
"""

import re
import time
from collections.abc import Sequence

from fastapi import Request
from sqlalchemy import select

from newsletter.app import App
from newsletter.render.templates import ENGLISH, template_set
from newsletter.render.words import Words
from subscribers.models import List

LOOKED_AT_EVERY = 60.0
LONGEST_HEADER = 500
# One range of Accept-Language with its weight (RFC 9110, 12.5.4).
_RANGE = re.compile(
    r"\s*([a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*|\*)\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?"
)


class Languages:
    """The languages in which a house speaks of itself: of its only list, or of all public ones.

    They are looked at once a minute, so that a link that leads nowhere costs no question to the
    database, and a page of ours about a defect asks it nothing.
    """

    def __init__(self, house: App) -> None:
        """Take the house; nothing is read yet."""
        self._house = house
        self._known: tuple[str, ...] = ()
        self._until = 0.0

    def look(self) -> None:
        """Read the languages where they are a minute old."""
        if time.monotonic() < self._until:
            return
        with self._house.database.read() as session:
            rows = session.execute(select(List.language, List.public).order_by(List.slug)).all()
        told = [row for row in rows if row.public or len(rows) == 1]
        self._known = tuple(row.language for row in told)
        self._until = time.monotonic() + LOOKED_AT_EVERY

    def best(self, accepted: str) -> str:
        """Return the one that suits an Accept-Language header, of those read last."""
        if len(set(self._known)) == 1:
            return self._known[0]
        return preferred(accepted, self._known)


def preferred(accepted: str, languages: Sequence[str]) -> str:
    """Return the language that a header asks for first, English where it asks for none of them.

    A whole tag goes before its first part: `pt-PT` finds `pt-PT`, then `pt-BR`.
    """
    wanted: list[tuple[float, str]] = []
    for written in accepted[:LONGEST_HEADER].split(","):
        if (found := _RANGE.fullmatch(written)) and (weight := float(found[2] or 1)) > 0:
            wanted.append((weight, found[1].lower()))
    for _, tag in sorted(wanted, key=lambda one: -one[0]):
        whole = [one for one in languages if one.lower() == tag]
        alike = [
            one for one in languages if tag in ("*", _first(one)) or _first(one) == _first(tag)
        ]
        if whole or alike:
            return (whole or alike)[0]
    return ENGLISH


def words_in(house: App, language: str) -> Words:
    """Return what the pages say in a language, a project's own words before ours.

    A language that there are no words for is said in English, and the page says that it is.
    """
    own = template_set(house.settings.templates)
    return own.words(language if own.speaks(language) else ENGLISH)


def words_of(request: Request, list_: List) -> Words:
    """Return what a list's pages say; what goes wrong from here on is said in its language too."""
    request.state.language = list_.language
    return words_in(request.app.state.house, list_.language)


def words_for(request: Request) -> Words:
    """Return what a page says that anybody can ask for and that belongs to no list.

    Asks the database at times.
    """
    languages: Languages = request.app.state.languages
    languages.look()
    return words_in(request.app.state.house, languages.best(_accepted(request)))


def words_at_hand(request: Request) -> Words:
    """Return the words of the list that a request was about, else of the house as last looked at.

    For pages about what went wrong: nothing is asked of the database.
    """
    languages: Languages = request.app.state.languages
    known = getattr(request.state, "language", "") or languages.best(_accepted(request))
    return words_in(request.app.state.house, known)


def _accepted(request: Request) -> str:
    return request.headers.get("accept-language", "")


def _first(tag: str) -> str:
    return tag.lower().partition("-")[0]
