"""Signing up: how many are asked, counted in the database by network, by house and by address."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import delete, select

from newsletter.models import Letter
from subscribers import store
from subscribers.models import Attempt, Consent, Subscriber, Subscription, SuppressionReason
from tests.factories import NOON
from tests.newsletter.web.site import ADA, BEA, VISITOR, Site, send

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def test_the_trap_answers_as_a_sign_up_does(site: Site) -> None:
    """# S-3"""
    with time_machine.travel(NOON, tick=True):
        answers = {
            site.client.post(
                "/subscribe/ledger", data=site.form(shown=NOON - 10 * SECOND) | change
            ).content
            for change in ({}, {"website": "https://x.example"})
        }
    assert len(answers) == 1


def test_five_a_minute_and_twenty_an_hour_come_from_one_machine_and_the_next_is_told(
    site_on_both: Site,
) -> None:
    """# S-2: counted in the database, so that every process counts alike."""
    site = site_on_both
    with time_machine.travel(NOON, tick=False) as clock:
        told = [send(site, f"first{number}@readers.example") for number in range(7)]
        assert told == [202] * 5 + [429] * 2
        for minute in range(2, 8):
            clock.move_to(NOON + timedelta(minutes=minute))
            for number in range(5):
                send(site, f"later{minute}-{number}@readers.example")
        assert len(site.letters("confirm")) == 20
        clock.move_to(NOON + timedelta(minutes=62))
        send(site, "an-hour-later@readers.example")
    assert site.letters("confirm")[-1] == "an-hour-later@readers.example"


def test_every_sign_up_counts_alike_whoever_it_names(site_on_both: Site) -> None:
    """# S-1: else whoever fills the limit to one less learns whether the last address is new."""
    site = site_on_both
    with site.app.database.begin() as session:
        store.suppress(session, "gone@readers.example", SuppressionReason.BOUNCED, now=NOON)
    site.asks("pending@readers.example")
    known = (ADA, "gone@readers.example", "pending@readers.example", BEA)
    for last in known:
        with site.app.database.begin() as session:
            session.execute(delete(Attempt))
        with time_machine.travel(NOON, tick=False):
            told = [send(site, last) for _ in range(5)] + [send(site, "new@readers.example")]
        assert told == [202] * 5 + [429]


def test_what_the_limits_count_names_nobody_and_is_gone_after_an_hour(site: Site) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        send(site)
        clock.move_to(NOON + timedelta(minutes=61))
        send(site, ADA)
    with site.app.database.read() as session:
        (row,) = session.scalars(select(Attempt))
        assert row.network.startswith("#")
        assert row.at > NOON


def test_the_spellings_of_one_mailbox_get_one_letter_a_day(site_on_both: Site) -> None:
    """# S-2: and whoever is asked no more leaves no trace."""
    site = site_on_both
    spellings = ("b.ea@gmail.com", "bea+x@gmail.com", "bea@googlemail.com", "BEA@gmail.com")
    with time_machine.travel(NOON, tick=False):
        assert [send(site, spelling) for spelling in spellings] == [202] * 4
    assert site.letters("confirm") == ["b.ea@gmail.com"]
    assert site.count(Subscriber) == 2


def test_who_is_suppressed_leaves_no_trace_by_signing_up(site_on_both: Site) -> None:
    """# S-1"""
    site = site_on_both
    with site.app.database.begin() as session:
        for email in (ADA, BEA):
            store.suppress(session, email, SuppressionReason.COMPLAINED, now=NOON)
    rows = (Subscriber, Subscription, Consent, Letter)
    before = [site.count(row) for row in rows]
    with time_machine.travel(NOON, tick=False):
        assert [send(site, email) for email in (ADA, BEA)] == [202, 202]
    assert [site.count(row) for row in rows] == before
    assert site.count(Attempt) == 2


def test_a_hundred_an_hour_come_from_everybody_and_the_next_is_told(
    site_with: Callable[..., Site],
) -> None:
    """# S-2: before anybody is looked up, so that the refusal is the same for all."""
    site = site_with(trusted_proxies=(VISITOR,))
    with time_machine.travel(NOON, tick=False):
        told = [
            send(site, f"crowd{number}@readers.example", **{"X-Forwarded-For": f"10.{number}.0.1"})
            for number in range(102)
        ]
        assert told == [202] * 100 + [429] * 2
        refused = [
            site.client.post("/subscribe/ledger", data=site.form(shown=NOON - DAY, email=email))
            for email in (ADA, "crowd1@readers.example", BEA)
        ]
    assert {(one.status_code, one.headers["retry-after"]) for one in refused} == {(429, "3600")}
    assert len({one.content for one in refused}) == 1
    assert len(site.letters("confirm")) == 100


def test_one_address_is_asked_once_a_day_and_three_times_at_most(site: Site) -> None:
    """# S-2: and every time the answer is the same."""
    with time_machine.travel(NOON, tick=False) as clock:
        for day in range(6):
            clock.move_to(NOON + day * DAY)
            for _ in range(3):
                sent = site.form(shown=NOON + day * DAY - 10 * SECOND)
                assert site.client.post("/subscribe/ledger", data=sent).status_code == 202
    assert site.letters("confirm") == [BEA] * 3


@pytest.mark.parametrize(
    ("trusted", "forwarded", "network"),
    [
        ((), ["203.0.113.9"], "198.51.100.0/24"),
        ((VISITOR,), ["203.0.113.9"], "203.0.113.0/24"),
        ((VISITOR,), ["192.0.2.1, 203.0.113.9"], "203.0.113.0/24"),
        ((VISITOR,), ["192.0.2.1", "203.0.113.9"], "203.0.113.0/24"),
        ((VISITOR, "203.0.113.9"), ["192.0.2.1, 203.0.113.9"], "192.0.2.0/24"),
        ((VISITOR,), ["2001:db8:1:2::3"], "2001:db8:1::/48"),
        ((VISITOR,), ["192.0.2.1, nonsense"], "198.51.100.0/24"),
        ((VISITOR,), [""], "198.51.100.0/24"),
        (("203.0.113.1",), ["192.0.2.1"], "198.51.100.0/24"),
        (("198.51.100.0/24", "203.0.113.0/24"), ["192.0.2.1, 203.0.113.9"], "192.0.2.0/24"),
        (("198.51.0.0/24",), ["192.0.2.1"], "198.51.100.0/24"),
    ],
)
def test_a_forwarded_address_counts_from_a_trusted_proxy_alone(
    site_with: Callable[..., Site], trusted: tuple[str, ...], forwarded: list[str], network: str
) -> None:
    """# S-2: and only what the last proxy we do not know wrote, in one line or in several."""
    site = site_with(trusted_proxies=trusted)
    lines = [("X-Forwarded-For", written) for written in forwarded]
    with time_machine.travel(NOON, tick=True):
        sent = site.form(shown=NOON - 10 * SECOND)
        site.client.post("/subscribe/ledger", data=sent, headers=lines)
    assert [line.ip for line in site.evidence("asked")] == [network]
