"""Opens and clicks that SendGrid counted: whose, on which link, by a person or a machine."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from newsletter import engagement, events, issues
from newsletter.app import App
from newsletter.events.pressed import Pressed
from newsletter.message import Link, RenderedEmail, Visit
from newsletter.models import Batch, Issue, StoredEvent
from newsletter.reports import as_plain, click_map, report
from newsletter.slots import slot
from subscribers import store
from subscribers.models import List, Subscriber, Subscription
from tests.doubles.sendgrid_counting import Tracked, tracked, visit
from tests.doubles.sendgrid_mail import Accepted
from tests.doubles.sendgrid_server import SendGridDouble
from tests.newsletter.house import (
    EMAIL,
    NOON,
    add_people,
    address,
    drain,
    open_house,
    start,
    subscriber_id,
    write_draft,
)
from tests.newsletter.providers.at_sendgrid import sendgrid

TIDES, MAPS = "https://site.example/tides?a=1&b=2", "https://site.example/maps"
LATER = NOON + timedelta(minutes=30)
ROBOT = "curl/8.5.0"
THREE = RenderedEmail(
    sender=EMAIL.sender,
    subject="Nine stories",
    html="".join(
        f'<p><a href="{slot(name)}">{name}</a></p>'
        for name in ("archive", "link/1", "link/1", "link/2", "link/3", "unsubscribe")
    ),
    text=f"{slot('link/3')} {slot('link/1')} {slot('unsubscribe')}",
    links=(Link(1, TIDES, "Tides", 1), Link(2, MAPS, "Maps", 1), Link(3, TIDES, "Again", 2)),
)


@pytest.fixture
def double() -> Iterator[SendGridDouble]:
    with SendGridDouble(may_count=True) as running:
        yield running


@pytest.fixture
def app(database_url: str, tmp_path: Path, double: SendGridDouble) -> Iterator[App]:
    """Give a house whose issue reached three people at noon, of whom the first two agreed."""
    opened = open_house(database_url, tmp_path, sendgrid(double))
    list_id = add_people(opened, 3)
    with opened.database.begin() as session:
        store.edit_list(
            session,
            session.get_one(List, list_id),
            click_tracking="individual",
            open_tracking="individual",
            counted_by="provider",
            utm=True,
        )
    answer(opened, 1, True)
    answer(opened, 2, True)
    number = write_draft(opened, list_id, email=THREE).issue.id
    with opened.database.begin() as session:
        row = session.get_one(Issue, number)
        issues.schedule(session, row, who="editor", now=NOON, no_test=True)
    start(opened)
    drain(opened)
    with opened.database.begin() as session:
        session.execute(update(Batch).values(submitted_at=NOON))
    yield opened
    opened.database.close()


def answer(app: App, number: int, allowed: bool) -> None:
    person = subscriber_id(app, number)
    with app.database.begin() as session:
        session.execute(
            update(Subscription)
            .where(Subscription.subscriber_id == person)
            .values(tracking_consent=allowed)
        )


def mail(double: SendGridDouble, number: int) -> Accepted:
    (found,) = (one for one in double.accepted if one.to == address(number))
    return found


def after(seconds: float) -> float:
    return (LATER + timedelta(seconds=seconds)).timestamp()


def post(app: App, *told: dict[str, Any]) -> None:
    with app.database.begin() as session:
        events.keep(session, "sendgrid", json.dumps(told).encode(), now=LATER)
    events.catch_up(app.database, app.links, now=LATER)


def kept(app: App) -> list[tuple[str, int | None, int | None, str, str]]:
    """Return type, person, link, visitor and reason of each visit, by the order of its name."""
    with app.database.read() as session:
        rows = session.scalars(
            select(StoredEvent).where(StoredEvent.type.in_(("opened", "clicked")))
        )
        found = sorted(rows, key=lambda row: int(row.source_id.partition("-")[2]))
        people = {
            row.id: int((row.email or "0")[6:11]) for row in session.scalars(select(Subscriber))
        }
        return [
            (row.type, people.get(row.subscriber_id or 0), row.link, row.visitor, row.detail)
            for row in found
        ]


def test_clicks_and_opens_of_who_agreed_are_kept_once_with_their_link(
    app: App, double: SendGridDouble
) -> None:
    """# WH-4, L-1"""
    one = mail(double, 1)
    links = tracked(one)
    assert [link.place for link in links] == [0, 1, 0, 2]
    told = [
        visit(one, 1, after(0)),
        *(visit(one, 2 + at, after(300 * at + 300), link) for at, link in enumerate(links)),
    ]
    post(app, *told)
    post(app, *reversed(told))
    assert kept(app) == [
        ("opened", 1, 0, "unknown", "unsure"),
        ("clicked", 1, 1, "unknown", "unsure"),
        ("clicked", 1, 1, "unknown", "unsure"),
        ("clicked", 1, 2, "unknown", "unsure"),
        ("clicked", 1, 3, "unknown", "unsure"),
    ]


def test_of_who_did_not_agree_or_took_it_back_nothing_is_kept(
    app: App, double: SendGridDouble
) -> None:
    """# L-1: whatever SendGrid says, also of mails that are out."""
    one, two, three = (mail(double, number) for number in (1, 2, 3))
    assert tracked(three) == []
    link = tracked(one)[0]
    post(
        app,
        visit(two, 1, after(0), link),
        visit(three, 2, after(0), link),
        visit(three, 3, after(1)),
    )
    answer(app, 2, False)
    post(app, visit(two, 4, after(9), link), visit(one, 5, after(9), link))
    assert [row[:3] for row in kept(app)] == [("clicked", 2, 1), ("clicked", 1, 1)]


def test_an_address_that_is_none_of_ours_is_kept_as_of_no_link(
    app: App, double: SendGridDouble
) -> None:
    """# WH-6"""
    one = mail(double, 1)
    post(
        app,
        visit(one, 1, after(0), Tracked("https://elsewhere.example/", 0)),
        visit(one, 2, after(90), Tracked(tracked(one)[0].url, 99)),
        visit(one, 3, after(180), Tracked("http://[", 0), url_offset="first"),
        visit(one, 4, after(270), Tracked("x", 0), url=None, useragent={"a": 1}, ip=7),
    )
    assert [row[2] for row in kept(app)] == [None] * 4
    with app.database.read() as session:
        row = session.scalars(select(Issue)).one()
        plain = as_plain(report(session, row, now=LATER))
    assert plain["clicks"] == {"person": 0, "machine": 0, "unknown": 4}
    assert plain["links"][-1]["words"] == "not known which"


MACHINES = [
    ({"useragent": ROBOT}, "robot"),
    ({"ip": "209.222.80.7"}, "network"),
    ({"ip": "40.94.1.2"}, "network"),
    ({"useragent": "Mozilla/5.0 Chrome/57.0 Safari/537.36"}, "old-browser"),
]


@pytest.mark.parametrize(("shown", "word"), MACHINES)
def test_a_machines_click_is_told_by_the_rules_of_ours(
    app: App, double: SendGridDouble, shown: dict[str, str], word: str
) -> None:
    """# M-1"""
    one = mail(double, 1)
    post(app, visit(one, 1, after(0), tracked(one)[0], **shown))
    assert kept(app) == [("clicked", 1, 1, "machine", word)]


def test_opens_are_told_apart_too(app: App, double: SendGridDouble) -> None:
    """# M-1"""
    one = mail(double, 1)
    post(
        app,
        visit(one, 1, after(0), sg_machine_open=True),
        visit(one, 2, after(100), useragent="Mozilla/5.0 (via ggpht.com GoogleImageProxy)"),
        visit(one, 3, after(200), useragent="Mozilla/5.0 (X11; rv:140.0) Gecko Thunderbird/140.1"),
        visit(one, 4, NOON.timestamp() + 4),
        visit(one, 5, after(400), useragent=None),
    )
    assert [row[3:] for row in kept(app)] == [
        ("machine", "proxy"),
        ("machine", "proxy"),
        ("person", "mail-program"),
        ("machine", "early"),
        ("unknown", "unsure"),
    ]


def test_what_several_show_together_is_the_same_in_whatever_order_and_post_they_come(
    app: App, double: SendGridDouble
) -> None:
    """# M-1, WH-5"""
    one, two = mail(double, 1), mail(double, 2)
    tides, _, maps, again = tracked(one)
    told = [
        # Three things within two seconds.
        visit(one, 1, after(0), tides),
        visit(one, 2, after(1), maps),
        visit(one, 3, after(2), again),
        # Beside a machine's click, and long after it.
        visit(two, 4, after(100), tides, useragent=ROBOT),
        visit(two, 5, after(150), maps),
        visit(two, 6, after(400), maps),
        # Two things are no burst.
        visit(two, 7, after(900)),
        visit(two, 8, after(901), again),
        # A burst, by a hand that shows itself a while later.
        *(
            visit(two, 9 + at, after(2000 + at), link)
            for at, link in enumerate((tides, maps, again))
        ),
        visit(two, 12, after(2040), tides, useragent=ROBOT),
    ]
    wanted = [
        *[("machine", "burst")] * 3,
        ("machine", "robot"),
        ("machine", "same-hand"),
        *[("unknown", "unsure")] * 3,
        *[("machine", "same-hand")] * 3,
        ("machine", "robot"),
    ]
    for seed in range(4):
        random.Random(seed).shuffle(told)  # noqa: S311
        with app.database.begin() as session:
            session.query(StoredEvent).delete()
        for some in _parts(told, seed + 1):
            post(app, *some)
        assert [row[3:] for row in kept(app)] == wanted


def _parts(told: Sequence[dict[str, Any]], size: int) -> list[Sequence[dict[str, Any]]]:
    return [told[at : at + size] for at in range(0, len(told), size)]


def test_report_map_and_segments_know_them_as_they_know_ours(
    app: App, double: SendGridDouble
) -> None:
    one, two = mail(double, 1), mail(double, 2)
    tides, _, maps, _ = tracked(one)
    post(
        app,
        visit(one, 1, after(0), maps),
        visit(one, 2, after(300)),
        visit(two, 3, after(600), tides, useragent=ROBOT),
    )
    with app.database.read() as session:
        issue = session.scalars(select(Issue)).one()
        found = report(session, issue, now=LATER)
        list_ = session.get_one(List, issue.list_id)
        people = {
            text: store.count_audience(session, list_.id, engagement.narrowed(session, list_, text))
            for text in ("clicked", "opened", "counted and not clicked(last 1)")
        }
        page = click_map(found, app.links)
        engaged = session.scalars(
            select(Subscriber.email).where(Subscriber.last_engaged_at.is_not(None))
        ).all()
    plain = as_plain(found)
    assert plain["counted"] == {"clicks": "individual", "opens": "individual", "by": "provider"}
    assert plain["clicks"] == {"person": 0, "machine": 1, "unknown": 1}
    assert plain["opens"] == {"person": 0, "machine": 0, "unknown": 1}
    assert {one["number"]: one["clicks"]["unknown"] for one in plain["links"]} == {1: 0, 2: 1, 3: 0}
    assert people == {"clicked": 1, "opened": 1, "counted and not clicked(last 1)": 1}
    assert any("nothing is known" in sentence for sentence in plain["not_known"])
    assert "0 clicks by persons" in page
    assert engaged == [address(1)]


def test_of_an_issue_that_we_count_nothing_is_kept_that_sendgrid_counted_unasked(
    app: App, double: SendGridDouble
) -> None:
    """# L-1: and no figure counts it a second time."""
    one = mail(double, 1)
    with app.database.begin() as session:
        session.execute(update(Issue).values(counted_by="own"))
    post(app, visit(one, 1, after(0), tracked(one)[0]))
    assert kept(app) == []


def test_a_visit_settles_what_is_in_doubt_though_nothing_of_it_is_kept(
    app: App, double: SendGridDouble
) -> None:
    """# L-1: that a mail was taken is no record of its reader."""
    with app.database.begin() as session:
        session.execute(update(Batch).values(state="in_doubt"))
        session.execute(update(Issue).values(state="sending"))
    post(app, *(visit(mail(double, number), number, after(0)) for number in (1, 2, 3)))
    with app.database.read() as session:
        assert set(session.scalars(select(Batch.state))) == {"submitted"}
    assert [row[1] for row in kept(app)] == [1, 2]


def test_an_address_is_found_however_it_is_written(app: App) -> None:
    with app.database.read() as session:
        pressed = Pressed(session.scalars(select(Issue)).one(), app.links)
    for url, number in (
        (MAPS, 2),
        ("HTTPS://SITE.example/maps", 2),
        ("https://site.example/%6Daps", 2),
        (f"{MAPS}?x=1", None),
        ("", None),
    ):
        assert pressed.number(Visit(url)) == number
    # The first of those alike in the text part is the last of them in the other.
    assert pressed.number(Visit(TIDES, 0, in_text=True)) == 3
    assert pressed.number(Visit(TIDES.replace("&", "&amp;"), 0)) == 1
    # Not said which: not made up.
    assert pressed.number(Visit(TIDES)) is None
    # It counts all links of a mail at times, and then the third is another one.
    assert pressed.number(Visit(TIDES, 3)) == 3
    assert pressed.number(Visit(TIDES, 7)) is None
