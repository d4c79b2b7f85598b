"""Journey D, to its end: one issue from `send` to the report that tells a scanner from a person.

In this process, so that an hour passes at once; docs/proof.md says what was seen.
"""

import base64
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from newsletter.app import build
from newsletter.cli.command import app as command
from newsletter.settings import load
from newsletter.web.app import create_app, hits_of
from tests.doubles.sendgrid_counting import has_pixel, tracked, visit
from tests.doubles.sendgrid_mail import Accepted
from tests.doubles.sendgrid_server import KEY, SendGridDouble

SECRET = ec.generate_private_key(ec.SECP256R1())
PUBLIC = base64.b64encode(
    SECRET.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()
SENT = datetime(2026, 12, 1, 9, tzinfo=UTC)
POST = """---
title: The harbour and the bridge
slug: december
---
Two stories.

## The harbour is dredged

[The plan](https://city.example/harbour) is out, and [the map](https://city.example/map) too.

## The bridge closes

[The detour](https://city.example/detour) is long.
"""
PHONE = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36",
    "Accept-Language": "de-DE,de;q=0.9",
}
PRESSED = PHONE | {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
DISPLAYED = PHONE | {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
GATEWAY = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0.0.0 Safari/537.36"}


Run = Callable[..., str]


class Town:
    """The provider, the web pages, and whoever asks for them."""

    def __init__(self) -> None:
        self.house = build(load())
        self.hits = hits_of(self.house)
        self.pages = create_app(self.house, self.hits)

    def visitor(self, address: str) -> TestClient:
        """Return a client that comes from an address."""
        return TestClient(self.pages, follow_redirects=False, client=(address, 50000))

    def report(self, *events: dict[str, Any]) -> int:
        """Post events as SendGrid does, signed."""
        body, stamp = json.dumps(events).encode(), str(int(time.time()))
        signature = SECRET.sign(stamp.encode() + body, ec.ECDSA(SHA256()))
        headers = {
            "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
        }
        posted = self.visitor("203.0.113.1").post(
            "/webhooks/sendgrid", content=body, headers=headers
        )
        return posted.status_code


@contextmanager
def at(moment: timedelta) -> Iterator[None]:
    with time_machine.travel(SENT + moment, tick=True):
        yield


@pytest.fixture
def double() -> Iterator[SendGridDouble]:
    with SendGridDouble() as running:
        yield running


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, double: SendGridDouble) -> Run:
    """Run commands in a folder whose provider is a double of SendGrid's."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "PROVIDER": "sendgrid",
        "SENDGRID_API_KEY": KEY,
        "SENDGRID_HOST": double.url,
        "SENDGRID_WEBHOOK_KEYS": PUBLIC,
        "PUBLIC_URL": "https://news.ledger.example",
    }.items():
        monkeypatch.setenv(f"NEWSLETTER_{name}", value)

    def invoke(*words: str) -> str:
        answer = CliRunner().invoke(command, words)
        assert answer.exit_code == 0, f"{words}\n{answer.output}\n{answer.exception}"
        return answer.output

    return invoke


def event(name: str, mail: Accepted, **more: Any) -> dict[str, Any]:
    return {
        "event": name,
        "timestamp": int(time.time()),
        "sg_event_id": f"{name}-{mail.to}",
        **mail.custom_args,
        **more,
    }


def paths(mail: Accepted, kind: str) -> list[str]:
    found = re.findall(rf'(?:href|src)="https://news\.ledger\.example(/{kind}/[^"]+)"', mail.html)
    return list(dict.fromkeys(found))


def send(run: Run, folder: Path, readers: Sequence[str]) -> Town:
    run(
        "lists", "add", "ledger", "--name", "The Ledger", "--from", "Ledger <a@ledger.example>",
        "--postal", "12 Quay Street, Hafenstadt", "--privacy-url", "https://ledger.example/privacy/",
    )  # fmt: skip
    (folder / "readers.csv").write_text("\n".join(["email", *readers]), encoding="utf-8")
    run("subscribers", "import", "readers.csv", "--i-have-consent", "asked at the harbour")
    (folder / "december.md").write_text(POST, encoding="utf-8")
    run("send", "december.md", "--yes", "--no-test", "--no-live-check", "--wait")
    return Town()


def test_a_report_tells_the_scanner_from_the_person(
    run: Run, double: SendGridDouble, tmp_path: Path
) -> None:
    """# M-1, M-4, WH-4, WH-9"""
    readers = [*(f"reader{one}@quay.example" for one in range(8)), "x@gmail.com", "y@gmail.com"]
    with at(timedelta()):
        town = send(run, tmp_path, readers)
    mails = {mail.to: mail for mail in double.accepted}
    assert sorted(mails) == sorted(readers)
    gone, full, angry, scanned, ada, bo, cy, _ = (mails[one] for one in readers[:8])
    links, (pixel,) = paths(ada, "c"), paths(ada, "o")
    assert len(links) == 3

    # A gateway tries every link the moment the mail is there, and the pixel.
    with at(timedelta(seconds=40)):
        assert town.report(*(event("processed", mail) for mail in mails.values())) == 200
        gateway = town.visitor("209.222.82.17")
        for path in paths(scanned, "c"):
            assert gateway.head(path, headers=GATEWAY).status_code == 302
            assert gateway.get(path, headers=GATEWAY).status_code == 302
        gateway.get(paths(scanned, "o")[0], headers=GATEWAY)
        town.visitor("17.58.101.4").get(pixel, headers={"User-Agent": "Mozilla/5.0"})

    # The receiving servers answer; one box is not there, one is full. SendGrid repeats itself.
    with at(timedelta(minutes=2)):
        delivered = [
            event("delivered", mail) for mail in mails.values() if mail not in (gone, full)
        ]
        bounced = event(
            "bounce", gone, type="bounce", status="5.1.1", reason="550 5.1.1 <script>no such user"
        )
        assert town.report(*delivered, bounced, event("deferred", full)) == 200
        assert town.report(bounced, *reversed(delivered)) == 200

    # Twenty minutes later people read.
    with at(timedelta(minutes=20)):
        reader = town.visitor("198.51.100.20")
        reader.get(pixel, headers=DISPLAYED)
        answer = reader.get(links[0], headers=PRESSED)
        assert answer.headers["location"] == "https://city.example/harbour"
        town.visitor("192.0.2.77").get(paths(bo, "c")[2], headers=PRESSED)
        # Something that says too little of itself.
        town.visitor("192.0.2.200").get(links[0], headers={"User-Agent": "Lynx/2.9"})
        assert town.report(event("spamreport", angry)) == 200
        leaving = urlsplit(re.findall(r'href="(https://news[^"]+/u/[^"]+)"', cy.html)[0]).path
        one_click = {"List-Unsubscribe": "One-Click"}
        assert town.visitor("192.0.2.9").post(leaving, data=one_click).status_code == 200

    with at(timedelta(hours=1)):
        town.hits.keep(town.house.database, now=datetime.now(UTC))
        told, found = run("report", "december"), json.loads(run("report", "december", "--json"))
        run("report", "december", "--map", "map.html")
        listed = json.loads(run("recipients", "december", "--json"))
        assert "bounced (address)" in run("recipients", "december")
    town.hits.close()
    town.house.database.close()

    assert (found["submitted"], found["delivered"], found["deferred"]) == (10, 8, 1)
    assert (found["bounced"], found["silent"]) == ({"address": 1}, 0)
    heard = {one["email"]: one["heard"]["kind"] for one in listed if one["heard"]}
    assert (heard[gone.to], heard[full.to], heard[angry.to], heard[ada.to]) == (
        "bounced",
        "deferred",
        "complained",
        "delivered",
    )
    assert (found["complained"], found["hearable"], found["unsubscribed"]) == (1, 8, 1)
    assert found["clicks"] == {"person": 2, "machine": 6, "unknown": 1}
    assert found["opens"] == {"person": 1, "machine": 2, "unknown": 0}
    by_url = {one["url"]: one["clicks"]["person"] for one in found["links"]}
    assert by_url["https://city.example/harbour"] == 1
    assert by_url["https://city.example/map"] == 0
    assert by_url["https://city.example/detour"] == 1
    assert [one["words"] for one in found["stories"]] == ["The plan", "The detour"]
    assert {one["reason"] for one in found["reasons"] if one["visitor"] == "machine"} >= {
        "head",
        "network",
    }
    assert "Whether any of 2 people at Gmail complained" in told
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "2 clicks by persons" in page
    assert "<script" not in told + page


def sign_up(town: Town, email: str, *, agrees: bool) -> None:
    """Fill the form in as a person would, in a while, and agree to be counted or not."""
    person = town.visitor("198.51.100.31")
    with at(timedelta(hours=-2)):
        page = person.get("/subscribe/ledger").text
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert 'name="tracking"' in page
    answer = {"tracking": "yes"} if agrees else {}
    with at(timedelta(hours=-1)):
        sent = person.post("/subscribe/ledger", data={"email": email} | hidden | answer)
    assert sent.status_code in (200, 202)


def test_sendgrid_counts_who_agreed_until_they_take_it_back(
    run: Run, double: SendGridDouble, tmp_path: Path
) -> None:
    """# SG-5, L-1, M-1, M-3: from the form to the report, with nothing counted by us."""
    double.may_count = True
    run(
        "lists", "add", "ledger", "--name", "The Ledger", "--from", "Ledger <a@ledger.example>",
        "--postal", "12 Quay Street, Hafenstadt", "--privacy-url", "https://ledger.example/privacy/",
        "--opt-in", "single", "--clicks", "individual", "--opens", "individual",
        "--counted-by", "provider",
    )  # fmt: skip
    town = Town()
    ada, bo, cy = readers = [f"{name}@quay.example" for name in ("ada", "bo", "cy")]
    for reader in readers:
        sign_up(town, reader, agrees=reader != cy)
    (tmp_path / "december.md").write_text(POST, encoding="utf-8")
    with at(timedelta()):
        run("send", "december.md", "--yes", "--no-test", "--no-live-check", "--wait")
    mails = {mail.to: mail for mail in double.accepted}
    assert sorted(mails) == sorted(double.to) == readers
    assert {to: has_pixel(mail) for to, mail in mails.items()} == {ada: True, bo: True, cy: False}
    assert not any(paths(mail, kind) for mail in mails.values() for kind in ("c", "o"))
    links = tracked(mails[ada])
    assert [link.url.rpartition("/")[2] for link in links] == ["harbour", "map", "detour"]
    assert tracked(mails[cy]) == []

    hour = (SENT + timedelta(hours=1)).timestamp()
    robot = {"useragent": "python-requests/2.32"}
    with at(timedelta(hours=2)):
        told = [
            visit(mails[ada], 1, hour),
            visit(mails[ada], 2, hour + 60, links[2]),
            visit(mails[bo], 3, hour, links[0], **robot),
            visit(mails[cy], 4, hour, links[1]),
        ]
        assert town.report(*told) == town.report(*reversed(told)) == 200
        # Bo takes it back, by the foot of the mail that is out.
        foot = urlsplit(re.findall(r'href="(https://news[^"]+/p/[^"]+)"', mails[bo].html)[0]).path
        bo_again = town.visitor("198.51.100.40")
        assert bo_again.post(foot, data={"action": "no-count"}).status_code == 200
        assert town.report(visit(mails[bo], 5, hour + 90, links[1])) == 200
        text, found = run("report", "december"), json.loads(run("report", "december", "--json"))
        shown = run("show", "december")
    town.hits.close()
    town.house.database.close()

    assert found["clicks"] == {"person": 0, "machine": 1, "unknown": 1}
    assert found["opens"] == {"person": 0, "machine": 0, "unknown": 1}
    assert {one["url"].rpartition("/")[2]: one["clicks"]["unknown"] for one in found["links"]} == {
        "harbour": 0,
        "map": 0,
        "detour": 1,
    }
    for told_there in (text, shown):
        assert "clicks individual, opens individual, by the provider" in told_there
