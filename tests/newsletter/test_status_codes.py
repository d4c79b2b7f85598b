"""Whose fault a refusal is: the code first, the words where it is vague (WH-9)."""

import pytest

from newsletter.message import Cause
from newsletter.status_codes import cause_of, enhanced, is_permanent

ADDRESS = [
    ("5.1.1", "550 5.1.1 The email account that you tried to reach does not exist"),
    ("5.1.2", "Host or domain name not found"),
    ("5.1.10", "RecipientNotFound; Recipient not found by SMTP address lookup"),
    ("5.0.0", "550 No such user here"),
    ("", "550 5.1.1 <ada@x.example>: Recipient address rejected: User unknown in virtual table"),
    ("", "550 5.1.1 <x>: Recipient address rejected: User unknown in relay recipient table"),
    ("5.4.4", "Host unknown"),
    ("", "550 Requested action not taken: mailbox unknown"),
    ("5.2.1", "The email account that you tried to reach is disabled"),
    ("5.1.0", "Address rejected"),
    # What an address is called is no reason.
    ("5.1.1", "550 5.1.1 <ada@contentblocks.example>: user unknown"),
    ("5.1.1", "550 5.1.1 no mailbox full@quay.example"),
    ("5.1.1", "550 5.1.1 cannot be successfully delivered"),
    ("", "550 Recipient <policy@spamwatch.example> not found"),
]
MAILBOX = [
    ("5.2.2", "552 5.2.2 The recipient's inbox is out of storage space"),
    ("4.2.2", "452 Mailbox full"),
    ("5.0.0", "User has exceeded storage limit"),
    ("", "552 MailboxFull (ada@quay.example)"),
    ("5.1.1", "550 5.1.1 quota exceeded"),
    ("4.2.1", "The user you are trying to contact is receiving mail too quickly"),
]
BLOCK = [
    ("5.7.1", "550 5.7.1 Message rejected due to local policy"),
    ("5.7.26", "This mail has been blocked because the sender is unauthenticated. DMARC"),
    ("5.7.515", "Access denied, sending domain does not meet the required authentication level"),
    ("5.1.1", "550 5.1.1 rejected: listed at zen.spamhaus.org"),
    (
        "",
        "554 Your access to this mail system has been rejected due to the sending MTA's poor reputation",
    ),
    ("5.3.4", "Message too big for system"),
    ("4.7.0", "421 4.7.0 Try again later, closing connection. (greylisted)"),
    ("5.0.0", "Message contains spam content"),
    ("5.4.6", "Routing loop detected"),
    ("", "RCPT: 553 5.6.7 the mail server does not offer SMTPUTF8"),
]
UNCLEAR = [
    ("5.0.0", ""),
    ("", ""),
    ("5.5.0", "Requested action not taken"),
    ("4.4.2", "timeout"),
    # Microsoft 365 says so of whom its directory does not hold, and of all while it has none.
    ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied. [AM0.protection.outlook.com]"),
    ("", "550 5.4.1 [ada@quay.example]: Recipient address rejected: Access denied"),
]


@pytest.mark.parametrize(
    ("status", "words", "cause"),
    [
        *[(*one, Cause.ADDRESS) for one in ADDRESS],
        *[(*one, Cause.MAILBOX) for one in MAILBOX],
        *[(*one, Cause.BLOCK) for one in BLOCK],
        *[(*one, Cause.UNCLEAR) for one in UNCLEAR],
    ],
)
def test_each_refusal_is_laid_at_the_right_door(status: str, words: str, cause: Cause) -> None:
    assert cause_of(status, words) is cause


def test_a_passing_trouble_never_makes_an_address_dead() -> None:
    """A 4 means later, whatever the words are."""
    assert cause_of("4.1.1", "user unknown") is not Cause.ADDRESS
    assert cause_of("450", "450 no such user here, try later") is not Cause.ADDRESS


@pytest.mark.parametrize(
    ("text", "code"),
    [("550 5.1.1 x", "5.1.1"), ("version 2.5.13.4", ""), ("", ""), ("12.5.1.1", "")],
)
def test_an_enhanced_code_is_found_where_there_is_one(text: str, code: str) -> None:
    assert enhanced(text) == code


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        ("5.0.0", True),
        ("550", True),
        ("4.2.2", False),
        ("450", False),
        ("550 4.2.2", False),
        ("", False),
    ],
)
def test_five_means_never_again(status: str, permanent: bool) -> None:
    assert is_permanent(status) is permanent
