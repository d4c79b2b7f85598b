"""SendGrid's event webhook: whose a post is, and what each report says in our words."""

import base64
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from newsletter.message import Cause, EventType, Visit
from newsletter.providers.sendgrid_events import events, is_signed
from tests.parts import ROOT

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
        (BODY, _signature(stamp="9" * 12), "9" * 12),
    ],
    # The signatures are other ones in each process of a test run.
    ids=[
        "body",
        "key",
        "time",
        "none",
        "no-base64",
        "no-signature",
        "no-time",
        "words",
        "year-33658",
    ],
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
    ("fields", "cause"),
    [
        ({"type": "bounce", "bounce_classification": "Invalid Address"}, Cause.ADDRESS),
        ({"type": "bounce", "status": "5.1.1"}, Cause.ADDRESS),
        ({"type": "bounce", "status": "5.0.0", "reason": "550 5.1.1 no such user"}, Cause.ADDRESS),
        ({"type": "bounce", "status": "5.0.0"}, Cause.UNCLEAR),
        ({"type": "blocked", "status": "5.1.1"}, Cause.BLOCK),
        ({"type": "bounce", "bounce_classification": "Reputation", "status": "5.1.1"}, Cause.BLOCK),
        ({"type": "bounce", "bounce_classification": "Mailbox Unavailable"}, Cause.MAILBOX),
        ({"type": "bounce", "bounce_classification": "Technical"}, Cause.BLOCK),
        (
            {"type": "bounce", "bounce_classification": "Unclassified", "status": "5.2.2"},
            Cause.MAILBOX,
        ),
    ],
)
def test_only_a_dead_address_is_the_persons_fault(fields: dict[str, str], cause: Cause) -> None:
    """# WH-9"""
    event = _one(event="bounce", sg_event_id="a", timestamp=1, **fields)
    assert (event.type, event.cause) == (EventType.BOUNCED, cause)


def test_nobodys_address_stands_in_what_is_kept_of_a_servers_words() -> None:
    """It is in most of them, and would outlive the person's row in the log of reports."""
    reason = "550 5.1.1 <Ada.Lovelace+news@mail.readers.example>: unknown, ask root@readers.example"
    event = _one(event="bounce", sg_event_id="a", status="5.1.1", reason=reason)
    assert event.detail == "bounce 5.1.1 550 5.1.1 <…>: unknown, ask …"
    assert event.cause is Cause.ADDRESS
    late = _one(event="deferred", sg_event_id="b", response="450 ada@readers.example is away")
    assert late.detail == "deferred 450 … is away"


def test_what_drifts_is_read_all_the_same() -> None:
    """# WH-4, WH-6 and WH-7"""
    assert _one(event="Processed", timestamp="1764000000").type is EventType.PROCESSED
    assert _one(event="open", timestamp=1764000000123).at.year == 2025
    assert _one(event="brand_new", timestamp=None).type is EventType.UNKNOWN
    assert _one(event="open").source_id == _one(event="open").source_id != _one(event="x").source_id
    assert len(_one(event="bounce", reason="x" * 9_999).detail) == 2_000


@pytest.mark.parametrize(
    "word",
    [
        b'"550 \\ud83d"',
        b'"\xff\xfe of another charset"',
        b"NaN",
        b"-Infinity",
        b"9" * 400,
        b"18446744073709551616",
    ],
)
def test_one_word_that_is_no_json_keeps_no_other_event_from_being_read(word: bytes) -> None:
    """# WH-3: an emoji that somebody cut in two makes its half a mark."""
    bad = b'{"event": "bounce", "status": "5.1.1", "reason": %b, "timestamp": %b}' % (word, word)
    good = b'{"event": "delivered", "sg_event_id": "b", "d": "token", "timestamp": 1764000000}'
    bounced, delivered = events(b"[%b, %b]" % (bad, good))
    assert (bounced.type, bounced.cause) == (EventType.BOUNCED, Cause.ADDRESS)
    assert bounced.detail.isprintable()
    assert bounced.detail.encode()
    assert (delivered.type, delivered.source_id, delivered.token) == (
        EventType.DELIVERED,
        "b",
        "token",
    )
    assert delivered.at.year == 2025
    again, _ = events(b"[%b, %b]" % (bad, good))
    assert again.source_id == bounced.source_id


def test_a_nest_without_a_name_keeps_no_other_event_from_being_read() -> None:
    """# WH-3 and WH-4: it is named by what it says plainly, each time alike."""
    nest = b"[" * 600 + b"]" * 600
    bad = b'{"event": "bounce", "status": "5.1.1", "extra": %b}' % nest
    good = b'{"event": "delivered", "sg_event_id": "b"}'
    (bounced, delivered), (again, _) = (events(b"[%b, %b]" % (bad, good)) for _ in range(2))
    assert (bounced.cause, delivered.source_id) == (Cause.ADDRESS, "b")
    assert again.source_id == bounced.source_id != _one(event="bounce").source_id


@pytest.mark.parametrize("body", [b"{oops", b"", b"[" * 100_000, b"[" * 5_000 + b"]" * 5_000])
def test_what_is_no_json_at_all_is_a_clear_no(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        events(body)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=9))
def test_any_json_is_events_or_a_clear_no(value: object) -> None:
    for posted in (value, [value], [{"event": value, "timestamp": value, "d": value}]):
        try:
            events(json.dumps(posted).encode())
        except ValueError:
            continue


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        ({"reason": "Bounced Address"}, Cause.ADDRESS),
        ({"reason": "Invalid"}, Cause.ADDRESS),
        ({"reason": "Spam Reporting Address"}, Cause.COMPLAINT),
        ({"reason": "Unsubscribed Address"}, Cause.GOODBYE),
        ({"reason": "Spam Content (if Spam Checker app is enabled)"}, Cause.UNCLEAR),
        ({}, Cause.UNCLEAR),
    ],
)
def test_a_dropped_mail_says_what_sendgrid_knew_before(
    fields: dict[str, str], cause: Cause
) -> None:
    event = _one(event="dropped", sg_event_id="a", timestamp=1, **fields)
    assert (event.type, event.cause) == (EventType.REJECTED, cause)


def test_a_click_says_where_it_led_and_what_asked() -> None:
    """# WH-7: whatever else stands there is as if it were not said."""
    offset = {"index": 2, "type": "html"}
    told = _one(event="click", url="https://x.example", url_offset=offset, useragent="A", ip="::1")
    assert told.visit == Visit("https://x.example", 2, False, "A", "::1")
    text = _one(event="click", url_offset={"index": True, "type": "text"})
    assert text.visit == Visit("", None, True)
    odd_ones: list[Any] = [None, [], "0", {"index": -1}, {"index": "1", "type": []}]
    for odd in odd_ones:
        assert _one(event="click", url={"a": 1}, url_offset=odd, useragent=None).visit == Visit()
    assert _one(event="open", useragent="A" * 900).visit == Visit(agent="A" * 400)
    assert _one(event="delivered", ip="::1").visit is None


def test_apples_opens_are_a_machines_and_the_rest_is_unknown() -> None:
    """# M-1"""
    assert _one(event="open", sg_machine_open=True).visitor == "machine"
    assert _one(event="open", sg_machine_open="true").visitor == "unknown"
    assert _one(event="click").visitor == "unknown"
    assert _one(event="delivered").visitor == ""


DRIFTS = [
    {"event": "Processed", "timestamp": 1764000000123},  # the docs show both
    {"event": "bounce", "type": "Blocked", "status": 550, "attempt": 3},
    {"event": "delivered", "category": ["a", "b"], "pool": {"name": "p", "id": "7"}},
    {"event": "open", "sg_event_id": None, "useragent": None, "ip": None},
    {"event": "click", "url": None, "url_offset": {"index": 0, "type": "html"}, "asm_group_id": 1},
    {"event": "group_resubscribe"},
    {"event": "account_status_change", "type": "compliance_suspend"},
    {"event": "bounce", "sg_message_id": None, "bounce_classification": None, "tls": 1, "smtp-id": 5},
    {"EVENT": "open"},
    {"event": ["open"]},
    {"event": "spamreport", "timestamp": "1764000000.5"},
]  # fmt: skip


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: str(drift)[:40])
def test_each_drift_that_was_seen_is_read(drift: dict[str, Any]) -> None:
    """# WH-4, WH-6: docs and accounts differ; whatever it is, it is one report."""
    event = _one(**drift)
    assert event.type in set(EventType)
    assert 0 < len(event.source_id) <= 100
    assert event.detail.isprintable()


SHARED = Path(os.environ.get("BROADSHEET_DATA") or ROOT.parent / "shared" / "data")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the samples lie beside some checkouts only")
def test_the_samples_and_signed_vectors_of_others_are_read_as_they_say() -> None:
    """# WH-1 and WH-4: 36 events of all 11 kinds, and signed bodies, valid and invalid."""
    samples = json.loads((SHARED / "webhook_sample_events.json").read_bytes())
    kinds = {event.type for event in events(json.dumps(samples).encode())}
    assert kinds >= set(EventType) - {EventType.UNKNOWN}
    for vector in json.loads((SHARED / "webhook_vectors.json").read_bytes()):
        body, stamp = base64.b64decode(vector["body_base64"]), vector["timestamp"]
        signed_at = datetime.fromtimestamp(int(stamp), UTC) if stamp.isdecimal() else NOW
        signed = is_signed(body, vector["signature"], stamp, [vector["public_key"]], signed_at)
        assert signed is vector["valid"], vector["name"]
