"""Being counted by name: asked where it is surely the person, apart from joining, never presumed."""

import pytest
import time_machine

from subscribers.models import Subscription
from tests.factories import NOON
from tests.newsletter.web.site import BEA, Site


def answer_of(site: Site, person: int) -> bool | None:
    with site.app.database.read() as session:
        return session.get_one(Subscription, (site.list_id, person)).tracking_consent


@pytest.mark.parametrize(
    ("sent", "answer"), [({}, None), ({"tracking": "yes"}, True), ({"tracking": ""}, None)]
)
def test_who_confirms_is_asked_and_joins_either_way(
    site_on_both: Site, sent: dict[str, str], answer: bool | None
) -> None:
    """RULES L-1; CNIL deliberation 2026-042: a consent of its own, not bundled with joining."""
    site = site_on_both
    site.edit(open_tracking="individual")
    bea, token = site.asks(BEA)
    with time_machine.travel(NOON, tick=False):
        shown = site.client.get(f"/confirm/{token}").text
        assert 'type="checkbox" name="tracking"' in shown
        assert "checked" not in shown
        site.client.post(f"/confirm/{token}", data=sent)
    assert (site.state(bea), answer_of(site, bea)) == ("active", answer)
    assert len(site.evidence("tracking_allowed")) == int(bool(answer))


def test_a_list_that_counts_nobody_by_name_asks_nobody(site: Site) -> None:
    """RULES M-3"""
    site.edit(click_tracking="aggregate")
    bea, token = site.asks(BEA)
    with time_machine.travel(NOON, tick=False):
        assert "tracking" not in site.client.get(f"/confirm/{token}").text
        site.client.post(f"/confirm/{token}", data={"tracking": "yes"})
    assert answer_of(site, bea) is None


def test_the_words_that_were_shown_are_kept(site: Site) -> None:
    site.edit(click_tracking="individual")
    _, token = site.asks(BEA)
    with time_machine.travel(NOON, tick=False):
        shown = site.client.get(f"/confirm/{token}").text
        site.client.post(f"/confirm/{token}", data={"tracking": "yes"})
    (line,) = site.evidence("tracking_allowed")
    assert line.wording
    assert line.wording in shown


@pytest.mark.parametrize(("counted_by", "is_told"), [("provider", True), ("own", False)])
def test_who_is_asked_is_told_when_another_service_counts(
    site: Site, counted_by: str, is_told: bool
) -> None:
    """GDPR Art. 13(1)(e): the answer is kept with these words, too."""
    site.edit(click_tracking="individual", open_tracking="individual", counted_by=counted_by)
    _, token = site.asks(BEA)
    with time_machine.travel(NOON, tick=False):
        shown = site.client.get(f"/confirm/{token}").text
        site.client.post(f"/confirm/{token}", data={"tracking": "yes"})
    (line,) = site.evidence("tracking_allowed")
    told = "The service that sends the emails does the counting."
    assert (told in shown, told in line.wording) == (is_told, is_told)


def test_a_stranger_who_signs_somebody_up_agrees_to_nothing_for_them(site: Site) -> None:
    site.edit(open_tracking="individual")
    with time_machine.travel(NOON, tick=False):
        form = site.form(shown=NOON.replace(hour=11), email=BEA) | {"tracking": "yes"}
        assert "tracking" not in site.client.get("/subscribe/ledger").text
        site.client.post("/subscribe/ledger", data=form)
    assert site.evidence("tracking_allowed") == []


def test_a_list_with_single_opt_in_asks_on_its_form(site_on_both: Site) -> None:
    site = site_on_both
    site.edit(open_tracking="individual", opt_in="single")
    with time_machine.travel(NOON, tick=False):
        assert 'name="tracking"' in site.client.get("/subscribe/ledger").text
        form = site.form(shown=NOON.replace(hour=11), email=BEA) | {"tracking": "yes"}
        site.client.post("/subscribe/ledger", data=form)
    (line,) = site.evidence("tracking_allowed")
    assert answer_of(site, line.subscriber_id) is True


def test_a_person_says_yes_and_no_on_their_own_page(site_on_both: Site) -> None:
    site = site_on_both
    site.edit(open_tracking="individual")
    path = f"/me/{site.app.links.fresh_token(site.ada, NOON)}"
    with time_machine.travel(NOON, tick=False):
        answers = []
        for action in ("count", "no-count"):
            site.client.post(path, data={"action": action, "list_id": str(site.list_id)})
            answers.append(answer_of(site, site.ada))
    assert answers == [True, False]
    assert len(site.evidence("tracking_withdrawn")) == 1


def test_the_foot_of_a_mail_takes_a_yes_back_and_says_none(site_on_both: Site) -> None:
    """A forwarded mail must not agree to anything for its reader."""
    site = site_on_both
    site.edit(open_tracking="individual")
    fresh, foot = f"/me/{site.app.links.fresh_token(site.ada, NOON)}", f"/p/{site.goodbye()}"
    with time_machine.travel(NOON, tick=False):
        site.client.post(foot, data={"action": "count"})
        assert answer_of(site, site.ada) is None
        assert "counted" not in site.client.get(foot).text
        site.client.post(fresh, data={"action": "count", "list_id": str(site.list_id)})
        assert "counted by your name" in site.client.get(foot).text
        site.client.post(foot, data={"action": "no-count"})
    assert answer_of(site, site.ada) is False
