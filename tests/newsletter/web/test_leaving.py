"""Leaving: by a mail client's one click, by the page's button, and back within a day."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from pydantic import SecretStr
from sqlalchemy import select

from newsletter.keys import KeyRing
from newsletter.links import Goodbye, Links
from newsletter.models import StoredEvent
from subscribers.models import Consent, List
from tests.factories import NOON
from tests.newsletter.house import KEY
from tests.newsletter.reports.rows import send_issue
from tests.newsletter.web.site import ADA, Site

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
MULTIPART = {"files": {"List-Unsubscribe": (None, "One-Click")}}
DAY = timedelta(days=1)


@pytest.mark.parametrize("body", [{"data": ONE_CLICK}, MULTIPART], ids=["urlencoded", "multipart"])
def test_one_click_leaves_at_once(site_on_both: Site, body: dict[str, Any]) -> None:
    """# U-1: both encodings, no cookie, no redirect, a short text."""
    site = site_on_both
    answer = site.client.post(f"/u/{site.goodbye()}", **body)
    assert (answer.status_code, answer.text) == (200, "You have left The Monthly Ledger.\n")
    assert "set-cookie" not in answer.headers
    assert site.state() == "unsubscribed"
    assert [line.via for line in site.evidence("left")] == ["one-click"]


def test_one_click_twice_is_one_goodbye(site_on_both: Site) -> None:
    """# U-1"""
    site = site_on_both
    answers = [site.client.post(f"/u/{site.goodbye()}", data=ONE_CLICK) for _ in range(3)]
    assert {(one.status_code, one.content) for one in answers} == {(200, answers[0].content)}
    assert len(site.evidence("left")) == 1


@pytest.mark.parametrize("accept", ["", "text/html", "application/json", "image/png;q=0.1"])
def test_one_click_asks_nothing_of_the_client(site: Site, accept: str) -> None:
    """# U-1: any Accept, no Referer, an Origin of somebody else's."""
    headers = {"Accept": accept, "Origin": "https://mail.example", "Cookie": "a=b"}
    answer = site.client.post(f"/u/{site.goodbye()}", data=ONE_CLICK, headers=headers)
    assert answer.status_code == 200
    assert site.state() == "unsubscribed"


WRONG: dict[str, dict[str, Any]] = {
    "no body": {},
    "another case": {"data": {"List-Unsubscribe": "one-click"}},
    "another name": {"data": {"list-unsubscribe": "One-Click"}},
    "json": {"json": ONE_CLICK},
    "text": {"content": "List-Unsubscribe=One-Click", "headers": {"Content-Type": "text/plain"}},
    "a file": {"files": {"List-Unsubscribe": ("a.txt", b"One-Click")}},
    "no boundary": {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
    "broken multipart": {
        "content": b"--b\r\nnothing",
        "headers": {"Content-Type": "multipart/form-data; boundary=b"},
    },
    "a charset nobody knows": {
        "content": b"--b\r\nContent-Disposition: form-data; name=x\r\n\r\n\xff\r\n--b--\r\n",
        "headers": {"Content-Type": "multipart/form-data; boundary=b; charset=undefined"},
    },
    "an unknown action": {"data": {"action": "erase"}},
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
def test_any_other_body_shows_the_page_and_changes_nothing(
    site: Site, body: dict[str, Any]
) -> None:
    """# U-1"""
    answer = site.client.post(f"/u/{site.goodbye()}", **body)
    assert answer.status_code == 200
    assert "Unsubscribe</button>" in answer.text
    assert site.state() == "active"


@pytest.mark.parametrize("change", ["/{}/", "//{}", "/{}//", "/{}?a=b", "/{}%2F"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_spelling_of_the_address_is_redirected(site: Site, method: str, change: str) -> None:
    """# U-1: a client that follows no redirect would not have left."""
    path = change.format(f"u/{site.goodbye()}")
    answer = site.client.request(method, f"http://testserver{path}")
    assert answer.status_code == (200 if "?" in change else 404)


@pytest.mark.parametrize("door", ["U", "u/u", "P", "ME", "Confirm"])
def test_another_case_of_the_address_is_nothing(site: Site, door: str) -> None:
    """# U-1"""
    answer = site.client.post(f"/{door}/{site.goodbye()}", data=ONE_CLICK)
    assert answer.status_code == 404
    assert site.state() == "active"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(site: Site, method: str) -> None:
    """# U-2: scanners follow every link."""
    before = site.count(Consent)
    for door in ("u", "p"):
        answer = site.client.request(method, f"/{door}/{site.goodbye()}?List-Unsubscribe=One-Click")
        assert answer.status_code == 200
    assert (site.state(), site.count(Consent)) == ("active", before)


def test_the_button_leaves_and_says_so(site: Site) -> None:
    """# U-2"""
    asked = site.client.get(f"/u/{site.goodbye()}")
    assert "Leave The Monthly Ledger?" in asked.text
    answer = site.client.post(f"/u/{site.goodbye()}", data={"action": "leave"})
    assert "You have left The Monthly Ledger" in answer.text
    assert site.state() == "unsubscribed"
    assert [line.via for line in site.evidence("left")] == ["page"]


def test_a_token_works_for_ever_and_after_a_new_key(site_with: Callable[..., Site]) -> None:
    """# U-4: years later, signed by a key that is now the second of the ring."""
    site = site_with(secret_keys=(SecretStr("a newer key, long enough for a ring"), SecretStr(KEY)))
    old = Links("http://testserver", KeyRing([KEY])).goodbye_token(
        Goodbye(site.list_id, site.ada, 1)
    )
    assert old != site.goodbye()
    with time_machine.travel(NOON + 3000 * DAY, tick=True):
        assert site.client.get(f"/u/{old}").status_code == 200
        assert site.client.post(f"/u/{old}", data=ONE_CLICK).status_code == 200
    assert site.state() == "unsubscribed"


def test_a_goodbye_is_undone_within_a_day(site_on_both: Site) -> None:
    """# U-6"""
    site = site_on_both
    address = f"/u/{site.goodbye()}"
    with time_machine.travel(NOON, tick=True) as clock:
        assert "Undo" in site.client.post(address, data={"action": "leave"}).text
        clock.move_to(NOON + DAY - timedelta(minutes=1))
        assert "Undo" in site.client.get(address).text
        assert site.state() == "unsubscribed"
        answer = site.client.post(address, data={"action": "undo"})
    assert "You are back on The Monthly Ledger" in answer.text
    assert site.state() == "active"


def test_a_goodbye_of_more_than_a_day_ago_stays(site: Site) -> None:
    """# U-6"""
    address = f"/u/{site.goodbye()}"
    with time_machine.travel(NOON, tick=True) as clock:
        site.client.post(address, data=ONE_CLICK)
        clock.move_to(NOON + DAY + timedelta(minutes=1))
        shown = site.client.get(address).text
        assert "Undo" not in shown
        assert "/subscribe/ledger" in shown
        answer = site.client.post(address, data={"action": "undo"})
    assert answer.status_code == 410
    assert "more than a day old" in answer.text
    assert site.state() == "unsubscribed"


def test_the_first_goodbye_counts_for_the_day_to_undo_it(site: Site) -> None:
    """# U-6: pressing again does not begin the day anew."""
    address = f"/u/{site.goodbye()}"
    with time_machine.travel(NOON, tick=True) as clock:
        site.client.post(address, data=ONE_CLICK)
        clock.move_to(NOON + timedelta(hours=20))
        site.client.post(address, data=ONE_CLICK)
        clock.move_to(NOON + DAY + timedelta(minutes=1))
        assert site.client.post(address, data={"action": "undo"}).status_code == 410


def test_who_never_confirmed_cannot_be_let_in_by_undo(site: Site) -> None:
    person, _ = site.asks("bea@readers.example")
    address = f"/u/{site.goodbye(person)}"
    site.client.post(address, data=ONE_CLICK)
    assert site.client.post(address, data={"action": "undo"}).status_code == 410
    assert site.state(person) == "unsubscribed"


def test_a_private_list_offers_no_page_that_is_not_there(site: Site) -> None:
    site.edit(public=False)
    with time_machine.travel(NOON, tick=True) as clock:
        site.client.post(f"/u/{site.goodbye()}", data=ONE_CLICK)
        clock.move_to(NOON + 2 * DAY)
        for door in ("u", "p"):
            text = site.client.get(f"/{door}/{site.goodbye()}").text
            assert "/subscribe/" not in text
            assert "/archive/" not in text


def test_a_tests_link_says_that_it_is_one(site: Site) -> None:
    for door in ("u", "p"):
        for answer in (
            site.client.get(f"/{door}/{site.test_token()}"),
            site.client.post(f"/{door}/{site.test_token()}", data=ONE_CLICK),
        ):
            assert answer.status_code == 200
            assert "This link came with a test" in answer.text
    assert site.state() == "active"


def test_no_footer_page_shows_the_address_the_name_or_another_list(site: Site) -> None:
    """The mail may have been forwarded: see DESIGN, journey C."""
    weekly = site.another_list("weekly", name="The Secret Weekly")
    assert site.joins(ADA, list_id=weekly) == site.ada
    for door, action in (("u", "leave"), ("u", "undo"), ("p", "pause"), ("p", "fresh"), ("p", "")):
        for answer in (
            site.client.get(f"/{door}/{site.goodbye()}"),
            site.client.post(f"/{door}/{site.goodbye()}", data={"action": action}),
        ):
            assert answer.status_code == 200
            assert ADA not in answer.text
            assert "Ada" not in answer.text
            assert "Weekly" not in answer.text


def test_a_goodbye_counts_for_the_issue_by_whose_link_it_came_and_undone_it_does_not(
    site_on_both: Site,
) -> None:
    site = site_on_both

    def counted() -> list[tuple[str, int | None]]:
        with site.app.database.read() as session:
            rows = session.scalars(select(StoredEvent))
            return [(row.type, row.subscriber_id) for row in rows]

    url = f"/u/{site.goodbye()}"
    site.client.post(url, data=ONE_CLICK)
    assert counted() == [], "the link came with no mail of an issue"
    site.client.post(url, data={"action": "undo"})
    with site.app.database.begin() as session:
        assert send_issue(session, session.get_one(List, site.list_id), [site.ada]).id == 1
    site.client.post(f"/p/{site.goodbye()}", data={"action": "leave"})
    site.client.post(url, data=ONE_CLICK)
    assert counted() == [("unsubscribed", site.ada)]
    site.client.post(url, data={"action": "undo"})
    assert counted() == []
