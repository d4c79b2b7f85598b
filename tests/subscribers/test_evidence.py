"""Evidence: every act leaves a line that tells who, when, from where and by which words."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from subscribers import store
from subscribers.evidence import network
from subscribers.models import Consent, List, SuppressionReason
from tests.factories import ADMIN, DAY, NOON, READER, make_request, make_subscriber


def lines(session: Session) -> list[Consent]:
    return list(session.scalars(select(Consent).order_by(Consent.id)))


def test_a_request_holds_the_moment_the_door_the_page_and_the_words(
    session: Session, monthly: List
) -> None:
    _, request = make_request(session, monthly)
    (line,) = lines(session)
    assert line is request
    assert (line.kind, line.at, line.actor, line.via) == ("asked", NOON, "self", "form")
    assert line.source == READER.source
    assert (line.wording, line.wording_version) == (monthly.consent_wording, 1)
    assert (line.ip, line.user_agent) == ("203.0.113.0/24", "Mail/1.0")


def test_later_acts_add_lines_and_change_none(session: Session, monthly: List) -> None:
    """Append-only: what was written once reads the same after everything else."""
    person, request = make_request(session, monthly)
    before = {column.key: getattr(request, column.key) for column in Consent.__table__.columns}
    store.edit_list(session, monthly, consent_wording="Twice a week.", name="The Weekly")
    store.confirm(session, request.id, visit=READER, now=NOON + DAY)
    for act in (store.pause, store.resume, store.unsubscribe, store.undo_unsubscribe):
        act(session, monthly.id, person.id, visit=ADMIN, now=NOON + DAY)
    session.expire_all()
    kept = lines(session)
    assert {column: getattr(kept[0], column) for column in before} == before
    kinds = ["asked", "confirmed", "paused", "resumed", "left", "came_back"]
    assert [line.kind for line in kept] == kinds
    assert [line.at for line in kept] == [NOON] + 5 * [NOON + DAY]


def test_a_goodbye_claims_no_wording(session: Session, monthly: List) -> None:
    person = make_subscriber(session, monthly)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOON)
    assert (lines(session)[-1].wording, lines(session)[-1].wording_version) == ("", None)


def test_what_a_stranger_sends_is_cut_to_a_size(session: Session, monthly: List) -> None:
    visit = store.Visit(user_agent="u" * 9000, source="s" * 9000, via="v" * 9000)
    person = make_subscriber(session, monthly)
    store.pause(session, monthly.id, person.id, visit=visit, now=NOON)
    line = lines(session)[-1]
    assert (len(line.user_agent), len(line.source), len(line.via)) == (200, 500, 40)


@pytest.mark.parametrize(
    ("ip", "kept"),
    [
        ("203.0.113.255", "203.0.113.0/24"),
        ("203.0.113.0", "203.0.113.0/24"),
        ("2001:db8:1:ffff:ffff::1", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("::ffff:198.51.100.9", "198.51.100.0/24"),
        ("203.0.113.0/24", ""),
        ("203.0.113.7, 10.0.0.1", ""),
        ("<script>", ""),
        ("", ""),
    ],
)
def test_of_a_network_address_only_the_network_is_kept(ip: str, kept: str) -> None:
    assert network(ip) == kept


def test_the_story_of_one_who_is_only_suppressed_says_why(session: Session) -> None:
    store.suppress(session, "ann@example.com", SuppressionReason.MANUAL, now=NOON)
    (line,) = store.story(session, "ann@example.com")
    assert line.startswith("Suppressed since 2026-11-24 12:00 UTC: manual.")
