"""The JSON of SendGrid's v3 mail/send: the part everybody shares encoded once, a row a recipient.

Built by us and not by the helpers, which change addresses and reverse the order (RULES PY-10).
Limits: RULES §1.1; the official limit of a request is 30 MB.
"""

import secrets
from base64 import b64encode
from collections.abc import Iterator, Sequence

import orjson

from newsletter.compose.headers import clean, unfolded
from newsletter.errors import Unmailable
from newsletter.flowed import fixed
from newsletter.message import NOTHING_TO_COUNT, Asset, Envelope, Mailbox, RenderedEmail, ToCount
from newsletter.providers.sendgrid_row import Row, Rows, person, sound
from newsletter.slots import Hole, cut

MAX_ROWS = 1000
MAX_BYTES = 20_000_000
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


# Each one explicitly: the account's defaults rewrite links and add a List-Unsubscribe (SG-5).
def tracking(asked: ToCount) -> dict[str, dict[str, bool]]:
    """Return what SendGrid is to count of a call, and that it is to add nothing of its own."""
    return {
        "click_tracking": {"enable": asked.clicks, "enable_text": False},
        "open_tracking": {"enable": asked.opens},
        "subscription_tracking": {"enable": False},
        "ganalytics": {"enable": False},
    }


class Request:
    """One email as mail/send wants it."""

    def __init__(self, email: RenderedEmail) -> None:
        """Encode what everybody shares. Raises Unmailable for a sender or header."""
        # Nobody who fills in a form can know the tags of this send (SG-4).
        self._nonce = secrets.token_hex(8)
        self._tags: dict[tuple[Hole, bool], str] = {}
        headers = {name: unfolded(name, value) for name, value in map(_allowed, email.headers)}
        # No content type may have a parameter there, so the text goes as it looks (decision 0010).
        text = fixed(email.text)
        shared = {
            "from": person(email.sender),
            "subject": clean(email.subject),
            "content": [
                {"type": "text/plain", "value": self._tagged(text, is_html=False)},
                {"type": "text/html", "value": self._tagged(email.html, is_html=True)},
            ],
            "tracking_settings": tracking(email.to_count),
        }
        if email.embedded:
            shared["attachments"] = [_attachment(asset) for asset in email.embedded]
        if email.reply_to is not None:
            shared["reply_to"] = person(email.reply_to)
        self._tail = b"]," + orjson.dumps(shared)[1:]
        if len(self._tail) > MAX_BYTES:
            raise Unmailable(f"the email and its pictures are over {MAX_BYTES:,} bytes")
        self._rows = Rows(self._tags, headers, email.personal_subject)

    def rows(self, envelopes: Sequence[Envelope], reference: str) -> list[Row | Unmailable]:
        """Return each recipient's row, or why no request may hold it (SG-1, SG-2, SG-7).

        Raises KeyError for a hole without a value.
        """
        return self._rows.rows(envelopes, reference)

    def body(self, rows: Sequence[Row]) -> bytes:
        """Return the request for some rows."""
        return b"".join((b'{"personalizations":[', self._rows.joined(rows), self._tail))

    def fits(self, size: int, others: int) -> bool:
        """Return whether a row may join so many others, when all are `size` bytes together."""
        return others < MAX_ROWS and len(self._tail) + size + others < MAX_BYTES

    def _tagged(self, content: str, *, is_html: bool) -> str:
        return sound(
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
    # Nearly always they are one request.
    is_short = request.fits(sum([size for _, size, _ in rows]), len(rows) - 1)
    if rows and is_short and len({key for key, _, _ in rows}) == len(rows):
        yield rows
        return
    start = together = 0
    seen: set[str] = set()
    for index, (key, size, _) in enumerate(rows):
        if index > start and (key in seen or not request.fits(together + size, index - start)):
            yield rows[start:index]
            start, together, seen = index, 0, set()
        seen.add(key)
        together += size
    if start < len(rows):
        yield rows[start:]


def sandboxed(sender: Mailbox) -> bytes:
    """Return a request that is judged like a mail and delivered to nobody; if it ever were, the
    sender alone would get it. Raises Unmailable.
    """
    own = person(sender)
    return orjson.dumps(
        {
            "personalizations": [{"to": [own]}],
            "from": own,
            "subject": "A look whether this sender may send",
            "content": [{"type": "text/plain", "value": "Delivered to nobody."}],
            "tracking_settings": tracking(NOTHING_TO_COUNT),
            "mail_settings": {"sandbox_mode": {"enable": True}},
        }
    )


def _attachment(asset: Asset) -> dict[str, str]:
    return {
        "content": b64encode(asset.data).decode("ascii"),
        "type": asset.media_type,
        "filename": asset.name,
        "disposition": "inline",
        "content_id": asset.content_id,
    }


def _allowed(header: tuple[str, str]) -> tuple[str, str]:
    if header[0].lower() in RESERVED:
        raise Unmailable(f"the header {header[0]} is reserved")
    return header
