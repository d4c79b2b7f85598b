"""SendGrid through the official client, against a server that fails (RULES §1, T5)."""

import http.server
import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import orjson
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from newsletter.errors import ProviderError, ProviderMisused, ProviderRefused, ProviderUnavailable
from newsletter.message import Mailbox, RenderedEmail, SendStatus, hole
from newsletter.providers.sendgrid import SendGrid
from newsletter.providers.sendgrid_request import MAX_BYTES, Request, groups
from tests.doubles.sendgrid_limits import problems
from tests.doubles.sendgrid_server import HTML, KEY, Fault, SendGridDouble
from tests.newsletter.providers.contract import (
    EMAIL,
    SENDER,
    Contract,
    Post,
    Received,
    envelope,
    outcome,
    send,
)

OK, FAILED, DOUBT = SendStatus.SUBMITTED, SendStatus.FAILED, SendStatus.IN_DOUBT
TEN = [envelope(number) for number in range(10)]
ALL = [one.address for one in TEN]


@pytest.fixture
def double() -> Iterator[SendGridDouble]:
    with SendGridDouble() as running:
        yield running


def sendgrid(double: SendGridDouble, *, deadline: float = 10) -> SendGrid:
    return SendGrid(KEY, host=double.url, deadline=deadline)


class TestSendGrid(Contract):
    @pytest.fixture
    def post(self, double: SendGridDouble) -> Post:
        def mails() -> Sequence[Received]:
            assert double.problems == []
            return [
                Received(
                    one.to,
                    one.name,
                    one.subject,
                    one.text,
                    one.html,
                    {name.lower(): [value] for name, value in one.headers.items()},
                    one.pictures,
                )
                for one in double.accepted
            ]

        return Post(
            sendgrid(double),
            mails,
            nowhere=SendGrid(KEY, host="http://127.0.0.1:1"),
            misconfigured=SendGrid("", host=double.url),
        )


REFUSED_ALL: list[tuple[Fault, type[ProviderError]]] = [
    (Fault(401, body=b'{"errors":[{"message":"Maximum credits exceeded"}]}'), ProviderRefused),
    (Fault(403), ProviderRefused),
    (Fault(404), ProviderMisused),
    (Fault(405), ProviderMisused),
    (Fault(415), ProviderMisused),
    (Fault(429), ProviderUnavailable),
    (Fault(503, body=HTML), ProviderUnavailable),
    (Fault(302, {"Location": "/elsewhere"}), ProviderMisused),
    (Fault(307, {"Location": "/elsewhere"}), ProviderMisused),
    (Fault(400, body=b'{"errors":[{"field":"from.email","message":"x"}]}'), ProviderMisused),
    (Fault(401, body=b'{"errors":[', breaks="cut"), ProviderRefused),
    (Fault(429, body=b"wait", breaks="cut"), ProviderUnavailable),
]


@pytest.mark.parametrize(("fault", "error"), REFUSED_ALL)
def test_what_was_surely_not_accepted_marks_nobody_and_goes_out_later(
    double: SendGridDouble, fault: Fault, error: type[ProviderError]
) -> None:
    """PY-3, PY-4, PY-7, T5."""
    double.plan(fault)
    came, raised = outcome(sendgrid(double), TEN)
    assert (came, type(raised)) == ([], error)
    assert len(double.sizes) == 1
    assert outcome(sendgrid(double), TEN) == ([OK] * 10, None)
    assert double.to == ALL


@pytest.mark.parametrize(
    "fault",
    [
        Fault(500, body=HTML),
        Fault(500, takes=True),
        Fault(502, body=HTML, takes=True),
        Fault(504, body=HTML),
        Fault(504, takes=True),
        Fault(200, takes=True),
        Fault(204, takes=True),
        Fault(202, body=b"{}", takes=True, breaks="cut"),
        Fault(takes=True, breaks="reset"),
        Fault(breaks="reset"),
        Fault(takes=True, breaks="never"),
        Fault(takes=True, breaks="drip"),
    ],
    ids=str,
)
def test_what_may_have_been_accepted_is_in_doubt_and_never_sent_again(
    double: SendGridDouble, fault: Fault
) -> None:
    """PY-1, PY-2, PY-4, PY-5: only a whole 202 counts; a dripping answer ends at the deadline."""
    double.plan(fault)
    started = time.monotonic()
    came, error = outcome(sendgrid(double, deadline=0.5), TEN)
    assert came == [DOUBT] * 10
    assert error is not None
    assert time.monotonic() - started < 5
    assert len(double.sizes) == 1
    assert double.to == (ALL if fault.takes else [])


def test_a_request_that_did_not_leave_whole_was_not_accepted(double: SendGridDouble) -> None:
    """ENGINE §5: not all body bytes written."""
    double.plan(Fault(breaks="early"))
    large = replace(EMAIL, html=EMAIL.html + "x" * 8_000_000)
    came, error = outcome(sendgrid(double), TEN, large)
    assert came == []
    assert isinstance(error, ProviderUnavailable)
    assert outcome(sendgrid(double), TEN, large)[0] == [OK] * 10


def test_a_refusal_in_the_middle_of_a_request_is_heard() -> None:
    """T5: a 413 of a proxy that reads no further."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def refuse() -> None:
            connection, _ = listening.accept()
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")
            # With so much unread this is a reset, and the client is still writing.
            connection.close()

        thread = threading.Thread(target=refuse)
        thread.start()
        host = f"http://127.0.0.1:{listening.getsockname()[1]}"
        large = replace(EMAIL, html="x" * 8_000_000)
        came, error = outcome(SendGrid(KEY, host=host, deadline=5), TEN, large)
        thread.join()
    assert came == []
    assert isinstance(error, ProviderRefused)


@pytest.mark.parametrize(
    ("headers", "low", "high"),
    [
        ({"X-RateLimit-Reset": str(int(time.time()) + 10_000)}, 900, 900),
        ({"X-RateLimit-Reset": "1"}, 0, 0),
        ({"Retry-After": "17"}, 17, 17),
        ({"Retry-After": "soon"}, None, None),
        ({"X-RateLimit-Reset": "nan"}, None, None),
        ({}, None, None),
    ],
)
def test_how_long_to_wait_is_told_when_the_answer_says_so(
    double: SendGridDouble, headers: dict[str, str], low: float | None, high: float | None
) -> None:
    """RULES 1.2, 429."""
    double.plan(Fault(429, headers))
    _, error = outcome(sendgrid(double), TEN)
    assert isinstance(error, ProviderUnavailable)
    if low is None or high is None:
        assert error.retry_after is None
    else:
        assert error.retry_after is not None
        assert low <= error.retry_after <= high


@pytest.mark.parametrize("names_offenders", [True, False])
@pytest.mark.parametrize("bad", [[0], [9], [4], [0, 9], [3, 4, 5], [1, 8]])
def test_a_bad_recipient_is_found_and_fails_alone(bad: list[int], names_offenders: bool) -> None:
    """R-6."""
    refuses = frozenset(ALL[number] for number in bad)
    with SendGridDouble(refuses=refuses, names_offenders=names_offenders) as double:
        results = send(sendgrid(double), TEN)
        assert [result.status for result in results] == [
            FAILED if number in bad else OK for number in range(10)
        ]
        assert double.to == [to for to in ALL if to not in refuses]
        assert all("400" in results[number].detail for number in bad)


@pytest.mark.parametrize(("names_offenders", "calls"), [(True, 2), (False, 21)])
def test_one_bad_recipient_among_a_thousand_costs_few_calls(
    names_offenders: bool, calls: int
) -> None:
    """R-6: the batch is never sent whole again."""
    people = [envelope(number) for number in range(1000)]
    bad = frozenset([people[617].address])
    with SendGridDouble(refuses=bad, names_offenders=names_offenders) as double:
        results = send(sendgrid(double), people)
        assert [n for n, result in enumerate(results) if result.status is not OK] == [617]
        assert len(double.to) == len(set(double.to)) == 999
        assert len(double.sizes) <= calls


def test_when_everybody_is_refused_nobody_is_to_blame() -> None:
    """R-6: what everybody shares is wrong, though no field says so."""
    people = [envelope(number) for number in range(100)]
    everybody = frozenset(one.address for one in people)
    with SendGridDouble(refuses=everybody, names_offenders=False) as double:
        came, error = outcome(sendgrid(double), people)
        assert came == []
        assert isinstance(error, ProviderMisused)
        assert len(double.sizes) < 25


def test_a_single_recipient_refused_for_no_reason_fails(double: SendGridDouble) -> None:
    double.plan(Fault(400))
    assert outcome(sendgrid(double), TEN[:1]) == ([FAILED], None)


def test_a_request_too_large_is_halved(double: SendGridDouble) -> None:
    """RULES 1.2, 413."""
    double.plan(Fault(413), Fault(413))
    assert outcome(sendgrid(double), TEN) == ([OK] * 10, None)
    assert double.to == ALL
    assert [one.request for one in double.accepted] == [3] * 2 + [4] * 3 + [5] * 5


def test_an_outage_in_the_middle_marks_those_before_it_and_nobody_behind(
    double: SendGridDouble,
) -> None:
    people = [envelope(number) for number in range(2500)]
    mailing = sendgrid(double).prepare(EMAIL)
    results = mailing.send(people)
    first = [next(results).status for _ in range(1000)]
    double.plan(Fault(503))
    with pytest.raises(ProviderUnavailable):
        next(results)
    mailing.close()
    assert first == [OK] * 1000
    assert double.to == [one.address for one in people[:1000]]


def test_the_same_address_twice_never_stands_in_one_request(double: SendGridDouble) -> None:
    """ENGINE §4: that is a 400 for all of it."""
    people = [envelope(0), envelope(1, address="READER0@example.org"), envelope(2)]
    assert outcome(sendgrid(double), people) == ([OK] * 3, None)
    assert len(double.sizes) == 2
    assert double.problems == []


def test_each_request_asks_for_no_tracking_and_no_bypass(double: SendGridDouble) -> None:
    """SG-5, SG-6: the double refuses a request that leaves one of them to the account."""
    send(sendgrid(double), TEN)
    assert double.problems == []
    shared = double.accepted[0].shared
    assert [one["enable"] for one in shared["tracking_settings"].values()] == [False] * 4
    assert "mail_settings" not in shared


def test_custom_args_are_the_sealed_names_and_nothing_else(double: SendGridDouble) -> None:
    """SG-7."""
    send(sendgrid(double), TEN[:2])
    assert [one.custom_args for one in double.accepted] == [
        {"d": "sealed0", "b": "sealed-batch"},
        {"d": "sealed1", "b": "sealed-batch"},
    ]


def test_the_reference_is_the_name_of_the_request(double: SendGridDouble) -> None:
    """SG-7."""
    (result,) = send(sendgrid(double), TEN[:1])
    assert re.fullmatch(r"[0-9a-f]{22}", result.reference)


def test_a_value_with_the_tag_of_another_send_arrives_literally(double: SendGridDouble) -> None:
    """SG-4."""
    email = replace(EMAIL, headers=())
    send(sendgrid(double), TEN[:1], email)
    (tag,) = (tag for tag in double.accepted[0].substitutions if "text" in tag)
    send(sendgrid(double), [envelope(1, values={"token": f"{tag} {tag}"})], email)
    assert double.accepted[1].text == EMAIL.text.replace(hole("token"), f"{tag} {tag}")
    assert tag not in double.accepted[1].substitutions


def test_a_name_with_comma_and_semicolon_is_written_without(double: SendGridDouble) -> None:
    """RULES 1.1, names."""
    email = replace(EMAIL, sender=Mailbox("editors@ledger.example", "Ledger, Inc.; Hafenstadt"))
    send(sendgrid(double), [envelope(0, name="Smith, John; Jr.")], email)
    assert double.accepted[0].name == "Smith John Jr."
    assert double.accepted[0].shared["from"]["name"] == "Ledger Inc. Hafenstadt"
    assert double.problems == []


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
    assert [one.status for one in mailing.send(TEN)] == [OK] * 10
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
            assert [one.status for one in mailing.send(TEN)] == [OK] * 10
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


@pytest.mark.parametrize(("number", "calls"), [(999, 1), (1000, 1), (1001, 2), (2000, 2)])
def test_a_request_holds_a_thousand_recipients(
    double: SendGridDouble, number: int, calls: int
) -> None:
    """SG-3: at the limit, one less, one more."""
    results = send(sendgrid(double), [envelope(n) for n in range(number)])
    assert [one.status for one in results] == [OK] * number
    assert len(double.sizes) == calls
    assert double.problems == []


@pytest.mark.parametrize("excess", [-1, 0, 1])
def test_the_values_of_a_recipient_hold_ten_thousand_bytes(
    double: SendGridDouble, excess: int
) -> None:
    """SG-3: at the limit, one less, one more; nobody else is touched."""
    email = replace(EMAIL, html="<p>", headers=())
    send(sendgrid(double), TEN[:1], email)
    ((tag, _),) = double.accepted[0].substitutions.items()
    value = "é" * 4000 + "x" * (10_000 - 8000 - len(tag) + excess)
    people = [envelope(1, values={"token": value}), envelope(2)]
    wanted = [FAILED, OK] if excess > 0 else [OK, OK]
    assert outcome(sendgrid(double), people, email) == (wanted, None)
    assert double.problems == []


def test_a_request_stays_under_twenty_megabytes(double: SendGridDouble) -> None:
    """SG-3."""
    email = replace(EMAIL, html="x" * (MAX_BYTES - 30_000))
    assert outcome(sendgrid(double), [envelope(n) for n in range(120)], email)[0] == [OK] * 120
    assert len(double.sizes) > 1
    assert max(double.sizes) <= MAX_BYTES


names = st.text(max_size=100)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "B", "b", "c", "é", ""]), names, names, names),
        max_size=8,
    ),
    names,
)
def test_whatever_people_type_every_request_is_one_the_schema_takes(
    people: list[tuple[str, str, str, str]], sender: str
) -> None:
    """SG-3, T17: the official description is the oracle."""
    assume("=?" not in sender)
    email = RenderedEmail(
        Mailbox("editors@ledger.example", sender),
        f"For {hole('name')}",
        html=f"<p>{hole('name')}{hole('token')}</p>",
        text=f"{hole('name')} {hole('token')}",
        reply_to=Mailbox("letters@ledger.example", sender),
    )
    request = Request(email)
    rows = []
    for local, name, value, token in people:
        one = envelope(0, address=f"{local}@example.org", name=name)
        values = {"token": token, "name": value}
        if local.isascii() and local:
            rows.append(request.row(replace(one, values=values), "b"))
    for group in groups(request, rows):
        assert list(problems(orjson.loads(request.body(group)))) == []


@pytest.mark.slow
def test_ten_thousand_recipients_are_accepted_once_each(double: SendGridDouble) -> None:
    """T16."""
    people = [envelope(number) for number in range(10_000)]
    results = send(sendgrid(double), people)
    assert {result.status for result in results} == {OK}
    assert double.to == [one.address for one in people]
    assert len(double.sizes) == 10
    assert double.problems == []
    for number, one in enumerate(double.accepted):
        assert one.custom_args["d"] == f"sealed{number}"
        assert set(re.findall(r"token\d+", one.text + one.html + str(one.headers))) == {
            f"token{number}"
        }
