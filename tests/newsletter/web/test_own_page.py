"""What the footer's page may do, and what only a link sent to the address itself may."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from newsletter.letters import LetterSender
from newsletter.models import Letter
from subscribers.models import Subscriber
from tests.factories import NOON
from tests.newsletter.web.site import ADA, Site

MINUTE = timedelta(minutes=1)


def press(site: Site, path: str, **sent: str) -> str:
    """Press a button and return the page that follows."""
    answer = site.client.post(path, data=sent)
    assert answer.status_code == 200
    return answer.text


def test_the_footers_page_pauses_goes_on_leaves_and_undoes(site_on_both: Site) -> None:
    site = site_on_both
    path = f"/p/{site.goodbye()}"
    with time_machine.travel(NOON, tick=True):
        states = []
        for action in ("pause", "resume", "leave", "undo", "erase", "name", ""):
            press(site, path, action=action, name="Eve", list_id=str(site.list_id))
            states.append(site.state())
    assert states == ["paused", "active", "unsubscribed", "active", "active", "active", "active"]
    with site.app.database.read() as session:
        assert session.get_one(Subscriber, site.ada).name == "Ada"


def test_a_fresh_link_goes_to_the_address_on_the_list_and_nowhere_else(site_on_both: Site) -> None:
    """The letter is a row; the page shows no link and no address."""
    site = site_on_both
    with time_machine.travel(NOON, tick=True):
        text = press(site, f"/p/{site.goodbye()}", action="fresh", email="eve@readers.example")
    assert "on its way" in text
    assert "/me/" not in text
    assert site.letters("fresh_link") == [ADA]


def test_nobody_fills_an_inbox_with_fresh_links(site_on_both: Site) -> None:
    """Whoever got the mail forwarded may press the button as often as they like."""
    site = site_on_both
    path = f"/p/{site.goodbye()}"
    with time_machine.travel(NOON, tick=True) as clock:
        assert len({press(site, path, action="fresh") for _ in range(5)}) == 1
        assert len(site.letters("fresh_link")) == 1
        clock.move_to(NOON + 16 * MINUTE)
        press(site, path, action="fresh")
        assert len(site.letters("fresh_link")) == 2
        for quarter in range(2, 10):
            clock.move_to(NOON + quarter * 16 * MINUTE)
            press(site, path, action="fresh")
    assert len(site.letters("fresh_link")) == 5


def test_the_fresh_link_shows_the_persons_lists_for_one_hour(site: Site) -> None:
    weekly = site.another_list("weekly", name="The Weekly")
    site.joins(ADA, list_id=weekly)
    token = site.app.links.fresh_token(site.ada, NOON)
    with time_machine.travel(NOON, tick=True) as clock:
        clock.move_to(NOON + 59 * MINUTE)
        text = site.client.get(f"/me/{token}").text
        assert ADA in text
        assert "The Weekly" in text
        assert "The Monthly Ledger" in text
        clock.move_to(NOON + 61 * MINUTE)
        for answer in (
            site.client.get(f"/me/{token}"),
            site.client.post(f"/me/{token}", data={"action": "leave-all"}),
        ):
            assert answer.status_code == 410
            assert "worked for one hour" in answer.text
            assert ADA not in answer.text
    assert site.state() == "active"


def test_a_person_changes_their_name_and_leaves_one_list_or_all(site_on_both: Site) -> None:
    site = site_on_both
    weekly = site.another_list("weekly", name="The Weekly")
    daily = site.another_list("daily", name="The Daily")
    site.joins(ADA, list_id=weekly)
    path = f"/me/{site.app.links.fresh_token(site.ada, NOON)}"
    with time_machine.travel(NOON, tick=True):
        assert "Ada King" in press(site, path, action="name", name="  Ada\tKing ")
        press(site, path, action="leave", list_id=str(weekly))
        assert (site.state(list_id=weekly), site.state()) == ("unsubscribed", "active")
        press(site, path, action="pause", list_id=str(site.list_id))
        assert site.state() == "paused"
        for nobodys in (str(daily), "0", "-1", "²", "9" * 30, ""):
            press(site, path, action="resume", list_id=nobodys)
        assert site.state() == "paused"
        press(site, path, action="leave-all")
    assert (site.state(list_id=weekly), site.state()) == ("unsubscribed", "unsubscribed")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_ones_own_page_changes_nothing(site: Site, method: str) -> None:
    token = site.app.links.fresh_token(site.ada, NOON)
    with time_machine.travel(NOON, tick=True):
        answer = site.client.request(method, f"/me/{token}?action=leave-all")
    assert (answer.status_code, site.state()) == (200, "active")


def test_an_erased_persons_links_lead_nowhere(site: Site) -> None:
    """# S-6"""
    missing = site.client.get("/me/nothing").content
    token = site.app.links.fresh_token(site.ada, NOON)
    with site.app.database.begin() as session:
        person = session.get_one(Subscriber, site.ada)
        person.email = person.email_key = None
    with time_machine.travel(NOON, tick=True):
        answer = site.client.get(f"/me/{token}")
    assert (answer.status_code, answer.content) == (404, missing)


def test_the_letter_carries_the_link_that_opens_the_page(site: Site) -> None:
    """From the footer's button to one's own page, by what the worker really sends."""
    with time_machine.travel(NOON, tick=True):
        press(site, f"/p/{site.goodbye()}", action="fresh")
        sender = LetterSender(
            site.app.database, site.app.links, site.app.provider, name="worker", clock=lambda: NOON
        )
        while sender.send_some():
            pass
        (envelope,) = site.app.provider.envelopes  # type: ignore[attr-defined]
        link = envelope.values["link"]
        path = link.removeprefix(site.app.settings.public_url)
        assert path.startswith("/me/")
        assert ADA in site.client.get(path).text
    assert envelope.address == ADA


def test_a_person_takes_a_copy_of_everything_alone(site: Site) -> None:
    """GDPR Art. 15, 20: with the fresh link, and with no other."""
    fresh = site.app.links.fresh_token(site.ada, NOON)
    with time_machine.travel(NOON, tick=True):
        answer = site.client.get(f"/me/{fresh}/copy")
        footer = site.client.get(f"/me/{site.goodbye()}/copy")
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["person"]["email"] == ADA
    assert footer.status_code == 404


def test_the_footers_pages_offer_who_was_erased_nothing_that_cannot_be(site: Site) -> None:
    """Neither a goodbye taken back without a yes, nor a letter to an address that is gone."""
    fresh = site.app.links.fresh_token(site.ada, NOON)
    with time_machine.travel(NOON, tick=True):
        press(site, f"/me/{fresh}/erase")
        pages = [site.client.get(f"/{door}/{site.goodbye()}").text for door in "up"]
        pages.append(press(site, f"/p/{site.goodbye()}", action="fresh"))
    for shown in pages:
        assert "You have left" in shown
        assert "Undo" not in shown
        assert "Send me my link" not in shown
        assert "inbox" not in shown
        assert "/subscribe/" in shown
    with site.app.database.read() as session:
        assert session.scalars(select(Letter.kind)).all() == []


def test_a_person_erases_everything_alone_and_is_asked_once(site_on_both: Site) -> None:
    """GDPR Art. 17: with the fresh link, and with no other."""
    site = site_on_both
    fresh = site.app.links.fresh_token(site.ada, NOON)
    with time_machine.travel(NOON, tick=True):
        assert site.client.post(f"/me/{site.goodbye()}/erase").status_code == 404
        asked = press(site, f"/me/{fresh}", action="erase")
        assert ADA in asked
        with site.app.database.read() as session:
            assert session.get_one(Subscriber, site.ada).email == ADA
        done = press(site, f"/me/{fresh}/erase")
        again = site.client.post(f"/me/{fresh}/erase")
        goodbye = site.client.get(f"/u/{site.goodbye()}")
    assert "Nothing that names you is left" in done
    assert again.status_code == 404
    assert "You have left" in goodbye.text
    with site.app.database.read() as session:
        assert session.get_one(Subscriber, site.ada).email is None
