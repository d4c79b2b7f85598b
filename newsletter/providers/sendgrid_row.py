"""A recipient of SendGrid's v3 mail/send: JSON laid out once an email, joined once a request.

Limits: RULES §1.1.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import repeat

import orjson

from newsletter.compose.headers import (
    LONGEST_TOKEN,
    SIMPLE_ADDRESS,
    TOKEN,
    address,
    are_tokens,
    clean,
    is_token,
    token,
)
from newsletter.envelopes import Envelopes
from newsletter.errors import Unmailable
from newsletter.message import Envelope, Mailbox
from newsletter.slots import Hole, cut, fill_holes

MAX_SUBSTITUTIONS = 10_000
MAX_ARGUMENTS = 10_000
_SPECIAL = re.compile("[&<>\"']")
# Letters of any alphabet; those of ASCII stand before it as they are found sooner.
_LETTERS = r"A-Za-z0-9_\w"
# What is the same in JSON and in HTML.
_PLAIN = re.compile(f"[{_LETTERS}.@ -]{{1,{LONGEST_TOKEN}}}+")
_TOKEN = re.compile(TOKEN)
# A person as JSON: an address, and such words as a name if there is one. No apostrophe is in it,
# so that the same name may stand in HTML.
_WORD = f"[{_LETTERS}-]++"
_PLAIN_PERSON = re.compile(
    rf"(?=.{{1,{LONGEST_TOKEN}}}$)"
    rf'\{{"email":"{SIMPLE_ADDRESS}"(?:,"name":"{_WORD}(?>(?: {_WORD})*)")?\}}'
)


# One recipient as a personalization: a key that is equal for addresses that count as one, the most
# bytes that it may have, and what goes between the pieces that all rows share. No class of its own,
# which would take as long as a tenth of all that is done for a row.
Row = tuple[str, int, Sequence[str]]
Column = Sequence[str]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a hole's value goes: a header, the text or the HTML."""

    hole: Hole
    in_header: bool = False
    is_html: bool = False

    def written(self, value: str) -> str:
        """Return a value as it stands here; raises Unmailable."""
        if self.in_header:
            return token(value).decode("ascii")
        return _inner(_written(self.hole, value, is_html=self.is_html))


class Rows:
    """Writes the rows of the recipients of one email."""

    def __init__(
        self, tags: Mapping[tuple[Hole, bool], str], headers: Mapping[str, str], subject: str
    ) -> None:
        """Take the tag of each hole (and whether in HTML), the headers, and a subject with holes."""
        self._tags = tags
        self._subject = subject
        # Said and left in turn: the even ones are the same for everybody.
        self._pieces: list[str] = [',{"to":[']
        self._places: list[_Place] = []
        self._leave()
        self._say('],"custom_args":{')
        self._leave()
        self._say("}")
        self._compile_substitutions()
        self._compile_headers(headers)
        if subject:
            self._say(',"subject":')
            self._leave()
        self._say("}")
        self._shared = len("".join(self._pieces).encode())
        self._names = list(dict.fromkeys(place.hole.name for place in self._places))
        self._in_headers = {place.hole.name for place in self._places if place.in_header}
        # The most bytes that a row of plain values has: so many letters of four bytes at most, and
        # of six in a subject, where they may be escaped.
        self._most = self._shared + 4 * LONGEST_TOKEN * (len(self._places) + 3)
        self._most += 6 * sum(
            [LONGEST_TOKEN if isinstance(part, Hole) else len(part) for part in cut(subject)]
        )
        self._are_short = self._most <= min(MAX_SUBSTITUTIONS, MAX_ARGUMENTS)

    def rows(self, envelopes: Sequence[Envelope], reference: str) -> list[Row | Unmailable]:
        """Return each recipient's row, or why no request may hold it (SG-1, SG-2, SG-7).

        Raises KeyError for a hole without a value.
        """
        mails = Envelopes.of(envelopes)
        people = [
            f'{{"email":"{email}","name":"{name}"}}' if name else f'{{"email":"{email}"}}'
            for email, name in zip(mails.addresses, mails.names, strict=True)
        ]
        arguments = [f'"d":"{token}","b":"{reference}"' for token in mails.tokens]
        # A name that is plain is the same in its hole; any other is written with care.
        known = {"name": mails.names, **mails.values}
        given = {hole: known.get(hole) or mails.filling(hole) for hole in self._names}
        columns = [people, arguments, *[given[place.hole.name] for place in self._places]]
        if self._subject:
            columns.append([self._subject_of(one) for one in mails])
        rows: list[Row | Unmailable] = list(
            zip(map(str.lower, mails.addresses), repeat(self._most), zip(*columns, strict=True))
        )
        may_be_plain = self._are_short and are_tokens([*mails.tokens, reference])
        for at in self._careful(people, mails.names, given) if may_be_plain else range(len(rows)):
            try:
                rows[at] = self._encoded(mails[at], reference)
            except Unmailable as error:
                rows[at] = error
        return rows

    def _careful(self, people: Column, names: Column, given: Mapping[str, Column]) -> set[int]:
        """Return the places of those of whom not all may stand as it is."""
        careful = _others(_PLAIN_PERSON, people)
        for hole, column in given.items():
            is_in_header = hole in self._in_headers
            # Names were looked at with the people, but for whether there is one.
            is_known = column is names and all(names) and not is_in_header
            if not (is_known or are_tokens(column)):
                careful |= _others(_TOKEN if is_in_header else _PLAIN, column)
        return careful

    def _encoded(self, envelope: Envelope, reference: str) -> Row:
        """Encode a recipient as carefully as they need; raises Unmailable."""
        told = person(Mailbox(envelope.address, envelope.name))
        given = {name: envelope.value(name) for name in self._names}
        tokens = {name for name, value in given.items() if is_token(value)}
        values = [orjson.dumps(told).decode(), _arguments(envelope.token, reference)]
        for place in self._places:
            name = place.hole.name
            # A token is the same wherever it stands.
            values.append(given[name] if name in tokens else place.written(given[name]))
        if self._subject:
            values.append(self._subject_of(envelope))
        size = self._shared + len("".join(values).encode())
        if size > min(MAX_SUBSTITUTIONS, MAX_ARGUMENTS):
            self._require_short(envelope, reference)
        return told["email"].lower(), size, values

    def _subject_of(self, envelope: Envelope) -> str:
        return orjson.dumps(clean(fill_holes(self._subject, envelope.value))).decode()

    def joined(self, rows: Sequence[Row]) -> bytes:
        """Return the JSON of at least one row, with commas between them."""
        step = len(self._pieces)
        pieces = self._pieces * len(rows)
        pieces[0] = pieces[0].removeprefix(",")
        columns = zip(*[values for _, _, values in rows], strict=True)
        for place, column in zip(range(1, step, 2), columns, strict=True):
            pieces[place::step] = column
        return "".join(pieces).encode()

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
        before = ',"substitutions":{'
        for (hole, is_html), tag in self._tags.items():
            self._say(before + orjson.dumps(tag).decode() + ':"')
            self._leave(_Place(hole, is_html=is_html))
            before = '",'
        self._say('"}' if self._tags else "")

    def _compile_headers(self, headers: Mapping[str, str]) -> None:
        before = ',"headers":{'
        for name, value in headers.items():
            # Substitutions are made in no header (RULES §1.1).
            self._say(before + orjson.dumps(name).decode() + ':"')
            for part in cut(value):
                if isinstance(part, Hole):
                    self._leave(_Place(part, in_header=True))
                else:
                    self._say(_inner(part))
            before = '",'
        self._say('"}' if headers else "")

    def _say(self, piece: str) -> None:
        self._pieces[-1] += piece

    def _leave(self, place: _Place | None = None) -> None:
        """Leave the place of a piece open, for the value of a hole if one is named."""
        self._pieces += ["", ""]
        if place is not None:
            self._places.append(place)


def _others(plain: re.Pattern[str], column: Column) -> set[int]:
    return {at for at, one in enumerate(column) if not plain.fullmatch(one)}


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


def _arguments(name: str, reference: str) -> str:
    batch = f',"b":"{_inner(reference)}"' if reference else ""
    return f'"d":"{_inner(name)}"{batch}'


def _inner(text: str) -> str:
    """Return what stands between the quotes of a text in JSON."""
    return text if is_token(text) else orjson.dumps(sound(text))[1:-1].decode()


def _written(hole: Hole, value: str, *, is_html: bool) -> str:
    if not value:
        return hole.fallback
    return escape(value) if is_html and _SPECIAL.search(value) else value
