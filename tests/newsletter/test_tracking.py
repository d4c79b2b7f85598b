"""Slots become addresses, and the views of everybody hold nothing of anybody."""

import pytest

from newsletter.errors import RenderError
from newsletter.keys import KeyRing
from newsletter.links import Links
from newsletter.message import HOLE, SLOT, Link, Mailbox, RenderedEmail, hole, slot
from newsletter.tracking import address, sample

LINKS = Links("https://news.example.org", KeyRing(["k" * 32]))
URL = "https://site.example/a?b=1&c='2'"
EVERY = ("link/1", "archive", "subscribe", "unsubscribe", "preferences", "letter")


def mail() -> RenderedEmail:
    names = (*EVERY, "asset/ab12.png")
    return RenderedEmail(
        sender=Mailbox("editors@ledger.example"),
        subject=f"For {hole('name')}",
        html="".join(f'<a href="{slot(name)}">{name}</a>' for name in names),
        text="".join(f"{name} {slot(name)}\n" for name in names),
        headers=(("List-Archive", f"<{slot('archive')}>"),),
        links=(Link(1, URL, "here", 1),),
    )


def leads(email: RenderedEmail) -> dict[str, str]:
    return dict(line.split(" ", 1) for line in email.text.splitlines())


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


def test_a_sample_has_the_authors_links_and_nothing_of_a_recipient() -> None:
    found = sample(mail(), LINKS, list_slug="ledger", key="november")
    assert HOLE.search(f"{found.html}{found.text}{found.subject}") is None
    assert found.subject == "For Reader"
    seen = leads(found)
    assert seen["link/1"] == URL
    for name in ("unsubscribe", "preferences", "letter"):
        assert seen[name] == "https://news.example.org/subscribe/ledger"


def test_a_sample_on_a_disk_has_its_pictures_beside_it() -> None:
    found = sample(
        mail(), LINKS, list_slug="ledger", key="november", asset=lambda name: f"m/{name}"
    )
    assert 'href="m/ab12.png"' in found.html


@pytest.mark.parametrize("name", ["link/2", "archiv", "link/x"])
def test_a_slot_that_nobody_knows_is_refused_and_never_mailed(name: str) -> None:
    email = RenderedEmail(Mailbox("a@b.example"), "", html="", text=slot(name))
    for fill in (address, sample):
        with pytest.raises(RenderError, match=name):
            fill(email, LINKS, list_slug="ledger", key="november")
