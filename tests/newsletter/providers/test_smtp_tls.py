"""SMTP with TLS and a login, and what happens without (S-19)."""

import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from newsletter.errors import ProviderRefused, ProviderUnavailable
from newsletter.message import SendStatus
from newsletter.providers.smtp import Smtp
from newsletter.providers.smtp_opening import Timeouts
from tests.doubles.smtp_server import SmtpDouble
from tests.newsletter.providers.contract import (
    envelope,
    outcome,
    send,
)
from tests.newsletter.providers.mails import received
from tests.ports import free_port

QUICK = Timeouts(connect=0.3, command=0.3, data=0.3, block=0.3, final=0.3, goodbye=0.3)
OK, FAILED, LATER, DOUBT = (
    SendStatus.SUBMITTED,
    SendStatus.FAILED,
    SendStatus.LATER,
    SendStatus.IN_DOUBT,
)


class Mailbag:
    """What aiosmtpd received."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], bytes]] = []
        self.options: list[list[str]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.options.append(envelope.mail_options)
        self.mails.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


def controller(bag: Mailbag, **settings: Any) -> Controller:
    def judge(_server: Any, _session: Any, _envelope: Any, _how: str, login: Any) -> AuthResult:
        is_right = (login.login, login.password) == (b"me", b"p/w")
        return AuthResult(success=is_right, handled=False)

    return Controller(
        bag,
        hostname="localhost",
        port=free_port(),
        authenticator=judge,
        ready_timeout=20,
        **settings,
    )


@pytest.fixture
def secured(certificate: tuple[ssl.SSLContext, ssl.SSLContext]) -> Iterator[tuple[Mailbag, int]]:
    """Run aiosmtpd with STARTTLS and AUTH, both required."""
    bag = Mailbag()
    running = controller(bag, tls_context=certificate[0], require_starttls=True, auth_required=True)
    running.start()
    yield bag, running.port
    running.stop()


def test_starttls_and_a_login_carry_the_mail(
    secured: tuple[Mailbag, int], certificate: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    """S-19."""
    bag, port = secured
    smtp = Smtp(f"smtp://me:p%2Fw@localhost:{port}", context=certificate[1])
    smtp.check()
    assert [one.status for one in send(smtp, [envelope(n) for n in range(3)])] == [OK] * 3
    assert [to for to, _ in bag.mails] == [[f"reader{n}@example.org"] for n in range(3)]
    assert [received(data).to for _, data in bag.mails] == [
        f"reader{n}@example.org" for n in range(3)
    ]


def test_a_server_that_knows_only_login_is_logged_in_to(
    certificate: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    bag = Mailbag()
    running = controller(
        bag, tls_context=certificate[0], auth_required=True, auth_exclude_mechanism=["PLAIN"]
    )
    running.start()
    try:
        url = f"smtp://me:p%2Fw@localhost:{running.port}"
        assert [one.status for one in send(Smtp(url, context=certificate[1]), [envelope(0)])] == [
            OK
        ]
    finally:
        running.stop()
    assert len(bag.mails) == 1


def test_letters_beyond_ascii_before_the_at_go_to_a_server_that_takes_them(
    certificate: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    """H-4: and nobody else's mail needs the extension."""
    bag = Mailbag()
    running = controller(bag, tls_context=certificate[0], enable_SMTPUTF8=True)
    running.start()
    readers = [envelope(0), envelope(1, address="\u7528\u6237@b\u00fccher.example"), envelope(2)]
    try:
        url = f"smtp://localhost:{running.port}"
        smtp = Smtp(url, context=certificate[1], smtputf8=True)
        assert [one.status for one in send(smtp, readers)] == [OK] * 3
        refusing = Smtp(url, context=certificate[1])
        assert [one.status for one in send(refusing, readers)] == [OK, FAILED, OK]
    finally:
        running.stop()
    wire = "\u7528\u6237@xn--bcher-kva.example"
    assert [to for to, _ in bag.mails[:3]] == [
        ["reader0@example.org"],
        [wire],
        ["reader2@example.org"],
    ]
    assert ["SMTPUTF8" in options for options in bag.options[:3]] == [False, True, False]
    assert f"\r\nTo: Reader 1 <{wire}>\r\n".encode() in bag.mails[1][1]
    assert bag.mails[0][1].isascii()


def test_words_slipped_in_before_tls_are_never_read_as_the_servers(
    server: SmtpDouble, certificate: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    """S-19, CVE-2011-0411."""
    server.plan("EHLO", "250-double\r\n250 STARTTLS")
    server.plan("STAR", "220 go on\r\n250-double\r\n250 AUTH PLAIN")
    url = server.url.replace("//", "//me:pw@").replace("?starttls=never", "")
    came, error = outcome(Smtp(url, context=certificate[1]), [envelope(0)])
    assert came == []
    assert isinstance(error, ProviderUnavailable)
    assert server.commands[-1] == "STARTTLS"


def test_a_wrong_password_stops_everything_and_marks_nobody(
    secured: tuple[Mailbag, int], certificate: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    bag, port = secured
    smtp = Smtp(f"smtp://me:canary@localhost:{port}", context=certificate[1])
    came, error = outcome(smtp, [envelope(0)])
    assert (came, bag.mails) == ([], [])
    assert isinstance(error, ProviderRefused)
    assert "canary" not in f"{error} {error.mend}"


def test_a_certificate_that_nobody_vouches_for_is_refused(secured: tuple[Mailbag, int]) -> None:
    """S-19."""
    bag, port = secured
    came, error = outcome(Smtp(f"smtp://me:p%2Fw@localhost:{port}"), [envelope(0)])
    assert (came, bag.mails) == ([], [])
    assert isinstance(error, ProviderRefused)
    assert "certificate" in str(error)


@pytest.mark.parametrize("login", ["", "me:pw@"])
def test_a_server_without_starttls_gets_neither_password_nor_mail(
    server: SmtpDouble, login: str
) -> None:
    """S-19: a downgrade."""
    url = server.url.replace("smtp://", f"smtp://{login}").replace("?starttls=never", "")
    came, error = outcome(Smtp(url), [envelope(0)])
    assert came == []
    assert isinstance(error, ProviderRefused)
    assert server.taken == []
    assert {command[:4].upper() for command in server.commands} <= {"EHLO", "QUIT"}


def test_a_server_that_offers_no_login_is_not_used_without_one(server: SmtpDouble) -> None:
    came, error = outcome(Smtp(server.url.replace("//", "//me:pw@")), [envelope(0)])
    assert came == []
    assert isinstance(error, ProviderRefused)


def test_tls_from_the_first_byte_carries_the_mail(
    certificate: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    bag = Mailbag()
    running = controller(bag, ssl_context=certificate[0])
    running.start()
    try:
        port = running.port
        smtp = Smtp(f"smtps://localhost:{port}", context=certificate[1])
        assert [one.status for one in send(smtp, [envelope(0)])] == [OK]
    finally:
        running.stop()
    assert len(bag.mails) == 1
