"""SMTP over several connections: a message on each before an answer is waited for."""

import time
from collections.abc import Iterator

import pytest

from newsletter.errors import ProviderRefused, ProviderUnavailable
from newsletter.message import SendStatus
from newsletter.providers.smtp import Smtp
from newsletter.providers.smtp_opening import Timeouts
from newsletter.providers.smtp_session import AnswerLost, Mail
from tests.doubles.smtp_server import HANG_UP, MEETS, SILENT, SmtpDouble
from tests.newsletter.providers.contract import EMAIL, envelope, outcome

QUICK = Timeouts(connect=2, command=2, data=2, block=2, final=2, goodbye=2)
OK, FAILED, DOUBT, UNTRIED = (
    SendStatus.SUBMITTED,
    SendStatus.FAILED,
    SendStatus.IN_DOUBT,
    SendStatus.UNTRIED,
)
BLOCKED = "554 5.7.1 Client host [192.0.2.1] blocked"
PEOPLE = [envelope(number) for number in range(7)]


@pytest.fixture
def server() -> Iterator[SmtpDouble]:
    with SmtpDouble() as running:
        yield running


@pytest.fixture
def smtp(server: SmtpDouble) -> Smtp:
    return Smtp(server.url, connections=3, timeouts=QUICK)


def test_a_message_is_on_its_way_on_each_connection_before_an_answer_is_waited_for(
    server: SmtpDouble, smtp: Smtp
) -> None:
    server.plan(".", MEETS, MEETS, MEETS)
    assert outcome(smtp, PEOPLE) == ([OK] * 7, None)
    assert sorted(server.to) == [one.address for one in PEOPLE]
    assert server.sessions == 3


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_without_pipelining_each_command_is_under_way_on_each_connection_at_once(
    stage: str,
) -> None:
    with SmtpDouble(pipelining=False) as server:
        server.plan(stage, "", "", "", MEETS, MEETS, MEETS)
        smtp = Smtp(server.url, connections=3, timeouts=QUICK)
        assert outcome(smtp, PEOPLE) == ([OK] * 7, None)
        assert server.sessions == 3
        assert server.early == []


def test_no_more_connections_are_opened_than_there_are_messages(
    server: SmtpDouble, smtp: Smtp
) -> None:
    assert outcome(smtp, PEOPLE[:2]) == ([OK] * 2, None)
    assert server.sessions == 2


def test_while_results_are_handed_over_nothing_is_on_its_way(
    server: SmtpDouble, smtp: Smtp
) -> None:
    """ENGINE §5: as many as there are connections are the most that can be in doubt."""
    mailing = smtp.prepare(EMAIL)
    came = 0
    for results in mailing.send(PEOPLE):
        came += len(results)
        assert len(server.taken) == came
    mailing.close()
    assert came == 7


@pytest.mark.parametrize("fault", [HANG_UP, SILENT])
def test_an_answer_lost_on_one_connection_leaves_the_others_known(
    server: SmtpDouble, smtp: Smtp, fault: str
) -> None:
    """T6, RFC 1047."""
    server.plan(".", "", "", "", fault)
    statuses, error = outcome(smtp, PEOPLE)
    assert isinstance(error, ProviderUnavailable)
    assert (statuses[:3], sorted(statuses[3:])) == ([OK] * 3, sorted([DOUBT, OK, OK]))
    assert len(server.taken) == 6


def test_whose_answer_was_lost_is_in_doubt_behind_a_refusal_that_may_be_about_us(
    server: SmtpDouble, smtp: Smtp
) -> None:
    """T6: taken by the server, and not to be mailed again."""
    server.plan(f"RCPT {PEOPLE[0].address}", BLOCKED)
    server.plan(".", HANG_UP, HANG_UP)
    statuses, error = outcome(smtp, PEOPLE)
    assert isinstance(error, ProviderUnavailable)
    assert statuses == [UNTRIED, DOUBT, DOUBT]
    assert len(server.taken) == 2


def test_the_time_of_an_answer_runs_from_its_message(
    server: SmtpDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 5321 §4.5.3.2: ten silent connections are ten minutes, not a hundred."""
    server.plan(".", SILENT)
    session = Smtp(server.url, timeouts=Timeouts(final=600)).open("ledger.example")
    mail = Mail("a@ledger.example", "b@example.org", b"Subject: a\r\n\r\na\r\n")
    assert [*session.announcing(mail)] == [None]
    session.push(mail)
    real = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real() + 3600)
    with pytest.raises(AnswerLost, match="timed out"):
        session.settle()


def test_a_refusal_of_us_spares_its_recipient_and_keeps_what_others_were_answered(
    server: SmtpDouble, smtp: Smtp
) -> None:
    server.plan(f"RCPT {PEOPLE[0].address}", "451 4.7.0 too much mail from you")
    statuses, error = outcome(smtp, PEOPLE)
    assert isinstance(error, ProviderUnavailable)
    assert statuses == [UNTRIED, OK, OK]
    assert sorted(server.to) == [one.address for one in PEOPLE[1:3]]


def test_a_server_that_lets_in_fewer_connections_gets_everything_over_those(
    server: SmtpDouble, smtp: Smtp
) -> None:
    server.plan("CONNECT", "", "421 4.7.0 too many connections")
    mailing = smtp.prepare(EMAIL)
    for people in (PEOPLE, PEOPLE):
        assert [one.status for some in mailing.send(people) for one in some] == [OK] * 7
    mailing.close()
    assert server.to == [one.address for one in PEOPLE] * 2
    assert server.sessions == 2


def test_after_an_error_what_was_announced_is_taken_back_and_a_new_call_begins_anew(
    server: SmtpDouble, smtp: Smtp
) -> None:
    server.plan(".", "451 4.3.1 full")
    mailing = smtp.prepare(EMAIL)
    with pytest.raises(ProviderUnavailable):
        list(mailing.send(PEOPLE))
    assert [one.status for some in mailing.send(PEOPLE[3:]) for one in some] == [OK] * 4
    mailing.close()
    assert len(server.taken) == 2 + 4
    assert server.sessions == 6


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "."])
def test_a_session_that_ends_between_rounds_is_opened_again(
    server: SmtpDouble, smtp: Smtp, stage: str
) -> None:
    """T6: 421 mid-session."""
    server.plan(stage, "", "", "", "421 4.3.0 closing")
    assert outcome(smtp, PEOPLE) == ([OK] * 7, None)
    assert sorted(server.to) == [one.address for one in PEOPLE]
    assert server.sessions == 4


def test_refusals_of_many_in_a_row_over_several_rounds_blame_nobody(
    server: SmtpDouble, smtp: Smtp
) -> None:
    server.plan("RCPT", *[BLOCKED] * 30)
    people = [envelope(number) for number in range(20)]
    statuses, error = outcome(smtp, people)
    assert (statuses, type(error)) == ([], ProviderRefused)


@pytest.mark.parametrize("fault", [BLOCKED, "451 4.7.0 too much mail from you"])
def test_refusals_that_blamed_nobody_count_no_more_when_they_are_tried_again(
    server: SmtpDouble, smtp: Smtp, fault: str
) -> None:
    """Whoever resumes after a mend is not stopped by the first who is refused for themselves."""
    people = [envelope(number) for number in range(20)]
    server.plan("RCPT", *[BLOCKED] * 9, *[fault] * 3)
    mailing = smtp.prepare(EMAIL)
    with pytest.raises((ProviderRefused, ProviderUnavailable)):
        list(mailing.send(people))
    server.plans.clear()
    server.plan(f"RCPT {people[0].address}", BLOCKED)
    told = [one.status for some in mailing.send(people[:9]) for one in some]
    mailing.close()
    assert told == [FAILED] + [OK] * 8


def test_a_few_refusals_that_another_is_taken_behind_are_of_their_recipients(
    server: SmtpDouble, smtp: Smtp
) -> None:
    for one in PEOPLE[:4]:
        server.plan(f"RCPT {one.address}", BLOCKED)
    assert outcome(smtp, PEOPLE) == ([FAILED] * 4 + [OK] * 3, None)


def test_after_an_error_no_connection_is_opened_again(server: SmtpDouble, smtp: Smtp) -> None:
    """A server that went down is asked once, not once for each connection."""
    server.plan(".", "", "", "", *["421 4.3.0 closing"] * 3)
    server.plan("CONNECT", "", "", "", *["421 4.3.2 down"] * 3)
    statuses, error = outcome(smtp, PEOPLE)
    assert (statuses, type(error)) == ([OK] * 3, ProviderUnavailable)
    assert server.sessions == 4


def test_a_call_whose_end_nobody_waited_for_is_no_outage_of_the_next(
    server: SmtpDouble, smtp: Smtp
) -> None:
    """As when the database is away: what was announced on new connections is taken back."""
    server.plan("RCPT", BLOCKED)
    nobody = PEOPLE[1]._replace(address="nobody")
    mailing = smtp.prepare(EMAIL)
    for _ in mailing.send([PEOPLE[0], nobody, nobody, *PEOPLE[3:]]):
        break
    assert [one.status for some in mailing.send(PEOPLE[3:]) for one in some] == [OK] * 4
    mailing.close()
    assert sorted(server.to) == [one.address for one in PEOPLE[3:]]


def test_a_defect_while_messages_are_on_their_way_leaves_no_connection_out_of_step() -> None:
    with SmtpDouble(pipelining=False) as server:
        mailing = Smtp(server.url, connections=3, timeouts=QUICK).prepare(EMAIL)
        with pytest.raises(KeyError):
            list(mailing.send([*PEOPLE[:6], PEOPLE[6]._replace(values={})]))
        assert [one.status for some in mailing.send(PEOPLE[3:]) for one in some] == [OK] * 4
        mailing.close()
