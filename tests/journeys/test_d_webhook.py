"""Journey D: what the provider reports comes back signed, counts once, and changes what it must."""

import base64
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.doubles.sendgrid_mail import Accepted
from tests.doubles.sendgrid_server import KEY, Fault, SendGridDouble
from tests.journeys.house import House

SECRET = ec.generate_private_key(ec.SECP256R1())
PUBLIC = base64.b64encode(
    SECRET.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()


@pytest.fixture
def double() -> Iterator[SendGridDouble]:
    with SendGridDouble() as running:
        yield running


@pytest.fixture
def mailing(tmp_path: Path, double: SendGridDouble) -> House:
    """A house of three readers that sends through SendGrid and reads its reports."""
    house = House(
        tmp_path,
        PROVIDER="sendgrid",
        SENDGRID_API_KEY=KEY,
        SENDGRID_HOST=double.url,
        SENDGRID_WEBHOOK_KEYS=PUBLIC,
        PUBLIC_URL="https://news.ledger.example",
    )
    house.list_with(3)
    return house


def _report(base: str, events: Sequence[dict[str, Any]], *, signed: bool = True) -> int:
    body = json.dumps(events).encode() + b"\r\n"
    timestamp = str(int(time.time()))
    signature = SECRET.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
    headers = {
        "Content-Type": "application/json",
        "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
    }
    sent = body if signed else body.replace(b"processed", b"delivered")
    request = Request(f"{base}/webhooks/sendgrid", data=sent, headers=headers)  # noqa: S310
    try:
        with urlopen(request, timeout=20) as answer:  # noqa: S310 (loopback only)
            status: int = answer.status
            return status
    except HTTPError as error:
        with error:
            return error.code


def _event(name: str, one: Accepted, **more: str) -> dict[str, Any]:
    return {
        "event": name,
        "email": one.to,
        "timestamp": int(time.time()),
        "sg_event_id": f"{name}-{one.to}",
        **one.custom_args,
        **more,
    }


def test_a_lost_answer_is_in_doubt_until_an_event_proves_each_mail(
    mailing: House, double: SendGridDouble
) -> None:
    # The first call is the sandbox's, which tries the sender.
    double.plan(Fault(200), Fault(breaks="reset", takes=True))
    mailing.run("send", mailing.note(), "--yes", "--no-test", "--no-live-check", "--wait", code=1)
    assert mailing.json("show", "a-note")["in_doubt"] == 3
    events = [_event("processed", one) for one in double.accepted]
    with mailing.serving("--no-worker") as base:
        assert _report(base, events, signed=False) == 403
        assert mailing.json("show", "a-note")["in_doubt"] == 3
        assert _report(base, events[:2]) == 200
        # It is answered first and read then.
        assert any(mailing.json("show", "a-note")["in_doubt"] == 1 for _ in range(50))
        assert _report(base, events) == 200
    issue = mailing.json("show", "a-note")
    assert (issue["state"], issue["submitted"], issue["in_doubt"]) == ("sent", 3, 0)
    assert len(double.to) == 3


def test_a_dead_address_and_a_complaint_are_mailed_no_more(
    mailing: House, double: SendGridDouble
) -> None:
    """# WH-4, WH-6 and WH-9: twice is once, a block is not the person's fault."""
    mailing.run("send", mailing.note("first"), "--yes", "--no-test", "--no-live-check", "--wait")
    one, two, three = double.accepted
    events = [
        _event("bounce", one, type="bounce", bounce_classification="Invalid Address"),
        _event("bounce", two, type="blocked", status="5.7.1", reason="<script>alert(1)</script>"),
        _event("spamreport", three),
        {"event": "of the future", "sg_event_id": "x", "timestamp": "soon"},
    ]
    with mailing.serving("--no-worker") as base:
        assert _report(base, events) == 200
        assert _report(base, list(reversed(events))) == 200
    assert mailing.json("lists", "show", "ledger")[0]["active"] == 1
    assert "bounced" in mailing.run("subscribers", "show", one.to)
    told = mailing.run("subscribers", "show", three.to)
    assert "complained" in told
    assert told.count("left The Monthly Ledger") == 1
    mailing.run("send", mailing.note("second"), "--yes", "--no-test", "--no-live-check", "--wait")
    assert double.to[3:] == [two.to]


def test_without_a_key_there_is_no_such_page(house: House) -> None:
    """Unsigned reports would let anybody suppress anybody."""
    house.list_with(1)
    with house.serving("--no-worker") as base:
        assert _report(base, []) == 404
