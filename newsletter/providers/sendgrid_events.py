"""SendGrid's event webhook: whose it is, and what each report says in our words (RULES §1.4)."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from newsletter.message import Event, EventType

SOURCE = "sendgrid"
OLDEST = timedelta(hours=25)
NEWEST = timedelta(minutes=5)
LONGEST_DETAIL = 2_000
TYPES = {
    "processed": EventType.PROCESSED,
    "delivered": EventType.DELIVERED,
    "deferred": EventType.DEFERRED,
    "bounce": EventType.BOUNCED,
    "dropped": EventType.REJECTED,
    "open": EventType.OPENED,
    "click": EventType.CLICKED,
    "spamreport": EventType.COMPLAINED,
    "unsubscribe": EventType.UNSUBSCRIBED,
    "group_unsubscribe": EventType.UNSUBSCRIBED,
}


def is_signed(
    body: bytes, signature: str, timestamp: str, keys: Sequence[str], now: datetime
) -> bool:
    """Say whether one of the public keys signed these very bytes within a day (WH-2, WH-8)."""
    if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:
        return False
    age = now - datetime.fromtimestamp(int(timestamp), UTC)
    if not -NEWEST <= age <= OLDEST:
        return False
    return any(_verified(key, signature, timestamp.encode() + body) for key in keys)


def _verified(key: str, signature: str, signed: bytes) -> bool:
    try:
        public = load_der_public_key(base64.b64decode(key, validate=True))
        if not isinstance(public, EllipticCurvePublicKey):
            return False
        public.verify(base64.b64decode(signature, validate=True), signed, ECDSA(SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True


def events(body: bytes) -> list[Event]:
    """Return the events of a post; what is no event is left out, what is unknown is kept (WH-6).

    Raises ValueError for a body that is no JSON array.
    """
    posted = orjson.loads(body)
    if not isinstance(posted, list):
        raise ValueError("the body is no array")
    return list(_read(one for one in posted if isinstance(one, dict)))


def _read(posted: Iterable[Mapping[str, Any]]) -> Iterable[Event]:
    for one in posted:
        name = str(one.get("event", "")).lower()
        kind = TYPES.get(name, EventType.UNKNOWN)
        status, why = str(one.get("status", "")), str(one.get("bounce_classification", ""))
        reason = str(one.get("reason") or one.get("response") or "")
        detail = " ".join(part for part in (name, status, why, reason) if part)
        yield Event(
            source=SOURCE,
            source_id=_id(one),
            type=kind,
            at=_moment(one.get("timestamp")),
            token=str(one.get("d", ""))[:64],
            detail="".join(char for char in detail if char.isprintable())[:LONGEST_DETAIL],
            permanent=kind is EventType.BOUNCED
            and one.get("type") != "blocked"
            and (why == "Invalid Address" or status.startswith("5.1.")),
        )


def _id(one: Mapping[str, Any]) -> str:
    given = one.get("sg_event_id")
    if isinstance(given, str) and 0 < len(given) <= 100 and given.isprintable():
        return given
    canonical = orjson.dumps(one, option=orjson.OPT_SORT_KEYS)
    return "sha256:" + hashlib.sha256(canonical).hexdigest()


def _moment(written: Any) -> datetime:
    try:
        seconds = float(written)
        # Some reports count in milliseconds.
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
