"""SendGrid through the official client, against a server that fails (RULES §1, T5)."""

import re
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from newsletter.errors import ProviderError, ProviderMisused, ProviderRefused, ProviderUnavailable
from newsletter.providers.sendgrid import SendGrid
from tests.doubles.sendgrid_server import HTML, KEY, Fault, SendGridDouble
from tests.newsletter.providers.at_sendgrid import ALL, DOUBT, FAILED, OK, TEN, sendgrid
from tests.newsletter.providers.contract import (
    EMAIL,
    Contract,
    Post,
    Received,
    envelope,
    outcome,
    send,
)


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
    # The double holds its answer back for a minute; a busy machine may take half of one.
    assert time.monotonic() - started < 30
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
    first = [one.status for one in next(results)]
    double.plan(Fault(503))
    with pytest.raises(ProviderUnavailable):
        next(results)
    mailing.close()
    assert first == [OK] * 1000
    assert double.to == [one.address for one in people[:1000]]


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
