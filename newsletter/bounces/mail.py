"""A mail as it came, as plain data: its headers and its parts, whoever wrote it."""

import re
from binascii import a2b_base64
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from html import unescape
from itertools import islice
from typing import TypeAlias

# Names in small letters, each with its values in their order.
Headers: TypeAlias = Mapping[str, tuple[str, ...]]

# The standard library promises that its parser raises nothing; on hostile mails it does all the
# same (numbers of 5,000 digits in a boundary, charsets that are none, nests of 1,000 parts).
DEFECTS = (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError)
# So much of a mail is read: what failed stands before the copy of it.
LARGEST = 1_000_000
MOST_PARTS = 60
MOST_BLOCKS = 60
LONGEST_TEXT = 100_000
LONGEST_SUBJECT = 1_000
_TAGS = re.compile(r"<(style|script)\b.*?</\1\s*>|<[^<>]*>", re.IGNORECASE | re.DOTALL)
_BLANK = re.compile(r"\r?\n[ \t]*\r?\n")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a mail: `blocks` are the groups of fields of a report, `text` what it says."""

    kind: str
    headers: Headers
    blocks: tuple[Headers, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail; its first part is the whole of it."""

    parts: tuple[Part, ...]
    report: str = ""

    @property
    def headers(self) -> Headers:
        """The fields of the mail itself."""
        return self.parts[0].headers

    @property
    def subject(self) -> str:
        """What the mail is about, as people read it (RFC 2047)."""
        written = self.first("subject")[:LONGEST_SUBJECT]
        if "=?" not in written:
            return written
        try:
            return " ".join(str(make_header(decode_header(written))).split())
        except (*DEFECTS, MessageError):
            return written

    def first(self, name: str) -> str:
        """Return a field's first value, empty without one."""
        return next(iter(self.headers.get(name, ())), "")

    def of_kind(self, *kinds: str) -> tuple[Part, ...]:
        """Return the parts of these media types, in their order."""
        return tuple(part for part in self.parts if part.kind in kinds)


def opened(raw: bytes) -> Mail | None:
    """Read a mail; None for one that nobody can read."""
    try:
        message = message_from_bytes(raw)
        parts = tuple(_part(part) for part in islice(message.walk(), MOST_PARTS))
        report = message.get_param("report-type")
    except DEFECTS:
        return None
    named = report if isinstance(report, str) and message.get_content_maintype() else ""
    return Mail(parts, named.strip().lower())


def _part(part: Message) -> Part:
    kind = part.get_content_type()
    payload = part.get_payload()
    if kind.startswith("message/") and isinstance(payload, list):
        inside = [one for one in payload if isinstance(one, Message)]
        return Part(kind, _headers(part), _wrapped(part, inside) or _blocks(inside))
    if isinstance(payload, list):
        return Part(kind, _headers(part))
    text = _text(part)
    if kind == "text/html":
        text = unescape(_TAGS.sub(" ", text))
    fields = kind.startswith("message/") or kind.endswith("/rfc822-headers")
    return Part(kind, _headers(part), _split(text) if fields else (), text)


def _blocks(payload: list[Message]) -> tuple[Headers, ...]:
    """Return the groups of fields of a report, also where the parser took the later for a body."""
    found: list[Headers] = []
    for message in payload[:MOST_BLOCKS]:
        found.append(_headers(message))
        body = message.get_payload()
        if isinstance(body, str) and body.strip():
            found += _split(body)
    return tuple(one for one in found if one)


def _wrapped(part: Message, inside: list[Message]) -> tuple[Headers, ...]:
    """Return the groups of fields of a report that is written in base64, which no RFC allows."""
    if str(part.get("content-transfer-encoding", "")).strip().lower() != "base64":
        return ()
    written = "".join(str(one.get_payload()) for one in inside if not one.is_multipart())
    try:
        # Four letters are three bytes: what is cut is cut between them.
        data = a2b_base64("".join(written.split())[: LONGEST_TEXT // 3 * 4])
    except ValueError:
        return ()
    return _split(data.decode("utf-8", "replace"))


def _split(text: str) -> tuple[Headers, ...]:
    parser = HeaderParser()
    chunks = _BLANK.split(text[:LONGEST_TEXT].strip())[:MOST_BLOCKS]
    return tuple(one for one in (_headers(parser.parsestr(chunk)) for chunk in chunks) if one)


def _headers(message: Message) -> Headers:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in message.items():
        found[name.lower()] = (*found.get(name.lower(), ()), " ".join(str(value).split()))
    return found


def _text(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    data = data[:LONGEST_TEXT]
    try:
        return data.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return data.decode("utf-8", "replace")
