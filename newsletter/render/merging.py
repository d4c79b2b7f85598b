"""Merge fields: `{name|there}` in an author's words becomes a hole that each reader's mail fills.

While a mail is laid out a stand-in takes the field's place, as wide as its fallback, which no
writer of HTML or text breaks or escapes. Code, maths, addresses and what describes a picture have
no fields, whatever they look like.
"""

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from html import escape
from typing import Any

from markdown_it.token import Token

from newsletter.digest.model import Digest, Story
from newsletter.message import MERGE_FIELDS, Masthead, RenderedEmail
from newsletter.render.wrapping import width
from newsletter.slots import hole

# Whoever reads it knows their own address, so that one needs no fallback.
WITHOUT_FALLBACK = "email"
FIELD = re.compile(
    rf"\{{({'|'.join(MERGE_FIELDS)})\|([^{{}}|\n]*[^{{}}|\s])\}}|\{{({WITHOUT_FALLBACK})\}}"
)
# Of the last plane of Unicode, which is private: a letter that says which field, then as many as
# fill its width. An author's own are taken out first.
_FIRST, _FILL = 0x100000, "\U0010fffd"
_STAND_IN = re.compile(f"([\U00100000-\U0010fffc]){_FILL}*")
_PRIVATE = re.compile("[\U00100000-\U0010fffd]")
_LONGEST = 40
_VERBATIM = ("code", "kbd", "samp", "tt", "pre")
_OPTIONS = ("subject", "preheader")


def switched_on(digest: Digest, masthead: Masthead) -> bool:
    """Return whether a post's `newsletter: merge_fields:`, else its List, wants fields filled."""
    wanted = digest.options.get("merge_fields")
    return wanted if isinstance(wanted, bool) else masthead.merge_fields


class MergeFields:
    """The fields of one email: taken out of the author's words, put into the finished parts."""

    def __init__(self, *, on: bool) -> None:
        self._on = on
        self._numbers: dict[tuple[str, str | None], int] = {}

    def digest(self, digest: Digest) -> Digest:
        """Return the digest with stand-ins for its fields; the one given stays as it is."""
        if not self._on:
            return digest
        return replace(
            digest,
            title=self.words(digest.title),
            subtitle=self.words(digest.subtitle),
            description=self.words(digest.description),
            intro=self.tokens(digest.intro),
            stories=tuple(map(self._story, digest.stories)),
            options=self._options(digest.options),
        )

    def tokens(self, tokens: Iterable[Token]) -> tuple[Token, ...]:
        """Return block tokens, or those of a line, with stand-ins in their words."""
        return tuple(self._copied(tokens)) if self._on else tuple(tokens)

    def words(self, text: str) -> str:
        """Return words that hold no code with stand-ins in them."""
        if not self._on:
            return text
        return FIELD.sub(lambda match: self._stand_in(*match.groups()), _PRIVATE.sub("", text))

    def lines(self, text: str) -> str:
        """Return a text of the author's own with stand-ins in its lines, but for those set in."""
        return "\n".join(
            line if line.startswith(("    ", "\t")) else self.words(line)
            for line in text.split("\n")
        )

    def email(self, email: RenderedEmail) -> RenderedEmail:
        """Return the finished email with holes for the stand-ins."""
        if not self._numbers:
            return email
        subject = self._filled(email.subject, hole)
        return replace(
            email,
            subject=self._filled(email.subject, _shown),
            personal_subject="" if subject == email.subject else subject,
            preheader=self._filled(email.preheader, _shown),
            html=self._filled(email.html, _escaped),
            text=self._filled(email.text, hole),
            links=tuple(
                replace(link, label=self._filled(link.label, _shown)) for link in email.links
            ),
        )

    def _story(self, story: Story) -> Story:
        (title,) = self.tokens((story.title,))
        return replace(story, title=title, blocks=self.tokens(story.blocks))

    def _options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        said = {name: str(options[name]) for name in _OPTIONS if options.get(name)}
        return {**options, **{name: self.words(text) for name, text in said.items()}}

    def _copied(self, tokens: Iterable[Token]) -> Iterator[Token]:
        # How many tags of code, or formulas, are open.
        verbatim = 0
        for token in tokens:
            if token.tag in _VERBATIM or token.attrs.get("class") == "maths" or verbatim:
                verbatim += token.nesting
            has_words = token.type == "text" or (token.children and token.type != "image")
            if verbatim or not has_words:
                yield token
                continue
            token = copy.copy(token)
            if token.children:
                token.children = list(self._copied(token.children))
            else:
                token.content = self.words(token.content)
            yield token

    def _stand_in(self, name: str | None, fallback: str | None, alone: str | None) -> str:
        field = (name or alone or "", fallback)
        number = self._numbers.setdefault(field, len(self._numbers))
        wide = width(fallback) if fallback else _LONGEST // 2
        return chr(_FIRST + number) + _FILL * (min(wide, _LONGEST) - 1)

    def _filled(self, text: str, write: Callable[[str, str | None], str]) -> str:
        fields = list(self._numbers)

        def put(match: re.Match[str]) -> str:
            number = ord(match[1]) - _FIRST
            return write(*fields[number]) if number < len(fields) else match[0]

        return _STAND_IN.sub(put, text)


def _escaped(name: str, fallback: str | None) -> str:
    return hole(name, None if fallback is None else escape(fallback))


def _shown(name: str, fallback: str | None) -> str:
    return fallback or name
