"""What everybody may read: the issues that went out, and their pictures."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from newsletter.issues import amend, find_issue, repoint
from newsletter.message import Link
from newsletter.models import Batch, IssueState
from newsletter.slots import hole, slot
from tests.factories import NOON
from tests.newsletter.house import EMAIL
from tests.newsletter.web.site import PICTURE, Site

FOREVER = "public, max-age=31536000, immutable"


def policy(header: str) -> dict[str, str]:
    """Return the directives of a Content-Security-Policy."""
    pairs = (directive.strip().partition(" ") for directive in header.split(";"))
    return {name: value for name, _, value in pairs}


def test_an_issue_is_shown_without_anybodys_links(site_on_both: Site) -> None:
    """# S-10"""
    site = site_on_both
    site.publish(
        html=f'<p>Dear {hole("name")}</p><a href="{slot("unsubscribe")}">leave</a>'
        f'<a href="{slot("preferences")}">choose</a><img src="{slot("asset/0a1b2c.png")}">',
        assets=(PICTURE,),
    )
    answer = site.client.get("/archive/ledger/november")
    assert answer.status_code == 200
    assert "Dear Reader" in answer.text
    assert "/m/0a1b2c.png" in answer.text
    assert not re.search(r"/(u|p|me|confirm)/|slot\.invalid|[\ue000\ue001]|<script", answer.text)


def test_an_issue_runs_nothing_and_asks_nobody(site: Site) -> None:
    """# S-10"""
    site.publish()
    answer = site.client.get("/archive/ledger/november")
    found = policy(answer.headers["content-security-policy"])
    assert found["default-src"] == found["form-action"] == found["frame-ancestors"] == "'none'"
    assert "script-src" not in found
    assert "allow-scripts" not in found["sandbox"]
    assert "allow-same-origin" not in found["sandbox"]
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("state", IssueState)
def test_only_what_went_out_is_shown(site_on_both: Site, state: IssueState) -> None:
    site = site_on_both
    site.publish(state=state)
    shown = state in (IssueState.SENDING, IssueState.PAUSED, IssueState.SENT)
    assert site.client.get("/archive/ledger/november").status_code == (200 if shown else 404)
    assert ("Nine stories" in site.client.get("/archive/ledger").text) == shown


def test_an_issue_that_was_amended_on_its_way_says_so(site_on_both: Site) -> None:
    site = site_on_both
    site.publish(state=IssueState.PAUSED, html="<html><body class='x'><p>Hello</p></body></html>")
    mended = replace(EMAIL, subject="Ten", html="<html><body class='x'><p>Bye</p></body></html>")

    def shown() -> str:
        return site.client.get("/archive/ledger/november").text

    with site.app.database.begin() as session:
        row = find_issue(session, "ledger/november")
        amend(session, row, title="November", email=mended, no_test=True, who="editor", now=NOON)
        mailed = Batch(issue_id=row.id, batch_no=1, lo=1, hi=1, n=0, state="submitted", variant=1)
        session.add(mailed)
    assert "Bye" in shown()
    assert "Corrected" not in shown()
    with site.app.database.begin() as session:
        session.execute(update(Batch).values(variant=0))
    assert re.search(r"<body class='x'><p [^>]*>Corrected on 2026-11-24: some .*Bye", shown())
    assert "Hello" not in shown()


def test_a_private_lists_issues_are_nobodys(site: Site) -> None:
    site.publish()
    site.edit(public=False)
    missing = site.client.get("/archive/nothing/nothing")
    for path in ("/archive/ledger", "/archive/ledger/november"):
        answer = site.client.get(path)
        assert (answer.status_code, answer.content) == (404, missing.content)


def test_an_issue_is_read_under_its_own_list_alone(site: Site) -> None:
    site.publish()
    site.another_list("weekly")
    assert site.client.get("/archive/weekly/november").status_code == 404


def test_the_newest_issue_stands_first(site: Site) -> None:
    for key in ("september", "october"):
        site.publish(key, subject=f"All of {key} & <more>")
    text = site.client.get("/archive/ledger").text
    assert 0 < text.index("All of october &amp; &lt;more&gt;") < text.index("All of september")
    assert 'datetime="2026-11-24"' in text


def test_an_empty_archive_says_so(site: Site) -> None:
    answer = site.client.get("/archive/ledger")
    assert answer.status_code == 200
    assert "No issue has gone out yet" in answer.text


def test_a_picture_is_the_same_for_ever(site_on_both: Site) -> None:
    site = site_on_both
    site.publish(assets=(PICTURE,))
    answer = site.client.get("/m/0a1b2c.png")
    assert (answer.status_code, answer.content) == (200, PICTURE.data)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == FOREVER
    assert answer.headers["x-content-type-options"] == "nosniff"
    # Mail clients and their proxies show it on pages of their own.
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize("held", ['"0a1b2c.png"', 'W/"0a1b2c.png"', '"x", "0a1b2c.png"', "*"])
def test_a_picture_that_is_held_is_not_sent_again(site: Site, held: str) -> None:
    site.publish(assets=(PICTURE,))
    answer = site.client.get("/m/0a1b2c.png", headers={"If-None-Match": held})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == '"0a1b2c.png"'
    assert answer.headers["cache-control"] == FOREVER


def test_another_picture_that_is_held_does_not_count(site: Site) -> None:
    site.publish(assets=(PICTURE,))
    answer = site.client.get("/m/0a1b2c.png", headers={"If-None-Match": '"another.png"'})
    assert (answer.status_code, answer.content) == (200, PICTURE.data)


def test_the_style_sheet_takes_a_colour_and_nothing_else(site: Site) -> None:
    for accent in ("default", "1f4fd8", "FFFFFF"):
        answer = site.client.get(f"/style/{accent}.css")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/css")
    for accent in ("red", "1f4fd8;}", "1f4fd", "1f4fd8%0A", "..%2Fstyle"):
        assert site.client.get(f"/style/{accent}.css").status_code == 404


def test_a_link_that_was_led_elsewhere_is_noted_with_its_day(site_on_both: Site) -> None:
    """The list's day; what a label says runs nowhere."""
    site = site_on_both
    links = (Link(1, "https://site.example/1", "Read <b>on</b>", 1),)
    site.publish(html=f'<body><a href="{slot("link/1")}">on</a></body>', links=links)
    site.edit(time_zone="Asia/Tokyo")
    assert "Corrected on" not in site.client.get("/archive/ledger/november").text
    with site.app.database.begin() as session:
        issue = find_issue(session, "november")
        issue.click_tracking = "aggregate"
        late = datetime(2026, 11, 24, 20, tzinfo=UTC)
        repoint(session, issue, 1, "https://site.example/2", who="ada", now=late)
    shown = site.client.get("/archive/ledger/november").text
    assert "Corrected on 2026-11-25: “Read &lt;b&gt;on&lt;/b&gt;” leads elsewhere now." in shown
    assert 'href="https://site.example/2"' in shown
