"""An email compiled once into encoded pieces with holes; per recipient, one join of bytes."""

import re
from base64 import encodebytes
from collections import defaultdict
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from html import escape

from newsletter.compose import headers
from newsletter.compose.quoted_printable import encode
from newsletter.errors import Unmailable
from newsletter.message import HOLE, Asset, Envelope, Mailbox, RenderedEmail, fill_holes

OURS = frozenset(
    [
        "bcc",
        "cc",
        "date",
        "from",
        "message-id",
        "mime-version",
        "received",
        "reply-to",
        "return-path",
        "sender",
        "subject",
        "to",
    ]
)
_RELATED = b'--%b\r\nContent-Type: multipart/related; type="text/html";\r\n boundary="%b"\r\n\r\n'
_TEXT = b"text/plain; charset=utf-8; format=flowed"
_HTML = b"text/html; charset=utf-8"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}")


class Composer:
    """Writes the message of each recipient of one addressed email.

    `multipart/alternative` of text and HTML, UTF-8, quoted-printable, lines of at most 76 bytes
    in bodies and 998 in headers; with embedded pictures the HTML is a `multipart/related`
    (RFC 2387). The same envelope and date always give the same bytes.
    """

    def __init__(self, email: RenderedEmail, *, domain: str) -> None:
        """Compile an email; `domain` is that of its Message-IDs. Raises Unmailable."""
        self._domain = headers.domain(domain)
        self._subject = email.subject
        self._has_plain_subject = HOLE.search(email.subject) is None
        self._before_to = headers.mailbox("From", email.sender)
        self._after_to = headers.text("Subject", email.subject) if self._has_plain_subject else b""
        if email.reply_to is not None:
            self._after_to += headers.mailbox("Reply-To", email.reply_to)
        self._common = tuple(
            (_own(name), headers.ready(name, value)) for name, value in email.headers
        )
        self._heads: dict[tuple[str, ...], bytes] = {}
        # Quoted-printable writes every "=" as "=3D", so no body can hold this boundary.
        source = f"{email.html}\0{email.text}".encode("utf-8", "replace")
        boundary = b"=_" + sha256(source).hexdigest()[:32].encode("ascii")
        related = b"=_r" + boundary[2:]
        pictures = b"".join(_picture(asset, related) for asset in email.embedded)
        self._mime = (
            b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="%b"\r\n\r\n'
            % boundary
        )
        self._pieces: list[bytes] = []
        self._holes: dict[tuple[str, bool], list[int]] = defaultdict(list)
        for kind, content in ((_TEXT, email.text), (_HTML, email.html)):
            is_html = kind is _HTML
            if is_html and pictures:
                self._pieces.append(_RELATED % (boundary, related))
            self._pieces.append(
                b"--%b\r\nContent-Type: %b\r\n"
                b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                % (related if is_html and pictures else boundary, kind)
            )
            self._compile(content, is_html=is_html)
            self._pieces.append(b"\r\n")
        if pictures:
            self._pieces.append(b"%b--%b--\r\n" % (pictures, related))
        self._pieces.append(b"--%b--\r\n" % boundary)

    def message(self, envelope: Envelope, *, date: datetime) -> bytes:
        """Return one recipient's message, CRLF throughout, ready for DATA without dot-stuffing.

        `date` is aware. Raises Unmailable for an address or header that no mail can carry and
        KeyError for a hole without a value.
        """
        if not _TOKEN.fullmatch(envelope.token):
            raise Unmailable("the token of a delivery is no part of a Message-ID")
        values = envelope.values
        pieces = self._pieces.copy()
        for (name, is_html), places in self._holes.items():
            value = escape(values[name]) if is_html else values[name]
            encoded = encode(value, is_open=True)
            for place in places:
                pieces[place] = encoded
        head = [
            self._before_to,
            headers.mailbox("To", Mailbox(envelope.address, envelope.name)),
            b"" if self._has_plain_subject else self._own_subject(envelope),
            self._head(tuple([name for name, _ in envelope.headers])),
            _date(date.replace(microsecond=0)),
            headers.ready("Message-ID", f"<{envelope.token}@{self._domain}>"),
            *[headers.ready(name, value) for name, value in envelope.headers],
            self._mime,
        ]
        return b"".join(head + pieces)

    def _compile(self, content: str, *, is_html: bool) -> None:
        statics = HOLE.split(content)
        for number, part in enumerate(statics):
            if number % 2:
                self._holes[part, is_html].append(len(self._pieces))
                self._pieces.append(b"")
            else:
                self._pieces.append(encode(part, is_open=number + 1 < len(statics)))

    def _head(self, names: tuple[str, ...]) -> bytes:
        """Return the fields that are the same for everybody; a recipient's own take their place."""
        if names not in self._heads:
            own = {_own(name) for name in names}
            if len(own) < len(names):
                raise Unmailable("a header stands twice")
            common = [lines for name, lines in self._common if name not in own]
            self._heads[names] = self._after_to + b"".join(common)
        return self._heads[names]

    def _own_subject(self, envelope: Envelope) -> bytes:
        return headers.text("Subject", fill_holes(self._subject, envelope.values))


def _picture(asset: Asset, boundary: bytes) -> bytes:
    return (
        b"--%b\r\nContent-Type: %b\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-ID: <%b>\r\nContent-Disposition: inline; filename="%b"\r\n\r\n%b'
        % (
            boundary,
            asset.media_type.encode("ascii"),
            asset.content_id.encode("ascii"),
            asset.name.encode("ascii"),
            encodebytes(asset.data).replace(b"\n", b"\r\n"),
        )
    )


def _own(name: str) -> str:
    """Return a field's name in lower case; raises Unmailable for one the composer writes itself."""
    lower = name.lower()
    if lower in OURS or lower.startswith("content-"):
        raise Unmailable(f"the header {name} is written by the composer alone")
    return lower


@lru_cache(maxsize=16)
def _date(date: datetime) -> bytes:
    if date.tzinfo is None:
        raise ValueError("a date without a time zone")
    # `formatdate()` would say -0000, which means "zone unknown" (RFC 5322 §3.3).
    return f"Date: {format_datetime(date.astimezone(UTC))}\r\n".encode("ascii")
