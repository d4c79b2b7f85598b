"""A paused issue gets another text: who was not mailed yet gets it, once, and it is known who."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from newsletter import dispatcher, issues
from newsletter.app import App
from newsletter.errors import IssueError, ProviderUnavailable
from newsletter.message import Envelope, Link, RenderedEmail, SendResult
from newsletter.models import Issue
from newsletter.slots import slot
from subscribers import store
from subscribers.models import SuppressionReason
from subscribers.store import Visit
from tests.newsletter.house import (
    EMAIL,
    NOON,
    Make,
    add_people,
    address,
    drain,
    hand,
    schedule,
    start,
    state,
    steps,
    subscriber_id,
    wait_is_over,
    write_draft,
)
from tests.newsletter.receiver import SUBMITTED

MENDED = replace(EMAIL, subject="Ten stories", html=EMAIL.html.replace("Hello", "Hello again"))


def pause(app: App, issue: int) -> None:
    with app.database.begin() as session:
        issues.pause(session, session.get_one(Issue, issue), who="editor", now=NOON)


def resume(app: App, issue: int) -> None:
    with app.database.begin() as session:
        issues.resume(session, session.get_one(Issue, issue), who="editor", now=NOON)


def amend(app: App, issue: int, email: RenderedEmail = MENDED, **more: Any) -> bool:
    with app.database.begin() as session:
        row = session.get_one(Issue, issue)
        given: dict[str, Any] = {"no_test": True} | more
        return issues.amend(
            session, row, title="November", email=email, who="editor", now=NOON, **given
        )


def texts(app: App, issue: int) -> dict[str | None, int | None]:
    """Return which text each recipient has or may have."""
    with app.database.read() as session:
        found = issues.recipients(session, session.get_one(Issue, issue))
        return {one.email: one.variant for one in found}


def test_the_rest_gets_the_mended_text_and_nobody_gets_two(house: Make) -> None:
    app, receiver = house(stepwise=True)
    list_id = add_people(app, 30)
    issue = schedule(app, list_id)
    start(app)
    worker = hand(app)
    worker.send_one()
    pause(app, issue)
    assert amend(app, issue)
    with app.database.begin() as session:
        store.unsubscribe(session, list_id, subscriber_id(app, 15), visit=Visit(), now=NOON)
        store.suppress(session, address(25), SuppressionReason.COMPLAINED, now=NOON)
    assert not worker.send_one()
    resume(app, issue)
    while worker.send_one():
        pass
    gone = {15, 25}
    assert receiver.book() == {address(n): 1 for n in range(1, 31) if n not in gone}
    assert [one.subject for one in receiver.emails] == ["Nine stories", "Ten stories"]
    assert texts(app, issue) == {
        address(n): None if n in gone else 0 if n <= 10 else 1 for n in range(1, 31)
    }
    with app.database.read() as session:
        row = session.get_one(Issue, issue)
        first, rest = (issues.progress(session, row, variant) for variant in (0, 1))
        assert (first.submitted, rest.submitted, rest.skipped) == (10, 18, 2)
        assert [one.subject for one in issues.earlier_texts(session, row)] == ["Nine stories"]
        assert row.subject == "Ten stories"
    assert state(app, issue) == "sent"
    assert [step for step, _ in steps(app, issue)][3:] == ["pause", "amend", "resume", "finish"]


def test_what_was_claimed_before_leaves_with_the_text_it_was_claimed_with(house: Make) -> None:
    app, receiver = house(stepwise=False)
    issue = schedule(app, add_people(app, 20))
    start(app)

    def meanwhile(_: int) -> None:
        pause(app, issue)
        assert amend(app, issue)

    mark: list[Callable[[int], None]] = [meanwhile]
    worker = dispatcher.Sender(
        app.database, app.links, receiver, mark=lambda n: mark.pop()(n) if mark else None,
        clock=lambda: NOON,
    )  # fmt: skip
    worker.send_one()
    resume(app, issue)
    while worker.send_one():
        pass
    assert [one.subject for one in receiver.emails] == ["Nine stories", "Ten stories"]
    assert texts(app, issue) == {address(n): int(n > 10) for n in range(1, 21)}


def test_a_batch_that_went_back_gets_the_mended_text(house: Make) -> None:
    """It is as unmailed as one that never was claimed."""
    away = [True]

    def answer(envelope: Envelope) -> SendResult:
        if away:
            raise ProviderUnavailable("the server is away")
        return SUBMITTED

    app, receiver = house(stepwise=True, answer=answer)
    issue = schedule(app, add_people(app, 5))
    start(app)
    hand(app).send_one()
    away.clear()
    pause(app, issue)
    assert set(texts(app, issue).values()) == {None}
    amend(app, issue)
    resume(app, issue)
    wait_is_over(app)
    drain(app)
    assert receiver.book() == {address(n): 1 for n in range(1, 6)}
    assert texts(app, issue) == {address(n): 1 for n in range(1, 6)}


def test_the_same_text_again_amends_nothing(house: Make) -> None:
    app, _ = house(stepwise=True)
    list_id = add_people(app, 3)
    issue = schedule(app, list_id)
    pause(app, issue)
    assert not amend(app, issue, EMAIL)
    assert amend(app, issue)
    assert not amend(app, issue)
    assert [step for step, _ in steps(app, issue)].count("amend") == 1
    assert not write_draft(app, list_id, email=MENDED).changed
    assert write_draft(app, list_id).changed


def test_only_a_paused_issue_is_amended_and_only_to_what_was_tested(house: Make) -> None:
    app, _ = house(stepwise=True)
    issue = schedule(app, add_people(app, 3))
    with pytest.raises(IssueError, match="cannot amend"):
        amend(app, issue)
    pause(app, issue)
    with pytest.raises(IssueError, match="never tested"):
        amend(app, issue, no_test=False)
    with pytest.raises(IssueError, match=r"errors \(clipped\)"):
        amend(app, issue, errors=["clipped"])
    assert amend(app, issue, errors=["clipped"], allow=["clipped"])
    with app.database.read() as session:
        row = session.get_one(Issue, issue)
        last = issues.steps(session, row)[-1]
        assert (row.state, row.hold_reason, row.variant) == ("paused", "operator", 1)
    assert last.detail.endswith("without a test, in spite of clipped")


def test_links_of_mails_that_are_out_lead_where_they_led(house: Make) -> None:
    app, receiver = house(stepwise=True, public_url="https://news.example")
    list_id = add_people(app, 2)
    one, two, three = ("https://a.example/", "https://b.example/", "https://c.example/")

    def email(*urls: str) -> RenderedEmail:
        links = tuple(Link(at, url, f"to {url}") for at, url in enumerate(urls, 1))
        named = "".join(f'<a href="{slot(f"link/{link.number}")}">{link.url}</a>' for link in links)
        return replace(EMAIL, html=f"<p>{named}</p>", links=links)

    with app.database.begin() as session:
        store.edit_list(session, store.find_list(session), click_tracking="off")
    number = write_draft(app, list_id, email=email(one, two)).issue.id
    with app.database.begin() as session:
        row = session.get_one(Issue, number)
        issues.schedule(session, row, who="editor", now=NOON, no_test=True)
    start(app, 1)
    worker = hand(app)
    worker.send_one()
    pause(app, number)
    amend(app, number, email(three, two))
    resume(app, number)
    while worker.send_one():
        pass
    with app.database.read() as session:
        row = session.get_one(Issue, number)
        assert [tuple(link[:2]) for link in row.links] == [(1, one), (2, two), (3, three)]
        assert slot("link/3") in row.html
        assert slot("link/1") not in row.html
    assert f'<a href="{three}">{three}</a><a href="{two}">{two}</a>' in receiver.emails[-1].html


@pytest.mark.parametrize("says", ["https://site.example/wrong", "https://site.example/right"])
def test_a_link_that_was_led_elsewhere_stays_so_whether_the_post_was_mended_or_not(
    house: Make, says: str
) -> None:
    app, receiver = house()
    right = "https://site.example/right"

    def saying(url: str, words: str) -> RenderedEmail:
        html = f'<p>{words} <a href="{slot("link/1")}">the bridge</a></p>'
        return replace(EMAIL, html=html, links=(Link(1, url, "the bridge", 1),))

    def led() -> list[str]:
        with app.database.read() as session:
            return [link.url for link in issues.links_of(session.get_one(Issue, issue))]

    wrong = saying("https://site.example/wrong", "Hello")
    issue = write_draft(app, add_people(app, 20), email=wrong).issue.id
    with app.database.begin() as session:
        row = session.get_one(Issue, issue)
        issues.schedule(session, row, who="editor", now=NOON, no_test=True)
    start(app)
    hand(app).send_one()
    pause(app, issue)
    with app.database.begin() as session:
        row = session.get_one(Issue, issue)
        for url in ("https://site.example/almost", right):
            issues.repoint(session, row, 1, url, who="editor", now=NOON)
    assert not amend(app, issue, wrong)
    assert not amend(app, issue, saying(right, "Hello"))
    assert amend(app, issue, saying(says, "Hello again"))
    assert not amend(app, issue, saying(says, "Hello again"))
    assert led() == [right]
    resume(app, issue)
    drain(app)
    assert [link.url for link in receiver.emails[-1].links] == [right]


def test_an_address_that_the_post_never_had_is_a_link_of_its_own(house: Make) -> None:
    app, _ = house()

    def saying(url: str) -> RenderedEmail:
        html = f'<p><a href="{slot("link/1")}">the bridge</a></p>'
        return replace(EMAIL, html=html, links=(Link(1, url, "the bridge", 1),))

    wrong, right, other = (f"https://site.example/{word}" for word in ("wrong", "right", "other"))
    number = write_draft(app, add_people(app, 20), email=saying(wrong)).issue.id
    with app.database.begin() as session:
        row = session.get_one(Issue, number)
        issues.schedule(session, row, who="editor", now=NOON, no_test=True)
    start(app)
    hand(app).send_one()
    pause(app, number)
    with app.database.begin() as session:
        row = session.get_one(Issue, number)
        issues.repoint(session, row, 1, right, who="editor", now=NOON)
    assert amend(app, number, saying(other))
    with app.database.read() as session:
        row = session.get_one(Issue, number)
        assert [link.url for link in issues.links_of(row)] == [right, other]
        assert slot("link/2") in row.html
