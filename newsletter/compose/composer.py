"""An email compiled once into encoded pieces with holes; per recipient, one join of bytes."""

from base64 import encodebytes
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from html import escape

from newsletter.compose import headers
from newsletter.compose.dkim import Signer
from newsletter.compose.quoted_printable import PLAIN, SOFT, encode
from newsletter.errors import Unmailable
from newsletter.message import Asset, Envelope, RenderedEmail
from newsletter.slots import HOLE, Hole, cut, fill_holes

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


@dataclass(slots=True)
class _Places:
    """Where the value of one hole goes, among the pieces of a message, and what instead of it."""

    fallback: bytes
    in_headers: list[int] = field(default_factory=list)
    in_text: list[int] = field(default_factory=list)
    in_html: list[int] = field(default_factory=list)

    def fill(self, pieces: list[bytes], value: str) -> None:
        """Put a value into its places as each wants it; raises Unmailable."""
        if PLAIN.fullmatch(value):
            token = value.encode("ascii")
            in_text = in_html = token + SOFT
        else:
            token = headers.token(value) if self.in_headers else b""
            in_text = in_html = self.fallback
            if value:
                in_text = encode(value, is_open=True)
                in_html = encode(escape(value), is_open=True)
        for place in self.in_headers:
            pieces[place] = token
        for place in self.in_text:
            pieces[place] = in_text
        for place in self.in_html:
            pieces[place] = in_html


class Composer:
    """Writes the message of each recipient of one addressed email.

    `multipart/alternative` of text and HTML, UTF-8, quoted-printable, lines of at most 76 bytes
    in bodies and 998 in headers; with embedded pictures the HTML is a `multipart/related`
    (RFC 2387). The same envelope and date always give the same bytes.
    """

    def __init__(
        self,
        email: RenderedEmail,
        *,
        domain: str,
        signer: Signer | None = None,
        smtputf8: bool = False,
    ) -> None:
        """Compile an email; `domain` is that of its Message-IDs. Raises Unmailable.

        `smtputf8`: a recipient may have letters beyond ASCII before the @; their message holds
        them as they are (RFC 6532), and no other does.
        """
        self._signer = signer
        self._smtputf8 = smtputf8
        self._subject = email.personal_subject
        # Said and left in turn: the even ones are the same for everybody.
        self._pieces: list[bytes] = [b""]
        self._holes: dict[Hole, _Places] = {}
        self._say(headers.mailbox("From", email.sender.address, email.sender.name))
        self._at_to = self._leave()
        self._at_subject = self._leave() if self._subject else 0
        if not self._subject:
            self._say(headers.text("Subject", email.subject))
        if email.reply_to is not None:
            self._say(headers.mailbox("Reply-To", email.reply_to.address, email.reply_to.name))
        self._at_date = self._leave()
        self._say(b"Message-ID: <")
        self._at_id = self._leave()
        self._say(f"@{headers.domain(domain)}>\r\n".encode("ascii"))
        self._compile_headers(email.headers)
        self._compile_bodies(email)
        self._spots = [(hole.name, places) for hole, places in self._holes.items()]
        self._second = self._next = datetime.min.replace(tzinfo=UTC)
        self._date = b""

    def message(self, envelope: Envelope, *, date: datetime) -> bytes:
        """Return one recipient's message, CRLF throughout, ready for DATA without dot-stuffing.

        `date` is aware. Raises Unmailable for an address or header that no mail can carry and
        KeyError for a hole without a value.
        """
        pieces = self._pieces.copy()
        pieces[self._at_to] = headers.mailbox(
            "To", envelope.address, envelope.name, smtputf8=self._smtputf8
        )
        pieces[self._at_date] = self._dated(date)
        pieces[self._at_id] = headers.token(envelope.token)
        if self._subject:
            subject = fill_holes(self._subject, envelope.value)
            pieces[self._at_subject] = headers.text("Subject", subject)
        for name, places in self._spots:
            places.fill(pieces, envelope.value(name))
        message = b"".join(pieces)
        if self._signer is None:
            return message
        return self._signer.signature(message, date=date) + message

    def _dated(self, date: datetime) -> bytes:
        """Return the Date field, written anew once a second."""
        if date.tzinfo is None:
            raise ValueError("a date without a time zone")
        if not self._second <= date < self._next:
            self._second = date.astimezone(UTC).replace(microsecond=0)
            self._next = self._second + timedelta(seconds=1)
            # `formatdate()` would say -0000, which means "zone unknown" (RFC 5322 §3.3).
            self._date = f"Date: {format_datetime(self._second)}\r\n".encode("ascii")
        return self._date

    def _say(self, piece: bytes) -> None:
        """Add what is the same in every message."""
        self._pieces[-1] += piece

    def _leave(self) -> int:
        """Leave the place of a piece open, and return where it is."""
        self._pieces += [b"", b""]
        return len(self._pieces) - 2

    def _places(self, hole: Hole) -> _Places:
        """Return where a hole's value goes so far."""
        if hole not in self._holes:
            self._holes[hole] = _Places(encode(hole.fallback, is_open=True))
        return self._holes[hole]

    def _compile_headers(self, written: tuple[tuple[str, str], ...]) -> None:
        names = [_own(name) for name, _ in written]
        if len(set(names)) < len(names):
            raise Unmailable("a header stands twice")
        for name, value in written:
            if not HOLE.search(value):
                self._say(headers.ready(name, value))
                continue
            line = f"{name}: {headers.unfolded(name, value)}\r\n"
            for part in cut(line):
                if isinstance(part, Hole):
                    self._places(part).in_headers.append(self._leave())
                else:
                    self._say(part.encode("ascii"))

    def _compile_bodies(self, email: RenderedEmail) -> None:
        # Quoted-printable writes every "=" as "=3D", so no body can hold this boundary.
        source = f"{email.html}\0{email.text}".encode("utf-8", "replace")
        boundary = b"=_" + sha256(source).hexdigest()[:32].encode("ascii")
        related = b"=_r" + boundary[2:]
        pictures = b"".join(_picture(asset, related) for asset in email.embedded)
        self._say(
            b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="%b"\r\n\r\n'
            % boundary
        )
        self._compile(email.text, boundary, _TEXT)
        if pictures:
            self._say(_RELATED % (boundary, related))
        self._compile(email.html, related if pictures else boundary, _HTML)
        if pictures:
            self._say(b"%b--%b--\r\n" % (pictures, related))
        self._say(b"--%b--\r\n" % boundary)

    def _compile(self, content: str, boundary: bytes, kind: bytes) -> None:
        self._say(
            b"--%b\r\nContent-Type: %b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            % (boundary, kind)
        )
        parts = cut(content)
        for number, part in enumerate(parts, 1):
            if isinstance(part, Hole):
                at = self._places(part)
                (at.in_html if kind is _HTML else at.in_text).append(self._leave())
            else:
                self._say(encode(part, is_open=number < len(parts)))
        self._say(b"\r\n")


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
