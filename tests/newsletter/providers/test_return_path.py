"""Where bounces go, and back: one address for all mails, or one for each (VERP)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.headers import address
from newsletter.errors import SettingsError
from newsletter.keys import KeyRing
from newsletter.links import Links
from newsletter.providers.return_path import ReturnPath
from newsletter.providers.smtp import Smtp
from tests.doubles.smtp_server import SmtpDouble
from tests.newsletter.house import KEY
from tests.newsletter.providers.contract import EMAIL, envelope

LINKS = Links("https://news.example.org", KeyRing([KEY]))


@given(issue=st.integers(1, 2**31), person=st.integers(1, 2**40), shout=st.booleans())
def test_each_mail_has_an_address_of_its_own_that_names_it(
    issue: int, person: int, shout: bool
) -> None:
    """Also in capitals, or in none: servers may change them."""
    path = ReturnPath("bounces+*@ledger.example")
    token = LINKS.seal_delivery(issue, person)
    written = path.of(token)
    assert address(written) == written
    assert len(written.partition("@")[0]) <= 64
    assert path.tokens(written.upper() if shout else f"<{written}>") == [token]


def test_one_address_for_all_names_no_mail() -> None:
    path = ReturnPath("bounces@ledger.example")
    assert path.of(LINKS.seal_delivery(1, 1)) == path.address == "bounces@ledger.example"
    assert path.tokens("bounces@ledger.example") == []
    assert ReturnPath("*@b.ledger.example").address == "goodbye@b.ledger.example"


@pytest.mark.parametrize(
    "written",
    ["bounces", "a b@c.example", "*+*@c.example", "<a@b.example>", f"{'x' * 40}@c.example"],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(SettingsError, match="INBOX_ADDRESS"):
        ReturnPath(written)


def test_smtp_names_it_and_the_mail_is_from_the_list_all_the_same(server: SmtpDouble) -> None:
    token = LINKS.seal_delivery(1, 2)
    path = ReturnPath("bounces+*@ledger.example")
    mailing = Smtp(server.url, bounces=path).prepare(EMAIL)
    one = envelope(1)
    list(mailing.send([type(one)(one.address, token, one.name, one.values)]))
    mailing.close()
    (taken,) = server.taken
    assert taken.sender == path.of(token)
    # `doctor` asks for the sender that the mails will have.
    Smtp(server.url, bounces=path).check(EMAIL.sender)
    assert "MAIL FROM:<bounces+goodbye@ledger.example>" in server.commands
    assert b"From: The Monthly Ledger <" in taken.data.replace(b'"', b"")
