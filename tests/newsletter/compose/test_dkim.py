"""DKIM: RFC 6376, RFC 8463, RFC 8058 §4; OpenDKIM is the judge."""

import re
import subprocess
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from newsletter.compose import Composer
from newsletter.compose.dkim import Signer
from newsletter.declared import DkimKey
from newsletter.errors import ProviderMisused, Unmailable
from newsletter.message import Envelope, Mailbox, RenderedEmail
from newsletter.providers import provider_of
from newsletter.providers.signing import Signers
from newsletter.slots import hole
from tests.conftest import need
from tests.newsletter import mime_reader
from tests.newsletter.house import settings_for

NOW = datetime(2026, 11, 24, 9, 30, 15, tzinfo=UTC)
RSA = rsa.generate_private_key(65537, 2048)
ED25519 = ed25519.Ed25519PrivateKey.generate()
Key = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
EMAIL = RenderedEmail(
    Mailbox("editors@ledger.example", "Die Zürcher, Monats-Post"),
    "Grüße aus dem November, und was daraus wurde, nachdem wir es hier zuletzt schrieben",
    html=f"<p>Gr\u00fc\u00dfe  {hole('token')}</p>\n<pre>  a   b</pre>\n",
    text=f"Grüße, \n> .\n\n -- \n{hole('token')}\n\n\n",
    headers=(
        ("List-Id", "<ledger.ledger.example>"),
        ("List-Unsubscribe", f"<https://l.example/u/{hole('token')}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ),
)
Judge = Callable[[Key, bytes], bool]


def pem(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def published(key: Key) -> str:
    """Return what the domain says of the key in its DNS."""
    public = key.public_key()
    if isinstance(public, ed25519.Ed25519PublicKey):
        kind, raw = "ed25519", public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    else:
        kind, raw = "rsa", public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k={kind}; p={b64encode(raw).decode()}"


@pytest.fixture
def passes(tmp_path: Path) -> Judge:
    """Return whether OpenDKIM finds the signature of ledger.example good."""
    program = need("opendkim")["opendkim"]

    def judge(key: Key, message: bytes) -> bool:
        records, rules, mail = (tmp_path / name for name in ("dns", "conf", "mail.eml"))
        records.write_text(f"s1._domainkey.ledger.example {published(key)}\n")
        rules.write_text(f"Mode v\nSyslog no\nTestDNSData file:{records}\n")
        mail.write_bytes(message)
        done = subprocess.run(
            [program, "-x", rules, "-t", mail, "-v", "-v"],
            capture_output=True,
            text=True,
            check=True,
        )
        found = re.search(r"dkim=(\w+)", done.stdout)
        assert found, done
        return found[1] == "pass"

    return judge


def signed(key: Key, email: RenderedEmail = EMAIL) -> bytes:
    signer = Signer(pem(key), domain="ledger.example", selector="s1")
    to = Envelope("reader@example.org", "sealed", "Ünal 王", {"token": "tok"})
    return Composer(email, domain="ledger.example", signer=signer).message(to, date=NOW)


@pytest.mark.part("opendkim")
@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_another_program_finds_every_message_whole(key: Key, passes: Judge) -> None:
    message = signed(key)
    assert passes(key, message)
    for before, after in (
        (b"<https://l.example/u/tok>", b"<https://evil.example/u/tok>"),
        (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b""),
        (b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\r\nFrom: x@evil.example\r\n"),
        (b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\r\nReply-To: x@evil.example\r\n"),
        (b"tok=\r\n", b"tik=\r\n"),
    ):
        assert before in message
        assert not passes(key, message.replace(before, after, 1)), after
    # What servers on the way may do to a header.
    folded = message.replace(b"List-Id: <", b"list-ID:\r\n\t <").replace(b"To: ", b"To:   ", 1)
    assert passes(key, b"Received: from here\r\n" + folded)


def test_both_headers_of_one_click_leaving_are_signed() -> None:
    """RFC 8058 §4: a receiver may ignore them otherwise."""
    message = mime_reader.read(signed(ED25519))
    tags = dict(part.strip().split("=", 1) for part in message.one("DKIM-Signature").split(";"))
    names = re.sub(r"\s", "", tags["h"]).split(":")
    assert {"list-unsubscribe", "list-unsubscribe-post", "from", "to", "date"} <= set(names)
    # Once more than they stand: none can be added unseen.
    assert names.count("list-unsubscribe") == 2
    assert names.count("from") == 2
    assert names.count("reply-to") == 1
    assert (tags["d"], tags["s"], tags["t"]) == ("ledger.example", "s1", str(int(NOW.timestamp())))


def test_the_same_mail_is_signed_alike_in_lines_that_are_short() -> None:
    assert signed(RSA) == signed(RSA)
    head = signed(RSA).partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(map(len, head)) <= 76


@pytest.mark.parametrize(
    "key",
    [
        b"",
        b"no key",
        pem(ec.generate_private_key(ec.SECP256R1())),
        pem(ED25519).replace(b"M", b"N"),
    ],
)
def test_what_is_no_key_is_refused(key: bytes) -> None:
    with pytest.raises(Unmailable, match="DKIM"):
        Signer(key, domain="ledger.example", selector="s1")


def test_the_key_of_the_nearest_domain_signs(tmp_path: Path) -> None:
    """RFC 7489 §3.1.1: the domain that signs is From's, or one above it."""
    file = tmp_path / "key.pem"
    file.write_bytes(pem(ED25519))
    signers = Signers(
        {
            "ledger.example": DkimKey(selector="a", key=file),
            "news.ledger.example": DkimKey(selector="b", key=file),
        }
    )

    def signs(address: str) -> str:
        signer = signers.of(address)
        if signer is None:
            return ""
        found = re.search(rb" d=([^;]+)", signer.signature(signed(ED25519), date=NOW))
        assert found
        return found[1].decode()

    assert signs("a@ledger.example") == "ledger.example"
    assert signs("a@NEWS.ledger.example") == "news.ledger.example"
    assert signs("a@mail.news.ledger.example") == "news.ledger.example"
    assert signs("a@oldledger.example") == ""
    assert signs("a@example") == ""


@pytest.mark.parametrize("provider", ["outbox", "smtp"])
def test_a_key_that_cannot_be_read_is_named_before_anything_leaves(
    tmp_path: Path, provider: str
) -> None:
    file = tmp_path / "key.pem"
    keys = {"ledger.example": {"selector": "s1", "key": file}}
    smtp = "smtp://127.0.0.1:9?starttls=never"
    settings = settings_for(
        "sqlite:///:memory:", tmp_path, provider=provider, dkim=keys, smtp_url=smtp
    )
    for why in ("No such file", "no private key"):
        with pytest.raises(ProviderMisused, match=why):
            provider_of(settings).check()
        with pytest.raises(ProviderMisused, match=why):
            provider_of(settings).prepare(EMAIL)
        file.write_text("no key")


def test_the_outbox_signs_what_it_writes(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(pem(ED25519))
    keys = {"ledger.example": {"selector": "s1", "key": file}}
    mailing = provider_of(settings_for("sqlite:///:memory:", tmp_path, dkim=keys)).prepare(EMAIL)
    list(mailing.send([Envelope("a@b.example", "sealed", values={"token": "t"})]))
    (mail,) = tmp_path.rglob("*.eml")
    assert mail.read_bytes().startswith(b"DKIM-Signature: v=1; a=ed25519-sha256;")
