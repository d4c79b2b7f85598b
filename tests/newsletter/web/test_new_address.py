"""A new address: asked for on one's own page, theirs once it says yes, and the old one is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine

from newsletter.letters import LetterSender
from newsletter.message import Envelope
from subscribers import store
from subscribers.address import parse
from subscribers.errors import LinkSpent
from subscribers.models import AddressChange, Subscriber, SuppressionReason
from tests.factories import NOON, READER
from tests.newsletter.web.site import ADA, BEA, Site

NEW = "ada@new.example"
DAY = timedelta(days=1)


def wants(site: Site, email: str, *, person: int | None = None) -> str:
    """Ask for a new address on a person's own page, and return the page that follows."""
    token = site.app.links.fresh_token(person or site.ada, NOON)
    answer = site.client.post(f"/me/{token}", data={"action": "address", "email": email})
    assert answer.status_code == 200
    return answer.text


def sent(site: Site) -> list[Envelope]:
    """Let the worker send what letters there are, and return all that it ever sent."""
    sender = LetterSender(
        site.app.database, site.app.links, site.app.provider, name="worker", clock=lambda: NOON
    )
    while sender.send_some():
        pass
    envelopes: list[Envelope] = site.app.provider.envelopes  # type: ignore[attr-defined]
    return envelopes


def link(site: Site, envelope: Envelope) -> str:
    return envelope.values["link"].removeprefix(site.app.settings.public_url)


def address(site: Site, person: int | None = None) -> str | None:
    with site.app.database.read() as session:
        return session.get_one(Subscriber, person or site.ada).email


def test_a_person_moves_to_a_new_address_and_the_old_one_is_told(site_on_both: Site) -> None:
    site = site_on_both
    with time_machine.travel(NOON, tick=False):
        assert "on its way" in wants(site, NEW)
        assert address(site) == ADA
        (asked,) = sent(site)
        assert asked.address == NEW
        page = site.client.get(link(site, asked))
        assert (page.status_code, address(site)) == (200, ADA)
        assert NEW in site.client.post(link(site, asked)).text
        assert address(site) == NEW
        _, told = sent(site)
    assert told.address == ADA
    assert link(site, told).startswith("/p/")
    (line,) = site.evidence("changed")
    assert (line.actor, line.via, line.source) == (
        "self",
        "new address",
        "address, confirmed by the new one",
    )


def test_the_link_of_a_new_address_works_once(site_on_both: Site) -> None:
    site = site_on_both
    with time_machine.travel(NOON, tick=False):
        wants(site, NEW)
        path = link(site, sent(site)[0])
        assert site.client.post(path).status_code == 200
        with site.app.database.begin() as session:
            session.get_one(Subscriber, site.ada).email = "ada@third.example"
        assert [site.client.post(path).status_code, site.client.get(path).status_code] == [410] * 2
    assert address(site) == "ada@third.example"


def test_old_goodbye_links_work_after_the_address_changed(site_on_both: Site) -> None:
    """RULES U-4"""
    site = site_on_both
    goodbye = site.goodbye()
    with time_machine.travel(NOON, tick=False):
        wants(site, NEW)
        site.client.post(link(site, sent(site)[0]))
        site.client.post(f"/u/{goodbye}", data={"List-Unsubscribe": "One-Click"})
    assert site.state() == "unsubscribed"


def test_a_newer_wish_replaces_an_older_one(site: Site) -> None:
    with time_machine.travel(NOON, tick=False):
        wants(site, NEW)
        wants(site, "ada@newer.example")
        first, second = sent(site)
        assert site.client.post(link(site, first)).status_code == 410
        assert site.client.post(link(site, second)).status_code == 200
    assert address(site) == "ada@newer.example"


def test_a_link_of_a_week_ago_says_so(site: Site) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        wants(site, NEW)
        path = link(site, sent(site)[0])
        clock.move_to(NOON + 8 * DAY)
        answer = site.client.post(path)
    assert answer.status_code == 410
    assert "older than a week" in answer.text


def test_an_address_of_somebody_else_is_told_to_its_owner_alone(site_on_both: Site) -> None:
    site = site_on_both
    bea = site.joins(BEA)
    with time_machine.travel(NOON, tick=False):
        told = wants(site, BEA)
        assert told.replace(BEA, "X") == wants(site, NEW).replace(NEW, "X")
        (first, _) = sent(site)
        assert first.address == BEA
        # The newer wish replaced it; asked again, its owner learns that both are here.
        with site.app.database.begin() as session:
            person = session.get_one(Subscriber, site.ada)
            wish = store.ask_to_move(session, person, parse(BEA), now=NOON + 2 * DAY)
            assert wish
        path = f"/address/{site.app.links.move_token(wish.id, NOON)}"
        answer = site.client.post(path)
    assert answer.status_code == 410
    assert "has a subscription of its own here" in answer.text
    assert (address(site), address(site, bea)) == (ADA, BEA)


def test_a_suppressed_address_gets_no_letter_and_the_page_says_the_same(site: Site) -> None:
    with site.app.database.begin() as session:
        store.suppress(session, NEW, SuppressionReason.COMPLAINED, now=NOON)
    with time_machine.travel(NOON, tick=False):
        told = wants(site, NEW)
        assert told.replace(NEW, "X") == wants(site, "ada@other.example").replace(
            "ada@other.example", "X"
        )
    assert [one.address for one in sent(site)] == ["ada@other.example"]


def test_nobody_floods_an_inbox_by_wanting_its_address(site: Site) -> None:
    """RULES S-2: one letter a day to a mailbox, however it is spelt, and three from one person."""
    with time_machine.travel(NOON, tick=False):
        for email in ("a.b@gmail.com", "ab+x@gmail.com", *(f"{n}@new.example" for n in range(5))):
            wants(site, email)
    told = [one.address for one in sent(site)]
    assert told == ["a.b@gmail.com", "0@new.example", "1@new.example"]


def test_the_same_mailbox_in_other_letters_is_changed_at_once(site: Site) -> None:
    with time_machine.travel(NOON, tick=False):
        assert "Saved" in wants(site, ADA.upper().replace("READERS.EXAMPLE", "readers.example"))
    assert address(site) == "ADA@readers.example"
    assert site.count(AddressChange) == 0


def test_what_is_no_address_is_said_beside_the_field(site: Site) -> None:
    token = site.app.links.fresh_token(site.ada, NOON)
    with time_machine.travel(NOON, tick=False):
        answer = site.client.post(f"/me/{token}", data={"action": "address", "email": "<b>ada"})
    assert answer.status_code == 422
    assert "&lt;b&gt;ada" in answer.text
    assert 'role="alert"' in answer.text


def test_a_footers_token_moves_nobody(site: Site) -> None:
    """RULES S-5"""
    with time_machine.travel(NOON, tick=False):
        for path in (f"/p/{site.goodbye()}", f"/me/{site.goodbye()}"):
            site.client.post(path, data={"action": "address", "email": NEW})
        assert site.client.post(f"/address/{site.goodbye()}").status_code == 404
    assert site.count(AddressChange) == 0


def test_two_presses_at_once_move_once(site_on_both: Site) -> None:
    site = site_on_both
    with site.app.database.begin() as session:
        person = session.get_one(Subscriber, site.ada)
        wish = store.ask_to_move(session, person, parse(NEW), now=NOON)
        assert wish

    def press(_: int) -> bool:
        try:
            with site.app.database.begin() as session:
                store.move(session, wish.id, visit=READER, now=NOON)
        except LinkSpent:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(press, range(4))) == 1
    assert len(site.evidence("changed")) == 1


def test_who_was_erased_is_moved_nowhere(site: Site) -> None:
    with time_machine.travel(NOON, tick=False):
        wants(site, NEW)
        path = link(site, sent(site)[0])
        token = site.app.links.fresh_token(site.ada, NOON)
        site.client.post(f"/me/{token}/erase")
        assert site.client.post(path).status_code == 404
    with site.app.database.read() as session:
        (wish,) = session.query(AddressChange)
        assert (wish.email, wish.email_key, wish.old_email, wish.limit_key) == ("", "", "", "")


def test_a_wish_is_forgotten_after_a_month(site_on_both: Site) -> None:
    site = site_on_both
    with time_machine.travel(NOON, tick=False):
        wants(site, NEW)
    for later, kept in ((29 * DAY, NEW), (31 * DAY, "")):
        with site.app.database.begin() as session:
            store.forget_old_changes(session, NOON + later)
            assert session.query(AddressChange).one().email == kept


@pytest.mark.parametrize("field", ["email", "old_email"])
def test_a_copy_of_everything_holds_the_wish(site: Site, field: str) -> None:
    with time_machine.travel(NOON, tick=False):
        wants(site, NEW)
        token = site.app.links.fresh_token(site.ada, NOON)
        copy = site.client.get(f"/me/{token}/copy").json()
    assert copy["address_changes"][0][field] in (NEW, ADA)
