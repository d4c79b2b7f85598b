"""SendGrid's event webhook: whose a post is, and what each report says in our words."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from newsletter.message import EventType
from newsletter.providers.sendgrid_events import events, is_signed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
BODY = b'[{"event":"processed"}]\r\n'
OURS, OTHER = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))


def _public(key: ec.EllipticCurvePrivateKey) -> str:
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def _signature(key: ec.EllipticCurvePrivateKey = OURS, stamp: str = STAMP) -> str:
    return base64.b64encode(key.sign(stamp.encode() + BODY, ec.ECDSA(SHA256()))).decode()


def _one(**fields: Any) -> Any:
    (event,) = events(json.dumps([fields]).encode())
    return event


def test_a_post_is_ours_by_either_key_while_they_rotate() -> None:
    """# WH-8"""
    keys = [_public(OURS), _public(OTHER)]
    assert is_signed(BODY, _signature(), STAMP, keys, NOW)
    assert is_signed(BODY, _signature(OTHER), STAMP, keys, NOW)


@pytest.mark.parametrize(
    ("body", "signature", "stamp"),
    [
        (BODY.strip(), _signature(), STAMP),
        (BODY, _signature(OTHER), STAMP),
        (BODY, _signature(), str(int(STAMP) + 1)),
        (BODY, "", STAMP),
        (BODY, "not base64!", STAMP),
        (BODY, base64.b64encode(b"x").decode(), STAMP),
        (BODY, _signature(), ""),
        (BODY, _signature(stamp="soon"), "soon"),
    ],
    # The signatures are other ones in each process of a test run.
    ids=["body", "key", "time", "none", "no-base64", "no-signature", "no-time", "words"],
)
def test_a_post_that_differs_in_anything_is_not_ours(
    body: bytes, signature: str, stamp: str
) -> None:
    """# WH-1 and PY-11: the bytes as they came, and any defect is a no."""
    assert not is_signed(body, signature, stamp, [_public(OURS)], NOW)
    assert not is_signed(body, signature, stamp, ["", "broken", "AAAA"], NOW)


def test_a_retry_of_a_day_ago_is_taken_and_an_older_or_a_future_one_is_not() -> None:
    """# WH-2"""
    keys = [_public(OURS)]
    assert is_signed(BODY, _signature(), STAMP, keys, NOW + timedelta(hours=24))
    assert not is_signed(BODY, _signature(), STAMP, keys, NOW + timedelta(hours=26))
    assert not is_signed(BODY, _signature(), STAMP, keys, NOW - timedelta(minutes=6))


@pytest.mark.parametrize(
    ("fields", "permanent"),
    [
        ({"type": "bounce", "bounce_classification": "Invalid Address"}, True),
        ({"type": "bounce", "status": "5.1.1"}, True),
        ({"type": "bounce", "status": "5.0.0"}, False),
        ({"type": "blocked", "status": "5.1.1"}, False),
        ({"type": "bounce", "bounce_classification": "Reputation", "status": "5.7.1"}, False),
    ],
)
def test_only_a_dead_address_is_the_persons_fault(fields: dict[str, str], permanent: bool) -> None:
    """# WH-9"""
    event = _one(event="bounce", sg_event_id="a", timestamp=1, **fields)
    assert (event.type, event.permanent) == (EventType.BOUNCED, permanent)


def test_what_drifts_is_read_all_the_same() -> None:
    """# WH-4, WH-6 and WH-7"""
    assert _one(event="Processed", timestamp="1764000000").type is EventType.PROCESSED
    assert _one(event="open", timestamp=1764000000123).at.year == 2025
    assert _one(event="brand_new", timestamp=None).type is EventType.UNKNOWN
    assert _one(event="open").source_id == _one(event="open").source_id != _one(event="x").source_id
    assert len(_one(event="bounce", reason="x" * 9_999).detail) == 2_000


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=9))
def test_any_json_is_events_or_a_clear_no(value: object) -> None:
    for posted in (value, [value], [{"event": value, "timestamp": value, "d": value}]):
        try:
            events(json.dumps(posted).encode())
        except ValueError:
            continue
