"""SendGrid's event webhook: whose it is, and what each report says in our words (RULES §1.4)."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from newsletter.message import Cause, Event, EventType, Visit, Visitor
from newsletter.providers import lenient_json
from newsletter.status_codes import cause_of, unnamed
from newsletter.visitors import LONGEST_AGENT

SOURCE = "sendgrid"
OLDEST = timedelta(hours=25)
NEWEST = timedelta(minutes=5)
LONGEST_DETAIL = 2_000
LONGEST_ADDRESS = 100
CAUSES = {
    "invalid address": Cause.ADDRESS,
    "mailbox unavailable": Cause.MAILBOX,
    "technical": Cause.BLOCK,
    "content": Cause.BLOCK,
    "reputation": Cause.BLOCK,
    "frequency or volume too high": Cause.BLOCK,
}
# What a dropped mail's reason begins with: SendGrid knew before it tried.
DROPS = {
    "bounced address": Cause.ADDRESS,
    "invalid": Cause.ADDRESS,
    "spam reporting address": Cause.COMPLAINT,
    "unsubscribed address": Cause.GOODBYE,
    "invalid smtpapi header": Cause.BLOCK,
    "spam content": Cause.BLOCK,
    "recipient list over package quota": Cause.BLOCK,
}
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


# Of these there is nothing more to say than that they were.
VISITS = frozenset((EventType.OPENED, EventType.CLICKED))
SMOOTH = VISITS | {EventType.PROCESSED, EventType.DELIVERED}


def is_signed(
    body: bytes, signature: str, timestamp: str, keys: Sequence[str], now: datetime
) -> bool:
    """Say whether one of the public keys signed these very bytes within a day (WH-2, WH-8)."""
    # Of twelve digits a year may come that no calendar has.
    if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 11:
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
    posted = lenient_json.loads(body)
    if not isinstance(posted, list):
        raise ValueError("the body is no array")
    return list(_read(one for one in posted if isinstance(one, dict)))


def _read(posted: Iterable[Mapping[str, Any]]) -> Iterable[Event]:
    for one in posted:
        name = _text(one, "event")
        kind = TYPES.get(name) or TYPES.get(name.lower(), EventType.UNKNOWN)
        detail, cause = "", Cause.NONE
        if kind not in SMOOTH:
            said = [_text(one, field) for field in ("status", "bounce_classification")]
            reason = _text(one, "reason") or _text(one, "response")
            detail = _line(" ".join(part for part in (name.lower(), *said, reason) if part))
            cause = _cause(kind, one, reason)
        yield Event(
            SOURCE,
            _id(one),
            kind,
            _moment(one.get("timestamp")),
            _text(one, "d"),
            detail,
            cause,
            _visitor(one) if kind in VISITS else "",
            _visit(one, kind) if kind in VISITS else None,
        )


def _line(text: str) -> str:
    """Return a text on one line, cut, and without anybody's address (RULES WH-7)."""
    text = unnamed(text[:LONGEST_DETAIL])
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " for char in text)


def _text(one: Mapping[str, Any], field: str) -> str:
    """Return a field as text; what is neither text nor a number is as if it were not there."""
    value = one.get(field)
    if type(value) is str:
        return value
    return str(value) if isinstance(value, str | int | float) else ""


def _cause(kind: EventType, one: Mapping[str, Any], reason: str) -> Cause:
    """Return whose fault it is (RULES WH-9)."""
    if kind is EventType.REJECTED:
        return DROPS.get(reason.strip().lower(), Cause.UNCLEAR)
    if kind is not EventType.BOUNCED:
        return Cause.NONE
    if _text(one, "type").lower() == "blocked":
        return Cause.BLOCK
    classed = CAUSES.get(_text(one, "bounce_classification").strip().lower())
    return classed or cause_of(_text(one, "status"), reason)


def _visitor(one: Mapping[str, Any]) -> str:
    """Return who opened or clicked, as far as SendGrid says: the rest is unknown (RULES M-1)."""
    return Visitor.MACHINE if one.get("sg_machine_open") is True else Visitor.UNKNOWN


def _visit(one: Mapping[str, Any], kind: EventType) -> Visit:
    agent, address = _text(one, "useragent")[:LONGEST_AGENT], _text(one, "ip")[:LONGEST_ADDRESS]
    if kind is EventType.OPENED:
        return Visit(agent=agent, address=address)
    said = one.get("url_offset")
    offset = said if isinstance(said, dict) else {}
    place = offset.get("index")
    return Visit(
        _text(one, "url")[:LONGEST_DETAIL],
        place if type(place) is int and place >= 0 else None,
        offset.get("type") == "text",
        agent,
        address,
    )


def _id(one: Mapping[str, Any]) -> str:
    given = one.get("sg_event_id")
    if isinstance(given, str) and 0 < len(given) <= 100 and given.isprintable():
        return given
    try:
        canonical = orjson.dumps(one, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        # It reads deeper nests than it writes: by what is said plainly then.
        plain = {name: value for name, value in one.items() if not isinstance(value, dict | list)}
        canonical = orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)
    return "sha256:" + hashlib.sha256(canonical).hexdigest()


def _moment(written: Any) -> datetime:
    try:
        return _at(float(written))
    except (TypeError, ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


# Most reports of a post are of the same few seconds.
@lru_cache(maxsize=1024)
def _at(seconds: float) -> datetime:
    # Some reports count in milliseconds.
    return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
