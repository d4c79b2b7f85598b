"""Posts of SendGrid's events as they come over HTTP: signed or refused, kept, and read once."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select

from newsletter.models import EventPost, StoredEvent
from tests.factories import NOON
from tests.newsletter.web.site import Site

OLD, NEW, STRANGER = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
HOSTILE = "<script>alert(1)</script>\r\nX: y\0"


def public(key: ec.EllipticCurvePrivateKey) -> str:
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


@pytest.fixture
def site(site_with: Callable[..., Site]) -> Site:
    return site_with(sendgrid_webhook_keys=(public(NEW), public(OLD)))


def post(
    site: Site,
    body: Any,
    *,
    key: ec.EllipticCurvePrivateKey = OLD,
    age: timedelta = timedelta(),
    now: timedelta = timedelta(),
) -> int:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    stamp = str(int((NOON - age).timestamp()))
    signature = key.sign(stamp.encode() + sent, ec.ECDSA(SHA256()))
    headers = {
        "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
    }
    with time_machine.travel(NOON + now, tick=False):
        return site.client.post("/webhooks/sendgrid", content=sent, headers=headers).status_code


def details(site: Site) -> list[str]:
    with site.app.database.read() as session:
        return list(session.scalars(select(StoredEvent.detail)))


@pytest.mark.parametrize("key", [OLD, NEW], ids=["old", "new"])
def test_either_key_is_good_while_they_rotate(site: Site, key: ec.EllipticCurvePrivateKey) -> None:
    """# WH-8"""
    assert post(site, [{"event": "deferred", "sg_event_id": "a"}], key=key) == 200
    assert details(site) == ["deferred"]
    assert site.count(EventPost) == 0


def test_a_strangers_post_is_refused_and_nothing_of_it_is_kept(site: Site) -> None:
    assert post(site, [{"event": "open"}], key=STRANGER) == 403
    assert site.client.post("/webhooks/sendgrid", json=[{"event": "open"}]).status_code == 403
    assert (site.count(StoredEvent), site.count(EventPost)) == (0, 0)


def test_a_retry_of_a_day_ago_is_read_and_a_replay_of_last_week_is_not(site: Site) -> None:
    """# WH-2: and what was read already is not new."""
    events = [{"event": "deferred", "sg_event_id": "a"}]
    assert post(site, events) == 200
    assert post(site, events, age=timedelta(hours=24)) == 200
    assert post(site, events, age=timedelta(days=7)) == 403
    assert post(site, events, age=timedelta(minutes=-6)) == 403
    assert details(site) == ["deferred"]


def test_three_megabytes_are_too_much_and_768_kilobytes_are_not(site: Site) -> None:
    """# WH-1"""
    assert post(site, b"[" + b" " * 3_000_000 + b"]") == 413
    assert post(site, b"[" + b" " * 768_000 + b"]") == 200
    assert site.count(EventPost) == 0


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a": 1}', b"[[[", b"\0"])
def test_what_is_signed_and_no_post_of_events_is_answered_and_stays(
    site: Site, body: bytes
) -> None:
    """# WH-3: asking for it again would bring the same bytes."""
    assert post(site, body) == 200
    assert site.count(EventPost) == 1


def test_every_string_of_a_post_is_hostile(site: Site) -> None:
    """# WH-7: cut, on one line, and stored as what it is: text."""
    fields = ("event", "email", "reason", "response", "status", "bounce_classification", "type",
              "category", "url", "useragent", "ip", "sg_event_id", "sg_message_id", "d", "b")  # fmt: skip
    assert (
        post(site, [dict.fromkeys(fields, HOSTILE * 200), {"event": "bounce", "reason": HOSTILE}])
        == 200
    )
    assert site.count(StoredEvent) == 2
    assert site.count(EventPost) == 0
    for detail in details(site):
        assert len(detail) <= 2_000
        assert detail.isprintable()
