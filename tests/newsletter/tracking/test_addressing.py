"""Slots become addresses; what only a recipient has stays a hole."""

import pytest

from newsletter.errors import RenderError
from newsletter.message import Mailbox, RenderedEmail
from newsletter.slots import SLOT, hole, slot
from newsletter.tracking import address, sample
from tests.newsletter.tracking.mails import LINKS, URL, leads, mail


def test_each_slot_gets_its_address_and_a_recipients_own_keep_the_hole() -> None:
    found = address(mail(), LINKS, list_slug="ledger", key="november")
    assert leads(found) == {
        "link/1": URL,
        "archive": "https://news.example.org/archive/ledger/november",
        "subscribe": "https://news.example.org/subscribe/ledger",
        "unsubscribe": f"https://news.example.org/u/{hole('token')}",
        "preferences": f"https://news.example.org/p/{hole('token')}",
        "letter": hole("link"),
        "asset/ab12.png": "https://news.example.org/m/ab12.png",
    }
    assert found.headers == (
        ("List-Archive", "<https://news.example.org/archive/ledger/november>"),
    )


def test_an_address_is_escaped_in_the_html_and_raw_in_the_text() -> None:
    found = address(mail(), LINKS, list_slug="ledger", key="november")
    assert '<a href="https://site.example/a?b=1&amp;c=&#x27;2&#x27;">' in found.html
    assert f"link/1 {URL}\n" in found.text


def test_with_tracking_off_no_link_is_rewritten_and_nothing_is_added() -> None:
    """M-3."""
    found = address(mail(), LINKS, list_slug="ledger", key="november")
    assert found.html.count("<") == mail().html.count("<")
    assert found.text.count(URL) == 1


def test_no_slot_is_left_anywhere() -> None:
    for found in (
        address(mail(), LINKS, list_slug="ledger", key="november"),
        sample(mail(), LINKS, list_slug="ledger", key="november"),
    ):
        assert SLOT.search(f"{found.html}{found.text}{found.headers}") is None


@pytest.mark.parametrize("name", ["link/2", "archiv", "link/x"])
def test_a_slot_that_nobody_knows_is_refused_and_never_mailed(name: str) -> None:
    email = RenderedEmail(Mailbox("a@b.example"), "", html="", text=slot(name))
    for fill in (address, sample):
        with pytest.raises(RenderError, match=name):
            fill(email, LINKS, list_slug="ledger", key="november")
