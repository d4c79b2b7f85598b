"""Confirming: a button and not a look, for seven days, and a helpful page for a spent link."""

from datetime import timedelta

import pytest
import time_machine

from newsletter import issues
from subscribers.models import Consent
from tests.factories import NOON
from tests.newsletter.web.site import BEA, Site

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_the_link_confirms_nothing(site: Site, method: str) -> None:
    """# U-3: scanners follow every link before its reader does."""
    person, token = site.asks(BEA)
    before = site.count(Consent)
    with time_machine.travel(NOON, tick=True):
        assert site.client.request(method, f"/confirm/{token}").status_code == 200
    assert (site.state(person), site.count(Consent)) == ("pending", before)


def test_the_button_confirms_and_twice_is_harmless(site_on_both: Site) -> None:
    """# U-3"""
    site = site_on_both
    person, token = site.asks(BEA)
    with time_machine.travel(NOON, tick=True):
        assert "Yes, subscribe me</button>" in site.client.get(f"/confirm/{token}").text
        for _ in range(2):
            answer = site.client.post(f"/confirm/{token}")
            assert (answer.status_code, "You are subscribed" in answer.text) == (200, True)
        # Who comes back to the link is not asked again.
        assert "<button" not in site.client.get(f"/confirm/{token}").text
    assert site.state(person) == "active"
    assert [line.via for line in site.evidence("confirmed")] == ["confirm"]


def test_a_link_of_more_than_a_week_ago_says_so_and_leads_on(site: Site) -> None:
    """# S-5"""
    person, token = site.asks(BEA)
    with time_machine.travel(NOON + 7 * DAY + MINUTE, tick=True):
        for answer in (site.client.get(f"/confirm/{token}"), site.client.post(f"/confirm/{token}")):
            assert answer.status_code == 410
            assert "This link is older than a week. " not in answer.text
            assert "<p>This link is older than a week.</p>" in answer.text
            assert "<p>Sign up again for a new one.</p>" in answer.text
            assert 'href="/"' in answer.text
    assert site.state(person) == "pending"


def test_a_newer_link_replaces_the_older(site: Site) -> None:
    person, first = site.asks(BEA)
    _, second = site.asks(BEA, now=NOON + DAY)
    with time_machine.travel(NOON + DAY, tick=True):
        for answer in (site.client.get(f"/confirm/{first}"), site.client.post(f"/confirm/{first}")):
            assert answer.status_code == 410
            assert "replaced or withdrawn" in answer.text
        assert site.state(person) == "pending"
        assert site.client.post(f"/confirm/{second}").status_code == 200
    assert site.state(person) == "active"


def test_a_goodbye_withdraws_the_link(site_on_both: Site) -> None:
    """An old confirmation must not undo a later goodbye: see DESIGN, journey B."""
    site = site_on_both
    person, token = site.asks(BEA)
    with time_machine.travel(NOON, tick=True):
        site.client.post(f"/confirm/{token}")
        site.client.post(f"/u/{site.goodbye(person)}", data={"action": "leave"})
        for answer in (site.client.get(f"/confirm/{token}"), site.client.post(f"/confirm/{token}")):
            assert answer.status_code == 410
    assert site.state(person) == "unsubscribed"


def test_a_pause_is_not_ended_by_the_old_link(site: Site) -> None:
    person, token = site.asks(BEA)
    with time_machine.travel(NOON, tick=True):
        site.client.post(f"/confirm/{token}")
        site.client.post(f"/p/{site.goodbye(person)}", data={"action": "pause"})
        assert site.client.post(f"/confirm/{token}").status_code == 200
    assert site.state(person) == "paused"


def test_a_request_that_never_was_is_nothing(site: Site) -> None:
    """# S-6"""
    missing = site.client.get("/confirm/nothing")
    with time_machine.travel(NOON, tick=True):
        added = site.evidence("added")[0].id
        for number in (9999, added):
            token = site.app.links.confirm_token(number, NOON)
            for method in ("GET", "POST"):
                answer = site.client.request(method, f"/confirm/{token}")
                assert (answer.status_code, answer.content) == (404, missing.content)


def test_who_joins_gets_one_welcome_letter_where_the_list_sends_it(site: Site) -> None:
    site.edit(welcome=True)
    _, token = site.asks(BEA)
    with time_machine.travel(NOON, tick=True):
        for _ in range(2):
            site.client.post(f"/confirm/{token}")
    assert site.letters("welcome") == [BEA]


def test_no_welcome_letter_comes_where_the_list_sends_none(site: Site) -> None:
    _, token = site.asks(BEA)
    with time_machine.travel(NOON, tick=True):
        site.client.post(f"/confirm/{token}")
    assert site.letters("welcome") == []


def test_who_confirms_soon_gets_the_latest_issue_where_the_list_wants_that(
    site_on_both: Site,
) -> None:
    site = site_on_both
    site.publish()
    site.edit(latest_within=7)
    bea, token = site.asks(BEA)
    with time_machine.travel(NOON, tick=True):
        for _ in range(2):
            assert site.client.post(f"/confirm/{token}").status_code == 200
    with site.app.database.read() as session:
        issue = issues.find_issue(session, "november")
        assert issue.state == "sending"
        waiting = [one.subscriber_id for one in issues.recipients(session, issue)]
    assert waiting == [bea]
