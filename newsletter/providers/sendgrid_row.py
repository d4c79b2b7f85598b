"""A recipient of SendGrid's v3 mail/send: JSON laid out once an email, joined once a recipient.

Limits: RULES §1.1.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

import orjson

from newsletter.compose.headers import address, clean, is_simple, token
from newsletter.errors import Unmailable
from newsletter.message import Envelope, Hole, Mailbox, cut, fill_holes

MAX_SUBSTITUTIONS = 10_000
MAX_ARGUMENTS = 10_000
_SPECIAL = re.compile("[&<>\"']")
# A value of these is the same in JSON and in HTML.
_PLAIN = re.compile(r"[A-Za-z0-9_.@ -]+")


class Row(NamedTuple):
    """One recipient as a personalization; `key` is equal for addresses that count as one."""

    key: str
    json: bytes


@dataclass(slots=True)
class _Places:
    """Where the values of the holes of one name go among the pieces of a row."""

    in_headers: list[int] = field(default_factory=list)
    in_bodies: list[tuple[int, Hole, bool]] = field(default_factory=list)

    def fill(self, pieces: list[bytes], value: str) -> None:
        """Put a value into its places as each wants it; raises Unmailable."""
        if self.in_headers or _PLAIN.fullmatch(value):
            # What may stand in a header is plain anywhere.
            plain = token(value) if self.in_headers else value.encode("ascii")
            for place in self.in_headers:
                pieces[place] = plain
            for place, _, _ in self.in_bodies:
                pieces[place] = plain
        else:
            for place, hole, is_html in self.in_bodies:
                pieces[place] = _inner(_written(hole, value, is_html=is_html))


class Rows:
    """Writes the row of each recipient of one email."""

    def __init__(
        self, tags: Mapping[tuple[Hole, bool], str], headers: Mapping[str, str], subject: str
    ) -> None:
        """Take the tag of each hole (and whether in HTML), the headers, and a subject with holes."""
        self._tags = tags
        self._subject = subject
        # Said and left in turn: the even ones are the same for everybody.
        self._pieces: list[bytes] = [b'{"to":[']
        self._places: dict[str, _Places] = {}
        self._at_person = self._leave()
        self._say(b'],"custom_args":{')
        self._at_arguments = self._leave()
        self._say(b"}")
        self._compile_substitutions()
        self._compile_headers(headers)
        if subject:
            self._say(b',"subject":')
            self._at_subject = self._leave()
        self._say(b"}")
        self._spots = list(self._places.items())

    def row(self, envelope: Envelope, reference: str) -> Row:
        """Encode one recipient (SG-1, SG-2, SG-7).

        Raises Unmailable for what no request may hold, KeyError for a hole without a value.
        """
        pieces = self._pieces.copy()
        email = envelope.address
        if is_simple(email, envelope.name):
            pieces[self._at_person] = f'{{"email":"{email}","name":"{envelope.name}"}}'.encode()
        else:
            told = person(Mailbox(email, envelope.name))
            email, pieces[self._at_person] = told["email"], orjson.dumps(told)
        pieces[self._at_arguments] = _arguments(envelope.token, reference)
        for name, places in self._spots:
            places.fill(pieces, envelope.value(name))
        if self._subject:
            subject = fill_holes(self._subject, envelope.value)
            pieces[self._at_subject] = orjson.dumps(clean(subject))
        json = b"".join(pieces)
        if len(json) > min(MAX_SUBSTITUTIONS, MAX_ARGUMENTS):
            self._require_short(envelope, reference)
        return Row(email.lower(), json)

    def _require_short(self, envelope: Envelope, reference: str) -> None:
        substitutions = [
            (tag, _written(hole, envelope.value(hole.name), is_html=is_html))
            for (hole, is_html), tag in self._tags.items()
        ]
        if sum(len(tag) + len(sound(value).encode()) for tag, value in substitutions) > (
            MAX_SUBSTITUTIONS
        ):
            raise Unmailable("the values of this recipient are longer than 10,000 bytes")
        if len("db" + envelope.token + reference) > MAX_ARGUMENTS:
            raise Unmailable("the token of a delivery is longer than 10,000 bytes")

    def _compile_substitutions(self) -> None:
        before = b',"substitutions":{'
        for (hole, is_html), tag in self._tags.items():
            self._say(before + orjson.dumps(tag) + b':"')
            self._of(hole.name).in_bodies.append((self._leave(), hole, is_html))
            before = b'",'
        self._say(b'"}' if self._tags else b"")

    def _compile_headers(self, headers: Mapping[str, str]) -> None:
        before = b',"headers":{'
        for name, value in headers.items():
            # Substitutions are made in no header (RULES §1.1).
            self._say(before + orjson.dumps(name) + b':"')
            for part in cut(value):
                if isinstance(part, Hole):
                    self._of(part.name).in_headers.append(self._leave())
                else:
                    self._say(_inner(part))
            before = b'",'
        self._say(b'"}' if headers else b"")

    def _of(self, name: str) -> _Places:
        return self._places.setdefault(name, _Places())

    def _say(self, piece: bytes) -> None:
        self._pieces[-1] += piece

    def _leave(self) -> int:
        """Leave the place of a piece open, and return where it is."""
        self._pieces += [b"", b""]
        return len(self._pieces) - 2


def person(box: Mailbox) -> dict[str, str]:
    """Return an address and its name as the API wants them; raises Unmailable."""
    told = {"email": address(box.address)}
    # A name may hold no ";" and no "," (RULES §1.1, names).
    if name := clean(box.name.replace(";", " ").replace(",", " ")):
        told["name"] = name
    return told


def sound(text: str) -> str:
    """Return text that JSON can carry: a lone surrogate becomes `?`."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _arguments(name: str, reference: str) -> bytes:
    both = f'"d":"{name}","b":"{reference}"'
    if _PLAIN.fullmatch(name + reference) and reference:
        return both.encode("ascii")
    told = {"d": name, "b": reference} if reference else {"d": name}
    return orjson.dumps(told)[1:-1]


def _inner(text: str) -> bytes:
    """Return what stands between the quotes of a text in JSON."""
    return orjson.dumps(sound(text))[1:-1]


def _written(hole: Hole, value: str, *, is_html: bool) -> str:
    if not value:
        return hole.fallback
    return escape(value) if is_html and _SPECIAL.search(value) else value
