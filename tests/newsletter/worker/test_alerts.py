"""Somebody is told, once: by a plain POST, and by a mail to the admin."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import insert, select

from newsletter import dispatcher, issues, letters
from newsletter.app import App
from newsletter.errors import ProviderUnavailable, SettingsError
from newsletter.message import Envelope, SendResult, SendStatus
from newsletter.models import Alert, DeliveryState, HoldReason, Issue, LetterBody, LetterKind
from newsletter.settings import load
from newsletter.worker.alerts import tell_what_happened
from newsletter.worker.lookout import Lookout
from subscribers.models import List, Subscriber
from tests.doubles.web_pages import Asked, Pages, web_pages
from tests.newsletter.house import (
    NOON,
    Make,
    add_people,
    address,
    drain,
    schedule,
    start,
)
from tests.newsletter.letters.writing import drain as drain_letters
from tests.newsletter.receiver import SUBMITTED, accept

ADMIN = "admin@ledger.example"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ears() -> Iterator[Pages]:
    with web_pages() as pages:
        pages.otherwise = 200
        yield pages


@pytest.fixture
def house(house: Make, ears: Pages) -> Make:
    def make(**settings: Any) -> Any:
        given = {"alert_url": SecretStr(ears.url("127.0.0.1", "/topic"))} | settings
        return house(stepwise=True, **given)

    return make


def hold(app: App, issue: int, reason: HoldReason, detail: str = "", now: datetime = NOON) -> None:
    with app.database.begin() as session:
        row = session.get_one(Issue, issue)
        issues.pause(session, row, reason=reason, detail=detail, who="worker", now=now)


def resume(app: App, issue: int, now: datetime = NOON) -> None:
    with app.database.begin() as session:
        issues.resume(session, session.get_one(Issue, issue), who="editor", now=now)


def tell(app: App, after: timedelta = timedelta()) -> int:
    return tell_what_happened(app, NOON + after)


def heard(ears: Pages) -> list[Asked]:
    return [one for one in ears.asked if one.path == "/topic"]


def test_a_pause_is_posted_once_with_the_reason_and_the_next_command(
    house: Make, ears: Pages
) -> None:
    app, _ = house()
    issue = schedule(app, add_people(app, 3))
    hold(app, issue, HoldReason.CREDENTIALS, "401 Unauthorized")
    assert [tell(app), tell(app), tell(app, timedelta(hours=1))] == [1, 0, 0]
    (one,) = heard(ears)
    assert (one.method, one.title) == ("POST", "ledger/2026-11 is paused: credentials")
    assert one.body == "401 Unauthorized\n\nnewsletter show ledger/2026-11"


def test_a_doubt_that_was_settled_before_it_could_be_told_is_told_to_nobody(
    house: Make, ears: Pages
) -> None:
    app, receiver = house()
    issue = schedule(app, add_people(app, 3))
    start(app)
    receiver.answer = lambda one: (
        SendResult(SendStatus.IN_DOUBT, "no answer") if one.address == address(2) else SUBMITTED
    )
    drain(app)
    assert [tell(app), tell(app, 0.9 * MINUTE)] == [0, 0]
    with app.database.begin() as session:
        row = session.get_one(Issue, issue)
        issues.settle(session, row, DeliveryState.SUBMITTED, who="editor", now=NOON)
    assert tell(app, 2 * MINUTE) == 0
    assert heard(ears) == []


def test_what_a_person_paused_is_told_to_nobody(house: Make, ears: Pages) -> None:
    app, _ = house()
    hold(app, schedule(app, add_people(app, 3)), HoldReason.OPERATOR)
    assert tell(app) == 0


@pytest.mark.parametrize("reason", [HoldReason.PROVIDER, HoldReason.NOT_LIVE])
def test_what_goes_on_by_itself_is_told_when_it_did_not(
    house: Make, ears: Pages, reason: HoldReason
) -> None:
    app, _ = house()
    list_id = add_people(app, 3)
    well, ill = schedule(app, list_id, key="well"), schedule(app, list_id, key="ill")
    hold(app, well, reason)
    hold(app, ill, reason)
    assert tell(app, 9 * MINUTE) == 0
    resume(app, well)
    assert tell(app, 10 * MINUTE) == 1
    assert [one.title for one in heard(ears)] == [f"ledger/ill is paused: {reason}"]


def test_the_same_hold_is_told_again_the_next_day_and_not_before(house: Make, ears: Pages) -> None:
    app, _ = house()
    issue = schedule(app, add_people(app, 3))
    for hours in (0, 1, 2, 24):
        moment = NOON + timedelta(hours=hours)
        hold(app, issue, HoldReason.LATE, now=moment)
        tell_what_happened(app, moment)
        resume(app, issue, moment)
    assert len(heard(ears)) == 2


def test_the_admin_gets_a_mail_that_no_machine_answers(house: Make) -> None:
    app, receiver = house(admin_address=ADMIN, alert_url=SecretStr(""))
    hold(app, schedule(app, add_people(app, 3)), HoldReason.BOUNCES, "30 of 200 bounced")
    assert [tell(app), tell(app)] == [1, 0]
    assert receiver.book() == {ADMIN: 1}
    (email,) = receiver.emails
    assert email.subject == "ledger/2026-11 is paused: bounces"
    assert "30 of 200 bounced" in email.text
    assert email.sender.address == "editors@ledger.example"
    assert email.headers == (("Auto-Submitted", "auto-generated"),)


def test_each_way_is_tried_until_it_went_and_no_longer_than_a_day(house: Make, ears: Pages) -> None:
    app, receiver = house(admin_address=ADMIN)
    hold(app, schedule(app, add_people(app, 3)), HoldReason.CREDENTIALS)

    def away(_: Envelope) -> SendResult:
        raise ProviderUnavailable("connection refused")

    receiver.answer = away
    ears.otherwise = 503
    looks = (*range(60), *range(60, 26 * 60, 10))
    minutes = [minute for minute in looks if tell(app, minute * MINUTE)]
    assert minutes[:5] == [0, 1, 3, 7, 15]
    assert minutes[-1] < 24 * 60
    assert len(heard(ears)) == len(minutes) < 32


def test_the_way_that_went_is_not_gone_again_for_the_other(house: Make, ears: Pages) -> None:
    app, receiver = house(admin_address=ADMIN)
    hold(app, schedule(app, add_people(app, 3)), HoldReason.CREDENTIALS)
    ears.otherwise = 500
    tell(app)
    ears.otherwise = 200
    tell(app, MINUTE)
    tell(app, 5 * MINUTE)
    assert receiver.book() == {ADMIN: 1}
    assert len(heard(ears)) == 2


def test_a_late_issue_and_one_in_doubt_are_told(house: Make, ears: Pages) -> None:
    app, receiver = house()
    list_id = add_people(app, 3)
    schedule(app, list_id, key="late")
    dispatcher.start_due(app.database, size=9, who="worker", now=NOON + 61 * MINUTE)
    schedule(app, list_id, key="lost")
    start(app)

    def defect(envelope: Envelope) -> SendResult:
        raise ZeroDivisionError(f"at {address(1)}")

    receiver.answer = defect
    drain(app)
    tell(app, timedelta(hours=2))
    assert sorted(one.title for one in heard(ears)) == [
        "ledger/late is paused: late",
        "ledger/lost is paused: credentials",
        "ledger/lost: some are in doubt",
    ]
    assert address(1) not in "".join(one.body for one in heard(ears))


def test_letters_that_do_not_go_out_are_told_without_names(house: Make, ears: Pages) -> None:
    app, _ = house()
    add_people(app, 2)
    with app.database.begin() as session:
        session.execute(insert(LetterBody).values(hash="body", subject="x", html="", text=""))
        list_ = session.scalars(select(List)).one()
        for person in session.scalars(select(Subscriber)).all():
            letters.write(session, LetterKind.WELCOME, list_, person, "body", now=NOON)
    moment = [NOON]
    lookout = Lookout(app, clock=lambda: moment[0])
    for minutes in range(0, 40, 5):
        moment[0] = NOON + minutes * MINUTE
        lookout.look()
    (one,) = heard(ears)
    assert one.title == "Letters do not go out"
    assert one.body == "2 letters wait, the oldest since 2026-11-24 12:00 UTC"


@pytest.mark.parametrize(("taken", "is_told"), [(0, True), (5, True), (6, False)])
def test_letters_that_most_receivers_refuse_are_told(
    house: Make, ears: Pages, taken: int, is_told: bool
) -> None:
    """As when our address is blocked; a few refusals are their receivers' matter."""
    app, receiver = house()
    add_people(app, 5 + taken)
    with app.database.begin() as session:
        session.execute(insert(LetterBody).values(hash="body", subject="x", html="", text=""))
        list_ = session.scalars(select(List)).one()
        for person in session.scalars(select(Subscriber)).all():
            letters.write(session, LetterKind.WELCOME, list_, person, "body", now=NOON)

    def answer(envelope: Envelope) -> SendResult:
        if envelope.address > address(5):
            return SUBMITTED
        return SendResult(SendStatus.FAILED, f"554 5.7.1 {envelope.address}: blocked")

    receiver.answer = answer
    drain_letters(app)
    Lookout(app, clock=lambda: NOON).look()
    told = [one.body for one in heard(ears)]
    assert bool(told) is is_told
    if is_told:
        assert told == [
            f"5 of the last {5 + taken} letters failed, the newest so: 554 5.7.1 …: blocked"
        ]


def test_a_heart_beats_while_something_is_to_be_sent(house: Make, ears: Pages) -> None:
    app, _ = house(heartbeat_url=SecretStr(ears.url("127.0.0.1", "/beat")))
    moment = [NOON]
    lookout = Lookout(app, clock=lambda: moment[0])
    lookout.look()
    assert not ears.asked
    issue = schedule(app, add_people(app, 3), at=NOON + timedelta(days=1))
    for minutes in range(1, 17):
        moment[0] = NOON + minutes * MINUTE
        lookout.look()
    assert ears.methods("/beat") == ["POST"] * 3
    with app.database.begin() as session:
        issues.cancel(session, session.get_one(Issue, issue), who="editor", now=NOON)
    moment[0] = NOON + timedelta(hours=1)
    lookout.look()
    assert len(ears.asked) == 3


def test_two_workers_tell_it_once(house: Make, ears: Pages) -> None:
    app, receiver = house(admin_address=ADMIN)
    hold(app, schedule(app, add_people(app, 3)), HoldReason.CREDENTIALS)
    others = []

    def meanwhile(envelope: Envelope) -> SendResult:
        others.append(tell(app))
        return accept(envelope)

    receiver.answer = meanwhile
    assert tell(app) == 1
    assert others == [0]


def test_nobody_is_named_where_nobody_is_to_be_told(house: Make) -> None:
    app, _ = house(alert_url=SecretStr(""))
    hold(app, schedule(app, add_people(app, 3)), HoldReason.CREDENTIALS)
    assert tell(app) == 0
    with app.database.read() as session:
        assert session.scalars(select(Alert.attempts)).all() == [0]


@pytest.mark.parametrize(
    ("name", "value"),
    [("ALERT_URL", "ntfy.sh/secret"), ("HEARTBEAT_URL", "ftp://x"), ("ADMIN_ADDRESS", "nobody")],
)
def test_a_way_that_is_none_is_refused_by_name_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"NEWSLETTER_{name}", value)
    with pytest.raises(SettingsError, match=name.lower()) as refused:
        load()
    assert "secret" not in str(refused.value)
