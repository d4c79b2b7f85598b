"""What came of an issue: each mail has one fate, visitors stay apart, and silence is no zero."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from newsletter.bounces import SOURCE
from newsletter.issues import heard
from newsletter.message import Cause, EventType
from newsletter.models import DeliveryException, Issue
from newsletter.reports import as_plain, write_csv
from subscribers import store
from subscribers.database import Database
from subscribers.models import List
from tests.factories import NOON, READER, make_list, make_subscriber
from tests.newsletter.reports.rows import (
    hit,
    named,
    november,
    readers,
    report_of,
    send_issue,
    told,
)


@pytest.fixture
def plain(database: Database) -> dict[str, Any]:
    """Give the report of an issue of which something of every kind is known."""
    with database.begin() as session:
        november(session)
    return as_plain(report_of(database, "november"))


def test_each_mail_has_one_fate_and_they_add_up(plain: dict[str, Any]) -> None:
    assert plain["submitted"] == plain["recipients"] == 20
    assert plain["delivered"] == 15
    assert plain["deferred"] == 1
    assert plain["bounced"] == {"address": 1, "mailbox": 1}
    assert plain["rejected"] == {"goodbye": 1}
    assert plain["silent"] == 20 - 15 - 1 - 2 - 1


def test_complaints_are_measured_on_those_who_can_be_heard(plain: dict[str, Any]) -> None:
    assert (plain["complained"], plain["hearable"]) == (1, 14)
    assert any("6 people at Gmail" in one for one in plain["not_known"])


def test_who_was_refused_is_not_among_those_who_could_complain(database: Database) -> None:
    with database.begin() as session:
        _, people = november(session)
        session.add_all(
            DeliveryException(
                issue_id=1, subscriber_id=one, state="failed", detail="550 5.7.1", at=NOON
            )
            for one in people[12:18]
        )
    plain = as_plain(report_of(database, "november"))
    assert (plain["submitted"], plain["hearable"]) == (14, 14)
    assert not any("Gmail complained" in one for one in plain["not_known"])


def test_persons_machines_and_unknown_are_always_apart(plain: dict[str, Any]) -> None:
    """# M-1"""
    assert plain["clicks"] == {"person": 5, "machine": 9, "unknown": 2}
    assert plain["opens"] == {"person": 3, "machine": 6, "unknown": 0}
    by_number = {one["number"]: one["clicks"] for one in plain["links"]}
    assert by_number[1] == {"person": 4, "machine": 9, "unknown": 0}
    stories = {one["story"]: (one["words"], one["clicks"]) for one in plain["stories"]}
    assert stories[1] == (
        "The harbour is dredged",
        {"person": 4, "machine": 9, "unknown": 2},
    )
    reasons = {(one["what"], one["visitor"], one["reason"]): one["n"] for one in plain["reasons"]}
    assert reasons["clicked", "machine", "burst"] == 9


def test_a_link_whose_words_are_its_address_is_told_as_not_counted(plain: dict[str, Any]) -> None:
    assert {one["number"]: one["clicks"] for one in plain["links"]}[4] is None


def test_domains_of_few_people_stand_together(plain: dict[str, Any]) -> None:
    rows = {one["domain"]: one for one in plain["domains"]}
    assert set(rows) == {"readers.example", "gmail.com", "other"}
    assert rows["readers.example"] == {
        "domain": "readers.example",
        "submitted": 12,
        "delivered": 9,
        "deferred": 1,
        "bounced": 2,
        "rejected": 0,
        "complained": 1,
        "unsubscribed": 0,
    }
    assert rows["other"]["submitted"] == 2
    assert (rows["other"]["bounced"], rows["other"]["rejected"]) == (0, 1)


def test_domains_add_up_to_what_the_issue_says(plain: dict[str, Any]) -> None:
    for name in ("submitted", "delivered", "deferred", "complained", "unsubscribed"):
        assert sum(one[name] for one in plain["domains"]) == plain[name]
    for name in ("bounced", "rejected"):
        assert sum(one[name] for one in plain["domains"]) == sum(plain[name].values())


def test_times_are_hours_since_it_began_and_days_from_the_third_on(plain: dict[str, Any]) -> None:
    times = {(one["hour"], one["word"], one["visitor"]): one["n"] for one in plain["over_time"]}
    assert times[0, "delivered", ""] == 15
    assert times[3, "complained", ""] == 1
    assert times[72, "clicked", "person"] == 1


def test_a_bounce_that_comes_after_the_delivery_counts_and_the_delivery_does_not(
    database: Database,
) -> None:
    """A server may take a mail first and send it back later."""
    with database.begin() as session:
        list_ = make_list(session)
        people = readers(session, list_, 2)
        issue = send_issue(session, list_, people)
        told(session, issue, people, EventType.BOUNCED, cause=Cause.BLOCK)
        told(session, issue, people[:1], EventType.DELIVERED)
        told(session, issue, people[:1], EventType.PROCESSED)
    found = as_plain(report_of(database, "november"))
    assert (found["bounced"], found["silent"]) == ({"block": 2}, 0)


def test_of_each_person_the_strongest_report_is_told_in_whatever_order(database: Database) -> None:
    with database.begin() as session:
        list_ = make_list(session)
        people = readers(session, list_, 4)
        issue = send_issue(session, list_, people)
        told(session, issue, people[:3], EventType.DELIVERED)
        told(session, issue, people[:1], EventType.COMPLAINED)
        told(session, issue, people[1:2], EventType.BOUNCED, cause=Cause.MAILBOX)
        told(session, issue, people[:2], EventType.DEFERRED)
        told(session, issue, people[3:], EventType.OPENED)
    with database.read() as session:
        found = heard(session, session.scalars(select(Issue)).one())
    assert {person: str(one) for person, one in found.items()} == {
        people[0]: "complained",
        people[1]: "bounced (mailbox)",
        people[2]: "delivered",
    }
    assert found[people[1]].words == "550 <b>no</b>"


def test_who_opened_complained_or_left_had_the_mail_though_no_delivery_was_reported(
    database: Database,
) -> None:
    with database.begin() as session:
        list_ = make_list(session)
        people = readers(session, list_, 4)
        issue = send_issue(session, list_, people)
        told(session, issue, people[:1], EventType.DELIVERED)
        told(session, issue, people[1:2], EventType.COMPLAINED)
        told(session, issue, people[2:3], EventType.DEFERRED)
        told(session, issue, people[2:3], EventType.UNSUBSCRIBED)
    found = as_plain(report_of(database, "november"))
    assert (found["delivered"], found["deferred"], found["silent"]) == (3, 0, 1)


def test_where_nobody_reports_deliveries_they_are_not_known(database: Database) -> None:
    with database.begin() as session:
        list_ = make_list(session)
        send_issue(session, list_, readers(session, list_, 3), mode="off")
    found = as_plain(report_of(database, "november"))
    assert (found["delivered"], found["clicks"], found["opens"]) == (None, None, None)
    assert {one["delivered"] for one in found["domains"]} == {None}
    assert [sentence.partition(":")[0] for sentence in found["not_known"]] == [
        "How many were delivered",
        "Whether any bounced or was complained of",
        "Clicks",
        "Opens",
    ]


def test_a_report_by_mail_of_one_delivery_does_not_make_the_others_silent(
    database: Database,
) -> None:
    """Anybody who got the mail can send one; mail servers report deliveries to nobody."""
    with database.begin() as session:
        list_ = make_list(session)
        people = readers(session, list_, 6)
        issue = send_issue(session, list_, people, mode="off")
        told(session, issue, people[:1], EventType.DELIVERED, source=SOURCE)
        told(session, issue, people[1:2], EventType.BOUNCED, cause=Cause.ADDRESS, source=SOURCE)
    found = as_plain(report_of(database, "november"))
    assert (found["delivered"], found["bounced"]) == (None, {"address": 1})
    assert {one["delivered"] for one in found["domains"]} == {None}
    assert found["not_known"][0].startswith("How many were delivered")
    assert "complained of" not in " ".join(found["not_known"])


def test_a_click_on_nobody_knows_which_link_is_not_told_as_outside_of_the_stories(
    database: Database,
) -> None:
    with database.begin() as session:
        list_ = make_list(session)
        people = readers(session, list_, 1)
        issue = send_issue(session, list_, people, mode="individual")
        named(session, issue, people[0], -1, "person")
    found = as_plain(report_of(database, "november"))
    assert found["clicks"]["person"] == 1
    assert found["links"][-1]["words"] == "not known which"
    stories = [(one["story"], one["words"], one["clicks"]["person"]) for one in found["stories"]]
    assert stories[-1] == (None, "not known which", 1)
    assert [story for story, *_ in stories[:-1]] == [1, 2]


def test_people_counted_by_name_count_once_by_the_best_that_is_known(database: Database) -> None:
    with database.begin() as session:
        list_ = make_list(session)
        ada, bo, cy = readers(session, list_, 3)
        issue = send_issue(session, list_, [ada, bo, cy], mode="individual")
        for visitor in ("machine", "person", "unknown"):
            named(session, issue, ada, 1, visitor)
        named(session, issue, bo, 2, "machine")
        named(session, issue, bo, 0, "unknown")
        hit(session, issue, 3, "person")
    found = as_plain(report_of(database, "november"))
    assert found["clicks"] == {"person": 2, "machine": 2, "unknown": 1}
    assert found["people"] == {
        "clicked": {"person": 1, "machine": 1, "unknown": 0},
        "opened": {"person": 0, "machine": 0, "unknown": 1},
    }


def test_the_list_grows_and_shrinks_between_issues(database: Database) -> None:
    with database.begin() as session:
        list_ = make_list(session)
        people = readers(session, list_, 4)
        send_issue(session, list_, people, key="october", at=NOON - timedelta(days=30))
        make_subscriber(session, list_, now=NOON - timedelta(days=3))
        november_ = send_issue(session, list_, people)
        later = NOON + timedelta(hours=1)
        store.unsubscribe(session, list_.id, people[0], visit=READER, now=later)
        told(session, november_, people[1:2], EventType.BOUNCED, cause=Cause.ADDRESS, at=later)
    growth = as_plain(report_of(database, "november"))["growth"]
    assert growth["mailable"] == 3
    assert {name: growth["before"][name] for name in ("joined", "left", "bounced")} == {
        "joined": 1,
        "left": 0,
        "bounced": 0,
    }
    assert {name: growth["since"][name] for name in ("joined", "left", "bounced")} == {
        "joined": 0,
        "left": 1,
        "bounced": 1,
    }
    first = as_plain(report_of(database, "october"))["growth"]
    assert (first["before"]["from"], first["before"]["joined"]) == (None, 4)
    assert first["since"]["until"] == NOON


def test_earlier_issues_of_the_list_stand_beside_it_the_newest_first(database: Database) -> None:
    with database.begin() as session:
        list_, other = make_list(session), make_list(session, "other")
        people = readers(session, list_, 3)
        for month in (3, 2, 1):
            send_issue(
                session, list_, people, key=f"{month}-ago", at=NOON - timedelta(days=30 * month)
            )
        send_issue(session, other, people, key="elsewhere", at=NOON - timedelta(days=1))
        send_issue(session, list_, people)
    found = report_of(database, "november")
    assert [one.issue.key for one in found.earlier] == ["1-ago", "2-ago", "3-ago"]
    assert as_plain(found)["earlier"][0]["submitted"] == 3


def test_rows_for_a_spreadsheet_have_one_number_each_and_run_nothing(database: Database) -> None:
    """# S-15"""
    with database.begin() as session:
        issue, _ = november(session)
        links = [list(row) for row in session.get_one(Issue, issue.id).links]
        links[0][2] = "=HYPERLINK(1)"
        session.get_one(Issue, issue.id).links = links
    file = io.StringIO()
    write_csv(report_of(database, "november"), file)
    rows = list(csv.reader(file.getvalue().splitlines()))
    assert {len(row) for row in rows} == {5}
    assert all(row[4].isdecimal() for row in rows[1:])
    assert ["outcome", "bounced", "address", "", "1"] in rows
    assert ["link", "https://site.example/harbour", "'=HYPERLINK(1)", "person", "4"] in rows


def test_rows_for_a_spreadsheet_say_of_clicks_what_json_says(database: Database) -> None:
    with database.begin() as session:
        issue, people = november(session)
        list_ = session.get_one(List, issue.list_id)
        october = send_issue(session, list_, people, key="october", at=NOON - timedelta(days=30))
        hit(session, october, 1, "person", 2)
    file = io.StringIO()
    write_csv(report_of(database, "november"), file)
    rows = list(csv.reader(file.getvalue().splitlines()))
    assert ["earlier", "october", "clicks", "person", "2"] in rows
    assert ["earlier", "october", "opens", "machine", "0"] in rows
    assert ["reason", "clicked", "burst", "machine", "9"] in rows
    assert ["growth", "now", "mailable", "", "17"] in rows
