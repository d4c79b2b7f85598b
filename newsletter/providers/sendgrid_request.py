"""The JSON of SendGrid's v3 mail/send: the part everybody shares encoded once, a row a recipient.

Built by us and not by the helpers, which change addresses and reverse the order (RULES PY-10).
Limits: RULES §1.1; the official limit of a request is 30 MB.
"""

import re
import secrets
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import orjson

from newsletter.compose.headers import address, clean, token, unfolded
from newsletter.errors import Unmailable
from newsletter.flowed import fixed
from newsletter.message import Asset, Envelope, Hole, Mailbox, RenderedEmail, cut, fill_holes

MAX_ROWS = 1000
MAX_BYTES = 20_000_000
MAX_SUBSTITUTIONS = 10_000
MAX_ARGUMENTS = 10_000
# Refused by the API, or written by it and by us (RULES §1.1, reserved headers).
RESERVED = frozenset(
    [
        "bcc",
        "cc",
        "content-transfer-encoding",
        "content-type",
        "date",
        "dkim-signature",
        "from",
        "message-id",
        "mime-version",
        "received",
        "reply-to",
        "return-path",
        "sender",
        "subject",
        "to",
        "x-sg-eid",
        "x-sg-id",
    ]
)
_SPECIAL = re.compile("[&<>\"']")
# Each one explicitly: the account's defaults rewrite links and add a List-Unsubscribe (SG-5).
TRACKING = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
    "ganalytics": {"enable": False},
}


@dataclass(frozen=True, slots=True)
class Row:
    """One recipient as a personalization; `key` is equal for addresses that count as one."""

    key: str
    json: bytes


class Request:
    """One email as mail/send wants it."""

    def __init__(self, email: RenderedEmail) -> None:
        """Encode what everybody shares. Raises Unmailable for a sender or header."""
        # Nobody who fills in a form can know the tags of this send (SG-4).
        self._nonce = secrets.token_hex(8)
        self._email = email
        self._tags: dict[tuple[Hole, bool], str] = {}
        self._headers = {
            name: unfolded(name, value) for name, value in map(_allowed, email.headers)
        }
        # No content type may have a parameter there, so the text goes as it looks (decision 0010).
        text = fixed(email.text)
        shared = {
            "from": _person(email.sender),
            "subject": clean(email.subject),
            "content": [
                {"type": "text/plain", "value": self._tagged(text, is_html=False)},
                {"type": "text/html", "value": self._tagged(email.html, is_html=True)},
            ],
            "tracking_settings": TRACKING,
        }
        if email.embedded:
            shared["attachments"] = [_attachment(asset) for asset in email.embedded]
        if email.reply_to is not None:
            shared["reply_to"] = _person(email.reply_to)
        self._tail = b"]," + orjson.dumps(shared)[1:]
        if len(self._tail) > MAX_BYTES:
            raise Unmailable(f"the email and its pictures are over {MAX_BYTES:,} bytes")
        self._compile()

    def row(self, envelope: Envelope, reference: str) -> Row:
        """Encode one recipient (SG-1, SG-2, SG-7).

        Raises Unmailable for what no request may hold, KeyError for a hole without a value.
        """
        pieces = self._pieces.copy()
        person = _person(Mailbox(envelope.address, envelope.name))
        pieces[self._at_person] = orjson.dumps(person)
        pieces[self._at_arguments] = orjson.dumps(_arguments(envelope, reference))
        for hole, is_html, place in self._in_bodies:
            value = _written(hole, envelope.value(hole.name), is_html=is_html)
            pieces[place] = orjson.dumps(_sound(value))
        for name, place in self._in_headers:
            pieces[place] = token(envelope.value(name))
        if self._email.personal_subject:
            subject = fill_holes(self._email.personal_subject, envelope.value)
            pieces[self._at_subject] = orjson.dumps(clean(subject))
        json = b"".join(pieces)
        if len(json) > min(MAX_SUBSTITUTIONS, MAX_ARGUMENTS):
            self._require_short(envelope, reference)
        return Row(person["email"].lower(), json)

    def body(self, rows: Sequence[Row]) -> bytes:
        """Return the request for some rows."""
        return b"".join(
            (b'{"personalizations":[', b",".join([row.json for row in rows]), self._tail)
        )

    def _require_short(self, envelope: Envelope, reference: str) -> None:
        substitutions = [
            (tag, _written(hole, envelope.value(hole.name), is_html=is_html))
            for (hole, is_html), tag in self._tags.items()
        ]
        if sum(len(tag) + len(_sound(value).encode()) for tag, value in substitutions) > (
            MAX_SUBSTITUTIONS
        ):
            raise Unmailable("the values of this recipient are longer than 10,000 bytes")
        arguments = _arguments(envelope, reference)
        if sum(map(len, (*arguments, *arguments.values()))) > MAX_ARGUMENTS:
            raise Unmailable("the token of a delivery is longer than 10,000 bytes")

    def _compile(self) -> None:
        """Lay a row out: said and left in turn, and the places of what is left."""
        self._pieces: list[bytes] = [b""]
        self._in_bodies: list[tuple[Hole, bool, int]] = []
        self._in_headers: list[tuple[str, int]] = []
        self._at_person = self._leave(b'{"to":[')
        self._at_arguments = self._leave(b'],"custom_args":')
        before = b',"substitutions":{'
        for (hole, is_html), tag in self._tags.items():
            place = self._leave(before + orjson.dumps(tag) + b":")
            self._in_bodies.append((hole, is_html, place))
            before = b","
        self._say(b"}" if self._tags else b"")
        before = b',"headers":{'
        for name, value in self._headers.items():
            # Substitutions are made in no header (RULES §1.1).
            self._say(before + orjson.dumps(name) + b':"')
            for part in cut(value):
                if isinstance(part, Hole):
                    self._in_headers.append((part.name, self._leave(b"")))
                else:
                    self._say(orjson.dumps(part)[1:-1])
            before = b'",'
        self._say(b'"}' if self._headers else b"")
        self._at_subject = self._leave(b',"subject":') if self._email.personal_subject else 0
        self._say(b"}")

    def _say(self, piece: bytes) -> None:
        self._pieces[-1] += piece

    def _leave(self, before: bytes) -> int:
        """Say something, leave the next place open, and return where it is."""
        self._say(before)
        self._pieces += [b"", b""]
        return len(self._pieces) - 2

    def fits(self, row: Row, count: int, size: int) -> bool:
        """Return whether one more row may join `count` others of `size` bytes in all."""
        return count < MAX_ROWS and len(self._tail) + size + len(row.json) + count < MAX_BYTES

    def _tagged(self, content: str, *, is_html: bool) -> str:
        return _sound(
            "".join(
                self._tag(part, is_html=is_html) if isinstance(part, Hole) else part
                for part in cut(content)
            )
        )

    def _tag(self, hole: Hole, *, is_html: bool) -> str:
        kind = "html" if is_html else "text"
        new = f"-{self._nonce}-{kind}-{hole.name}-{len(self._tags)}-"
        return self._tags.setdefault((hole, is_html), new)


def groups(request: Request, rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Cut rows into requests that keep every limit (SG-3), in order.

    An address never stands twice in one request: that is a 400 for all of it (ENGINE §4).
    """
    start = size = 0
    seen: set[str] = set()
    for index, row in enumerate(rows):
        if index > start and (row.key in seen or not request.fits(row, index - start, size)):
            yield rows[start:index]
            start, size, seen = index, 0, set()
        seen.add(row.key)
        size += len(row.json)
    if start < len(rows):
        yield rows[start:]


def sandboxed(sender: Mailbox) -> bytes:
    """Return a request that is judged like a mail and delivered to nobody; if it ever were, the
    sender alone would get it. Raises Unmailable.
    """
    own = _person(sender)
    return orjson.dumps(
        {
            "personalizations": [{"to": [own]}],
            "from": own,
            "subject": "A look whether this sender may send",
            "content": [{"type": "text/plain", "value": "Delivered to nobody."}],
            "tracking_settings": TRACKING,
            "mail_settings": {"sandbox_mode": {"enable": True}},
        }
    )


def _arguments(envelope: Envelope, reference: str) -> dict[str, str]:
    arguments = {"d": envelope.token}
    if reference:
        arguments["b"] = reference
    return arguments


def _written(hole: Hole, value: str, *, is_html: bool) -> str:
    if not value:
        return hole.fallback
    return escape(value) if is_html and _SPECIAL.search(value) else value


def _attachment(asset: Asset) -> dict[str, str]:
    return {
        "content": b64encode(asset.data).decode("ascii"),
        "type": asset.media_type,
        "filename": asset.name,
        "disposition": "inline",
        "content_id": asset.content_id,
    }


def _person(box: Mailbox) -> dict[str, str]:
    person = {"email": address(box.address)}
    # A name may hold no ";" and no "," (RULES §1.1, names).
    if name := clean(box.name.replace(";", " ").replace(",", " ")):
        person["name"] = name
    return person


def _allowed(header: tuple[str, str]) -> tuple[str, str]:
    if header[0].lower() in RESERVED:
        raise Unmailable(f"the header {header[0]} is reserved")
    return header


def _sound(text: str) -> str:
    """Return text that JSON can carry: a lone surrogate becomes `?`."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
