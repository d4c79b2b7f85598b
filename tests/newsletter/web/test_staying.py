"""The page behind "do you still want it?": looking does nothing, the button says yes."""

from datetime import timedelta

import time_machine
from sqlalchemy import select

from subscribers.models import Subscriber
from tests.factories import NOON
from tests.newsletter.web.site import Site


def alive(site: Site) -> bool:
    with site.app.database.read() as session:
        found = session.scalar(select(Subscriber.last_engaged_at).where(Subscriber.id == site.ada))
        return found is not None


def test_the_button_says_yes_and_looking_does_not(site_on_both: Site) -> None:
    site = site_on_both
    url = f"/stay/{site.goodbye()}"
    shown = site.client.get(url)
    assert "Do you still want The Monthly Ledger?" in shown.text
    assert site.client.head(url).status_code == 200
    assert not alive(site)
    assert "Thank you" in site.client.post(url).text
    assert alive(site)
    assert [line.via for line in site.evidence("stays")] == ["question"]
    assert site.state() == "active"


def test_pressed_twice_it_is_one_answer_and_after_the_next_question_another(
    site_on_both: Site,
) -> None:
    site = site_on_both
    url = f"/stay/{site.goodbye()}"
    with time_machine.travel(NOON, tick=False) as clock:
        for after in (0, 60, 23 * 3600, 200 * 24 * 3600):
            clock.move_to(NOON + timedelta(seconds=after))
            assert "Thank you" in site.client.post(url).text
    assert len(site.evidence("stays")) == 2


def test_an_old_question_brings_nobody_back(site: Site) -> None:
    url = f"/stay/{site.goodbye()}"
    site.client.post(f"/u/{site.goodbye()}", data={"List-Unsubscribe": "One-Click"})
    for answer in (site.client.get(url), site.client.post(url)):
        assert "You have left The Monthly Ledger" in answer.text
    assert site.state() == "unsubscribed"
    assert site.evidence("stays") == []


def test_the_question_of_a_test_is_nobodys(site: Site) -> None:
    url = f"/stay/{site.test_token()}"
    assert "came with a test" in site.client.get(url).text
    assert "came with a test" in site.client.post(url).text
    assert site.client.get("/stay/nothing").status_code == 404
