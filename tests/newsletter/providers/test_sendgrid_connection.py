"""The connection to SendGrid: kept, alone, encrypted; and where the key goes."""

import http.server
import logging
import ssl
import threading

import pytest

from newsletter.errors import ProviderError, ProviderMisused, ProviderRefused, ProviderUnavailable
from newsletter.message import Mailbox
from newsletter.providers.sendgrid import SendGrid
from tests.doubles.sendgrid_server import HTML, KEY, Fault, SendGridDouble
from tests.newsletter.providers.at_sendgrid import OK, TEN, sendgrid
from tests.newsletter.providers.contract import (
    EMAIL,
    SENDER,
    envelope,
    outcome,
    send,
)


def test_the_connection_is_kept_and_one_that_ended_is_opened_again(
    double: SendGridDouble,
) -> None:
    """PY-8."""
    mailing = sendgrid(double).prepare(EMAIL)
    for number in range(5):
        list(mailing.send([envelope(number)]))
    assert double.connections == 1
    double.plan(Fault(503, {"Connection": "close"}))
    with pytest.raises(ProviderUnavailable):
        list(mailing.send(TEN))
    assert [one.status for some in mailing.send(TEN) for one in some] == [OK] * 10
    assert double.connections == 2
    mailing.close()


def test_a_redirect_is_not_followed_and_the_key_goes_nowhere_else(double: SendGridDouble) -> None:
    """PY-5."""
    with SendGridDouble() as thief:
        for status in (301, 302, 303, 307, 308):
            double.plan(Fault(status, {"Location": f"{thief.url}/v3/mail/send"}))
            came, error = outcome(sendgrid(double), TEN)
            assert (came, type(error)) == ([], ProviderMisused)
        assert thief.seen == []
        assert thief.connections == 0


def test_a_proxy_of_the_environment_gets_nothing(
    double: SendGridDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PY-8."""
    with SendGridDouble() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert outcome(sendgrid(double), TEN)[0] == [OK] * 10
        assert proxy.connections == 0


def test_a_call_for_many_leaves_as_the_client_builds_it(double: SendGridDouble) -> None:
    provider = sendgrid(double)
    # This one is built and posted by the client alone.
    provider.check(EMAIL.sender)
    for _ in range(2):
        assert outcome(provider, TEN)[0] == [OK] * 10
    looked, *mails = zip(double.seen, double.authorizations, strict=True)
    assert looked[0][:2] == ("GET", "/v3/scopes")
    assert (len(mails), len(set(mails))) == (3, 1)


def test_no_log_ever_holds_the_key_or_an_address(
    double: SendGridDouble, caplog: pytest.LogCaptureFixture
) -> None:
    """PY-6."""
    caplog.set_level(logging.DEBUG)
    body = b'{"errors":[{"message":"reader0@example.org is bad","field":"from"}]}'
    double.plan(Fault(202, takes=True), Fault(400, body=body), Fault(breaks="reset"))
    provider = sendgrid(double)
    provider.check()
    for _ in range(3):
        outcome(provider, TEN)
    logged = "\n".join(f"{record.getMessage()} {record.args}" for record in caplog.records)
    assert "/v3/mail/send" in logged, "the client's own log was on"
    for secret in (KEY, "Bearer", "@example.org", "@ledger.example", "token0"):
        assert secret not in logged


def test_an_error_never_holds_the_key(double: SendGridDouble) -> None:
    """S-18."""
    key = "SG.canary.of-a-key"
    _, error = outcome(SendGrid(key, host=double.url), TEN)
    assert isinstance(error, ProviderRefused)
    assert "canary" not in f"{error} {error.mend} {vars(SendGrid(key))!r}".replace(
        f"'_key': '{key}'", ""
    )


@pytest.mark.parametrize(
    "host",
    [
        "http://api.sendgrid.com",
        "api.sendgrid.com",
        "https://",
        "https://host:port",
        "https://me:pw@api.sendgrid.com",
        "ftp://localhost",
    ],
)
def test_a_host_that_would_see_the_key_in_the_clear_is_refused(host: str) -> None:
    with pytest.raises(ProviderMisused, match="SENDGRID_HOST"):
        SendGrid(KEY, host=host).prepare(EMAIL)


def test_a_host_that_is_no_name_is_not_reached_and_marks_nobody() -> None:
    """PY-4: DNS."""
    for host in (f"https://{'a' * 70}.example", "https://a..example"):
        came, error = outcome(SendGrid(KEY, host=host), TEN)
        assert (came, type(error)) == ([], ProviderUnavailable)


@pytest.mark.parametrize("key", ["", "a b", "a\r\nX: y", "schlüssel"])
def test_a_key_that_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ProviderMisused, match="SENDGRID_API_KEY"):
        SendGrid(key).prepare(EMAIL)


def test_a_key_without_the_right_to_send_is_noticed(double: SendGridDouble) -> None:
    double.scopes = ["stats.read"]
    with pytest.raises(ProviderRefused, match="may not send"):
        sendgrid(double).check()
    with pytest.raises(ProviderRefused):
        SendGrid("SG.another.key", host=double.url).check()
    assert double.accepted == []


def test_a_sender_is_tried_in_the_sandbox_and_nobody_is_mailed(double: SendGridDouble) -> None:
    """RULES 1.2: 200 is the sandbox's answer, and only there a success."""
    sendgrid(double).check(Mailbox(SENDER, "The Monthly Ledger"))
    assert (double.accepted, double.problems) == ([], [])
    assert [path for _, path, _ in double.seen] == ["/v3/scopes", "/v3/mail/send"]


def test_a_sender_that_is_not_verified_is_noticed(double: SendGridDouble) -> None:
    double.senders = {"others@ledger.example"}
    with pytest.raises(ProviderRefused, match="verified Sender Identity"):
        sendgrid(double).check(Mailbox(SENDER))
    assert double.accepted == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(202, takes=False), ProviderMisused),
        (Fault(400, body=b'{"errors":[{"field":"from","message":"bad"}]}'), ProviderRefused),
        (Fault(503), ProviderUnavailable),
        (Fault(breaks="reset"), ProviderUnavailable),
    ],
)
def test_a_sandbox_that_answers_otherwise_is_not_well(
    double: SendGridDouble, fault: Fault, error: type[ProviderError]
) -> None:
    double.plan(fault)
    with pytest.raises(error):
        sendgrid(double).check(Mailbox(SENDER))


def test_a_host_that_is_not_sendgrid_is_noticed() -> None:
    """PY-7."""

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(HTML)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Site) as site:
        thread = threading.Thread(target=site.serve_forever, args=(0.02,))
        thread.start()
        with pytest.raises(ProviderMisused, match="SENDGRID_HOST"):
            SendGrid(KEY, host=f"http://127.0.0.1:{site.server_port}").check()
        site.shutdown()
        thread.join()


def test_tls_is_verified_and_used(certificate: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    """SG-8: another host, given to the constructor."""
    theirs, ours = certificate
    with SendGridDouble(tls=theirs) as double:
        came, error = outcome(SendGrid(KEY, host=double.url), TEN)
        assert (came, double.to) == ([], [])
        assert isinstance(error, ProviderUnavailable)
        assert "certificate" in str(error)
        mailing = SendGrid(KEY, host=double.url, context=ours).prepare(EMAIL)
        for _ in range(3):
            assert [one.status for some in mailing.send(TEN) for one in some] == [OK] * 10
        mailing.close()
        assert double.connections == 1


def test_threads_share_a_provider_and_mix_nothing(double: SendGridDouble) -> None:
    """PY-9."""
    provider = sendgrid(double)
    people = [[envelope(n) for n in range(start, start + 25)] for start in range(0, 200, 25)]
    threads = [threading.Thread(target=send, args=(provider, mine)) for mine in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(double.to) == sorted(one.address for mine in people for one in mine)
    assert double.problems == []
