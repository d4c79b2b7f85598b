"""SMTP against servers that behave and servers that do not (T6, S-19, ENGINE §5)."""

import getpass
import subprocess
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.errors import ProviderRefused, ProviderUnavailable, Unmailable
from newsletter.message import Mailbox, SendStatus
from newsletter.providers.smtp import Smtp
from newsletter.providers.smtp_opening import Timeouts
from tests.conftest import need
from tests.doubles.smtp_server import DRIPS, HANG_UP, LAGS, SILENT, SmtpDouble
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
from tests.newsletter.providers.mails import received
from tests.ports import free_port

QUICK = Timeouts(connect=0.3, command=0.3, data=0.3, block=0.3, final=0.3, goodbye=0.3)
OK, FAILED, LATER, DOUBT = (
    SendStatus.SUBMITTED,
    SendStatus.FAILED,
    SendStatus.LATER,
    SendStatus.IN_DOUBT,
)


class TestSmtp(Contract):
    @pytest.fixture(params=[1, 3], ids=["one connection", "three connections"])
    def post(self, server: SmtpDouble, request: pytest.FixtureRequest) -> Post:
        def mails() -> Sequence[Received]:
            assert {one.sender for one in server.taken} <= {SENDER}
            found = [received(one.data) for one in server.taken]
            assert [one.to for one in found] == server.to
            # On several connections they may overtake one another.
            return sorted(found, key=lambda one: one.to)

        nowhere = Smtp("smtp://127.0.0.1:1?starttls=never")
        smtp = Smtp(server.url, connections=request.param)
        return Post(smtp, mails, nowhere, misconfigured=Smtp("mail.example.org"))


@pytest.mark.parametrize(
    ("stage", "reply", "statuses", "error"),
    [
        ("CONNECT", "554 5.3.2 no", [], ProviderRefused),
        ("CONNECT", "421 4.3.2 later", [], ProviderUnavailable),
        ("CONNECT", HANG_UP, [], ProviderUnavailable),
        ("CONNECT", SILENT, [], ProviderUnavailable),
        ("EHLO", HANG_UP, [], ProviderUnavailable),
        ("EHLO", SILENT, [], ProviderUnavailable),
        ("MAIL", "550 5.7.1 not you", [], ProviderRefused),
        ("MAIL", "451 4.3.0 later", [], ProviderUnavailable),
        ("MAIL", "530 5.7.0 log in", [], ProviderRefused),
        ("MAIL", HANG_UP, [], ProviderUnavailable),
        ("MAIL", SILENT, [], ProviderUnavailable),
        ("MAIL", DRIPS, [], ProviderUnavailable),
        ("MAIL", "gibberish", [], ProviderUnavailable),
        ("RCPT", "550 5.1.1 unknown", [FAILED, OK, OK], None),
        ("RCPT", "450 4.2.0 grey", [LATER, OK, OK], None),
        ("RCPT", "554 5.7.1 Relay access denied", [], ProviderRefused),
        ("RCPT", "550 5.4.5 Daily user sending limit exceeded", [], ProviderUnavailable),
        ("RCPT", "421 4.7.0 slow down", [], ProviderUnavailable),
        ("RCPT", HANG_UP, [], ProviderUnavailable),
        ("RCPT", SILENT, [], ProviderUnavailable),
        ("RCPT", "452 4.2.2 mailbox full", [LATER, OK, OK], None),
        ("RCPT", "452 insufficient system storage", [], ProviderUnavailable),
        ("RCPT", "452 4.5.3 too many recipients", [], ProviderUnavailable),
        ("RCPT", "451 4.7.0 too much mail from you", [], ProviderUnavailable),
        ("RCPT", "250 2.1.5", [OK, OK, OK], None),
        ("RCPT", "250", [OK, OK, OK], None),
        ("RCPT", "354 go on", [], ProviderUnavailable),
        ("RSET", "", [OK, OK, OK], None),
        ("DATA", "554 5.5.1 no", [FAILED, OK, OK], None),
        ("DATA", "250 2.0.0 out of step", [], ProviderUnavailable),
        ("DATA", "451 4.3.0 later", [LATER, OK, OK], None),
        ("DATA", "421 4.3.0 closing", [], ProviderUnavailable),
        ("DATA", HANG_UP, [], ProviderUnavailable),
        ("DATA", SILENT, [], ProviderUnavailable),
        (".", "550 5.7.1 spam", [FAILED, OK, OK], None),
        (".", "451 4.2.1 busy", [LATER, OK, OK], None),
        (".", "452 4.3.1 full", [], ProviderUnavailable),
        (".", "550 5.4.5 Daily sending quota exceeded", [], ProviderUnavailable),
        (".", "421 4.3.0 closing", [], ProviderUnavailable),
        (".", HANG_UP, [DOUBT], ProviderUnavailable),
        (".", SILENT, [DOUBT], ProviderUnavailable),
        (".", DRIPS, [DOUBT], ProviderUnavailable),
        (".", "gibberish", [DOUBT], ProviderUnavailable),
        (".", "354 go on", [DOUBT], ProviderUnavailable),
        ("QUIT", "421 4.3.0 closing", [OK, OK, OK], None),
        ("QUIT", "500 5.5.1 no", [OK, OK, OK], None),
        ("QUIT", HANG_UP, [OK, OK, OK], None),
        ("QUIT", SILENT, [OK, OK, OK], None),
    ],
)
def test_a_fault_at_any_stage_of_a_new_session_has_its_outcome(
    server: SmtpDouble, stage: str, reply: str, statuses: list[SendStatus], error: type | None
) -> None:
    """T6."""
    server.plan(stage, reply)
    came, raised = outcome(Smtp(server.url, timeouts=QUICK), [envelope(n) for n in range(3)])
    assert came == statuses
    assert type(raised) is (error or type(None))
    # Whoever was taken is submitted or in doubt, and nobody was taken twice.
    assert len(server.taken) == came.count(OK) + came.count(DOUBT)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("reply", [HANG_UP, SILENT, "421 4.4.2 you had enough"])
def test_a_session_that_ends_between_messages_is_opened_again(
    server: SmtpDouble, stage: str, reply: str
) -> None:
    """T6: 421 mid-session."""
    server.plan(stage, "", "", reply)
    came, raised = outcome(Smtp(server.url, timeouts=QUICK), [envelope(n) for n in range(5)])
    assert (came, raised) == ([OK] * 5, None)
    assert server.to == [f"reader{n}@example.org" for n in range(5)]
    assert server.sessions == 2


def test_where_a_reset_is_refused_nobody_gets_an_empty_message(server: SmtpDouble) -> None:
    """RFC 2920 §3.1: a dot after a group that was refused is for groups without a recipient."""
    server.plan("RCPT", "550 5.1.1 unknown")
    server.plan("DATA", "354 go on")
    server.plan("RSET", "502 5.5.1 no")
    came, raised = outcome(Smtp(server.url, timeouts=QUICK), [envelope(n) for n in range(3)])
    assert (came, raised) == ([FAILED, OK, OK], None)
    assert server.to == [f"reader{n}@example.org" for n in (1, 2)]
    assert all(one.data for one in server.taken)


def test_after_a_lost_answer_the_rest_goes_on_and_the_doubtful_one_is_not_sent_again(
    server: SmtpDouble,
) -> None:
    """T6, RFC 1047."""
    server.plan(".", "", HANG_UP)
    people = [envelope(number) for number in range(4)]
    mailing = Smtp(server.url).prepare(EMAIL)
    results = mailing.send(people)
    assert [one.status for _ in range(2) for one in next(results)] == [OK, DOUBT]
    with pytest.raises(ProviderUnavailable):
        next(results)
    assert [one.status for some in mailing.send(people[2:]) for one in some] == [OK, OK]
    mailing.close()
    assert server.to == [one.address for one in people]


def test_after_a_refusal_the_next_message_begins_anew(server: SmtpDouble) -> None:
    server.plan("RCPT", "550 5.1.1 unknown")
    send(Smtp(server.url), [envelope(0), envelope(1)])
    at = [command.partition(":")[0].upper() for command in server.commands]
    refused = ["MAIL FROM", "RCPT TO", "DATA"] if server.pipelining else ["MAIL FROM", "RCPT TO"]
    whole = ["RSET", "MAIL FROM", "RCPT TO", "DATA"]
    assert at == ["EHLO LEDGER.EXAMPLE", *refused, *whole, "QUIT"]


def test_the_next_message_is_announced_in_the_write_that_ends_the_one_before() -> None:
    """ENGINE §3: a message costs one round trip."""
    with SmtpDouble() as server:
        server.plan(".", LAGS, LAGS, LAGS, "")
        came, _ = outcome(Smtp(server.url, timeouts=QUICK), [envelope(n) for n in range(4)])
        assert came == [OK] * 4
        assert server.sessions == 1


def test_no_message_leaves_before_the_result_of_the_one_before_it_was_taken(
    server: SmtpDouble,
) -> None:
    """ENGINE §5: at most one message is in doubt, though the next is announced already."""
    mailing = Smtp(server.url).prepare(EMAIL)
    results = mailing.send([envelope(n) for n in range(5)])
    for number in range(1, 5):
        next(results)
        assert len(server.taken) == number
    del results
    mailing.close()
    assert len(server.taken) == 4


def test_a_refused_recipient_is_never_followed_by_a_body() -> None:
    """RFC 2920 §3.1: a 354 all the same is answered with an end at once, which reaches nobody."""
    with SmtpDouble() as server:
        server.plan("RCPT", "", "550 5.1.1 unknown")
        server.plan("DATA", "", "354 go on")
        came, error = outcome(Smtp(server.url, timeouts=QUICK), [envelope(n) for n in range(4)])
        assert (came, error) == ([OK, FAILED, OK, OK], None)
        assert server.to == [envelope(n).address for n in (0, 2, 3)]
        assert all(len(one.data) > 500 for one in server.taken)
        assert server.sessions == 1


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ("554 5.7.1 Client host [192.0.2.1] blocked", ProviderRefused),
        ("550 5.7.26 unauthenticated", ProviderRefused),
        ("450 4.7.1 too many recipients from 192.0.2.1", ProviderUnavailable),
        ("451 Temporary local problem", ProviderUnavailable),
    ],
)
def test_when_one_after_the_other_is_refused_nobody_is_to_blame(
    server: SmtpDouble, reply: str, error: type
) -> None:
    """A blocked address of ours, a policy or a rate bounces no person."""
    server.plan("RCPT", "", *[reply] * 20)
    came, raised = outcome(Smtp(server.url, timeouts=QUICK), [envelope(n) for n in range(30)])
    assert came == [OK]
    assert type(raised) is error
    assert len([one for one in server.commands if one.startswith("RCPT")]) <= 12


def test_some_refusals_for_a_policy_are_about_their_recipients(server: SmtpDouble) -> None:
    server.plan("RCPT", *["554 5.7.1 not from you"] * 9, "", *["450 4.7.1 grey"] * 9)
    came, error = outcome(Smtp(server.url), [envelope(n) for n in range(19)])
    assert (came, error) == ([FAILED] * 9 + [OK] + [LATER] * 9, None)


def test_however_many_addresses_are_unknown_each_of_them_fails(server: SmtpDouble) -> None:
    server.plan("RCPT", *["550 5.1.1 unknown"] * 15, *["550 unknown"] * 15)
    came, error = outcome(Smtp(server.url), [envelope(n) for n in range(31)])
    assert (came, error) == ([FAILED] * 30 + [OK], None)


def test_a_relay_that_does_not_know_a_recipient_refuses_them_alone(server: SmtpDouble) -> None:
    """Postfix's words where it relays for a domain and has a table of its people."""
    unknown = "550 5.1.1 <x>: Recipient address rejected: User unknown in relay recipient table"
    server.plan("RCPT", unknown)
    came, error = outcome(Smtp(server.url), [envelope(n) for n in range(2)])
    assert (came, error) == ([FAILED, OK], None)


def test_a_server_that_takes_so_many_a_session_gets_the_rest_in_another(
    server: SmtpDouble,
) -> None:
    server.plan(
        "RCPT", "", "", "452 4.5.3 too many messages", "", "", "452 4.5.3 too many messages"
    )
    came, error = outcome(Smtp(server.url), [envelope(n) for n in range(6)])
    assert (came, error) == ([OK] * 6, None)
    assert server.to == [envelope(n).address for n in range(6)]
    assert server.sessions == 3


def test_a_server_that_knows_no_ehlo_is_greeted_as_of_old(server: SmtpDouble) -> None:
    """RFC 5321 §3.2."""
    server.plan("EHLO", "500 5.5.1 what?")
    assert [one.status for one in send(Smtp(server.url), [envelope(n) for n in range(3)])] == [
        OK
    ] * 3
    assert [one[:4] for one in server.commands[:3]] == ["EHLO", "HELO", "MAIL"]


def test_the_size_of_a_message_is_told_where_the_server_asks_for_it() -> None:
    """RFC 1870: what is too large is refused before it leaves, and then nobody is to blame."""
    with SmtpDouble() as server:
        server.plan("EHLO", "250-double\r\n250-SIZE 1000\r\n250 PIPELINING")
        server.plan("MAIL", "", "552 5.3.4 Message size exceeds fixed limit")
        came, error = outcome(Smtp(server.url), [envelope(n) for n in range(2)])
        assert (came, type(error)) == ([OK], ProviderRefused)
        assert server.commands[1].endswith(f" SIZE={len(server.taken[0].data)}")


@pytest.mark.parametrize(
    "spoken",
    [
        "2500 ok",
        "250",
        "25",
        "250 " + "x" * 50_000,
        "250-" + "\r\n250-" * 200 + "\r\n250 x",
        "199 x",
    ],
)
def test_a_greeting_that_is_no_reply_is_an_outage(server: SmtpDouble, spoken: str) -> None:
    server.plan("CONNECT", spoken)
    came, error = outcome(Smtp(server.url, timeouts=QUICK), [envelope(0)])
    assert came == ([OK] if spoken == "250" else [])
    assert isinstance(error, ProviderUnavailable | None)


def test_a_host_that_is_no_name_is_not_reached_and_marks_nobody() -> None:
    for host in ("a" * 70, "a..example"):
        came, error = outcome(Smtp(f"smtp://{host}:25"), [envelope(0)])
        assert (came, type(error)) == ([], ProviderUnavailable)


def test_a_result_tells_the_reply_and_the_name_of_the_message_in_the_queue(
    server: SmtpDouble,
) -> None:
    server.plan("RCPT", "", "550-5.1.1 unknown\r\n550 5.1.1 user\x07")
    taken, refused = send(Smtp(server.url), [envelope(0), envelope(1)])
    assert taken.reference == "4B1D"
    assert refused.detail.startswith("RCPT: 550 5.1.1 unknown 5.1.1 user")
    assert refused.detail.isprintable()


def test_a_connection_is_kept_from_batch_to_batch(server: SmtpDouble) -> None:
    mailing = Smtp(server.url).prepare(EMAIL)
    for number in range(3):
        list(mailing.send([envelope(number)]))
    mailing.close()
    assert server.sessions == 1
    assert server.commands[-1].upper() == "QUIT"


def test_no_line_of_a_message_can_end_it(server: SmtpDouble) -> None:
    """S-19: SMTP smuggling."""
    smuggled = "\r\n.\r\nMAIL FROM:<x@y.z>\n.\n\r.\r\n."
    email = replace(EMAIL, text=f"{smuggled}{EMAIL.text}", html=f"{smuggled}{EMAIL.html}")
    assert [one.status for one in send(Smtp(server.url), [envelope(0)], email)] == [OK]
    assert len(server.taken) == 1
    assert received(server.taken[0].data).text.startswith("\n.\nMAIL FROM:<x@y.z>\n.\n\n.\n.")


def test_a_sender_no_mail_can_carry_is_refused_before_anything_is_opened(
    server: SmtpDouble,
) -> None:
    with pytest.raises(Unmailable):
        Smtp(server.url).prepare(replace(EMAIL, sender=Mailbox("redaktör@ledger.example")))
    assert server.sessions == 0


@pytest.mark.slow
@pytest.mark.part("smtp-sink")
def test_ten_thousand_recipients_reach_postfixs_smtp_sink_once_each(tmp_path: Path) -> None:
    """Counted by the files that the receiver writes, one a message."""
    folder = tmp_path / "sink"
    folder.mkdir()
    sink = need("smtp-sink")["smtp-sink"]
    port = free_port()
    process = subprocess.Popen(
        (sink, "-u", getpass.getuser(), "-d", f"{folder}/m.", f"127.0.0.1:{port}", "100")
    )
    try:
        smtp = Smtp(f"smtp://127.0.0.1:{port}?starttls=never")
        _until_it_answers(smtp)
        results = send(smtp, [envelope(number) for number in range(10_000)])
    finally:
        process.terminate()
        process.wait()
    assert {result.status for result in results} == {OK}
    tos = []
    for path in folder.iterdir():
        data = path.read_bytes()
        tos += [line for line in data.split(b"\n") if line.startswith(b"X-Rcpt-Args: ")]
    assert sorted(tos) == sorted(
        f"X-Rcpt-Args: <reader{number}@example.org>".encode() for number in range(10_000)
    )


def _until_it_answers(smtp: Smtp) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            return smtp.check()
        except ProviderUnavailable:
            assert time.monotonic() < end


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_server_that_takes_no_letters_beyond_ascii_is_not_asked_and_the_others_get_theirs(
    pipelining: bool,
) -> None:
    """H-4: more of them than would say that it is about us."""
    beyond = [envelope(n, address=f"\u7528{n}@example.org") for n in range(1, 13)]
    with SmtpDouble(pipelining=pipelining) as server:
        results = send(Smtp(server.url, smtputf8=True), [envelope(0), *beyond, envelope(13)])
    assert [one.status for one in results] == [OK, *[FAILED] * 12, OK]
    assert results[1].detail == "RCPT: 553 5.6.7 the mail server does not offer SMTPUTF8"
    assert server.to == ["reader0@example.org", "reader13@example.org"]
