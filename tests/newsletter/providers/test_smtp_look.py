"""A look at a mail server before anything is sent: what refuses us is named with its mend."""

import pytest

from newsletter.errors import ProviderRefused, ProviderUnavailable
from newsletter.message import Mailbox
from newsletter.providers.smtp import Smtp
from newsletter.providers.smtp_opening import Timeouts
from tests.doubles.smtp_server import HANG_UP, SmtpDouble
from tests.newsletter.providers.contract import SENDER

QUICK = Timeouts(connect=0.3, command=0.3, data=0.3, block=0.3, final=0.3, goodbye=0.3)


def test_a_sender_that_the_server_takes_is_named_and_taken_back(server: SmtpDouble) -> None:
    Smtp(server.url).check(Mailbox(SENDER))
    assert server.commands == ["EHLO ledger.example", f"MAIL FROM:<{SENDER}>", "RSET", "QUIT"]
    assert server.taken == []


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ("550 5.7.1 not you", ProviderRefused),
        ("530 5.7.0 log in", ProviderRefused),
        ("451 4.3.0 later", ProviderUnavailable),
        (HANG_UP, ProviderUnavailable),
    ],
)
def test_a_sender_that_may_not_send_is_noticed(
    server: SmtpDouble, reply: str, error: type[Exception]
) -> None:
    server.plan("MAIL", reply)
    with pytest.raises(error):
        Smtp(server.url, timeouts=QUICK).check(Mailbox(SENDER))


def test_a_server_that_refuses_this_machine_does_not_make_us_look_at_the_password(
    server: SmtpDouble,
) -> None:
    server.plan("CONNECT", "554 5.7.1 your address is listed")
    with pytest.raises(ProviderRefused) as caught:
        Smtp(server.url).check(Mailbox(SENDER))
    assert "your address is listed" in str(caught.value)
    assert "password" not in caught.value.mend


def test_who_looks_at_a_server_that_says_nothing_does_not_wait_as_long_as_a_mail() -> None:
    patient = Timeouts()
    assert (patient.command, patient.look.command, patient.look.connect) == (300, 20, 20)
    assert QUICK.look == QUICK


def test_the_port_that_speaks_tls_at_once_is_named() -> None:
    with pytest.raises(ProviderUnavailable) as caught:
        Smtp("smtp://127.0.0.1:465", timeouts=QUICK).check()
    assert "smtps://" in caught.value.mend
