"""The map of clicks: the email with persons' clicks beside its links, and nothing that runs."""

import re

from newsletter.models import Issue
from newsletter.reports import click_map
from subscribers.database import Database
from tests.newsletter.events.rows import LINKS
from tests.newsletter.reports.rows import november, report_of


def test_each_link_bears_its_persons_clicks_and_machines_are_in_no_number(
    database: Database,
) -> None:
    with database.begin() as session:
        november(session)
    html = click_map(report_of(database, "november"), LINKS)
    shown = re.findall(
        r'<a href="([^"]+)">[^<]*</a><span [^>]*title="([^"]*)">([^<]*)</span>', html
    )
    assert shown == [
        ("https://site.example/harbour", "4 by persons, 0 unknown, 9 by machines", "4"),
        ("https://site.example/harbour#more", "0 by persons, 2 unknown, 0 by machines", "0 +2?"),
        ("https://site.example/bridge", "1 by persons, 0 unknown, 0 by machines", "1"),
        ("https://site.example/", "not counted", "not counted"),
    ]
    assert "5 clicks by persons" in html
    assert "slot.invalid" not in html


def test_names_are_escaped_and_scripts_are_forbidden(database: Database) -> None:
    """# WH-7"""
    with database.begin() as session:
        issue, _ = november(session)
        session.get_one(Issue, issue.id).list_name = "<script>alert(1)</script>"
    html = click_map(report_of(database, "november"), LINKS)
    assert "<script" not in html
    assert "default-src 'none'" in html.partition("<body")[0]


def test_an_issue_whose_clicks_were_not_counted_says_so(database: Database) -> None:
    with database.begin() as session:
        issue, _ = november(session)
        session.get_one(Issue, issue.id).click_tracking = "off"
    html = click_map(report_of(database, "november"), LINKS)
    assert "clicks were not counted" in html
    assert "by persons" not in html
