"""Letters: in their own lane, each once, and to nobody who must not be mailed."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter import letters
from newsletter.errors import LinkInvalid, ProviderRefused, ProviderUnavailable
from newsletter.message import Envelope, SendResult, SendStatus
from newsletter.models import Letter, LetterKind
from newsletter.slots import fill_holes, hole
from subscribers import store
from subscribers.models import SuppressionReason
from subscribers.suppressions import hidden
from tests.newsletter.house import (
    NOON,
    Make,
    add_people,
    address,
    subscriber_id,
)
from tests.newsletter.letters.writing import drain, leases_pass, sender, states, write
from tests.newsletter.receiver import SUBMITTED, accept


@pytest.mark.parametrize("stepwise", [True, False])
def test_each_letter_is_sent_once(house: Make, stepwise: bool) -> None:
    app, receiver = house(stepwise=stepwise)
    add_people(app, 3)
    for number in (1, 2, 3):
        write(app, number)
    drain(app)
    drain(app)
    assert receiver.book() == {address(number): 1 for number in (1, 2, 3)}
    assert states(app) == [("submitted", 1)] * 3
    assert len(receiver.calls) == (3 if stepwise else 1)


def test_a_confirmation_names_its_request_with_a_token_made_when_it_is_sent(house: Make) -> None:
    app, receiver = house()
    add_people(app, 1)
    letter = write(app, 1)
    a_day = 24 * 3600
    drain(app, after=a_day)
    (envelope,) = receiver.envelopes
    with app.database.read() as session:
        request = session.get_one(Letter, letter).request_id
    read_at = NOON + timedelta(days=7, hours=23)
    assert app.links.read_confirm(envelope.values["token"], read_at) == request
    assert envelope.values["link"] == app.links.confirm(envelope.values["token"])
    assert envelope.values["name"] == "Reader 1"
    assert app.links.unseal_delivery(envelope.token) == (0, letter)
    (email,) = receiver.emails
    assert email.headers == (("Auto-Submitted", "auto-generated"),)
    assert email.html == f'<a href="{hole("link")}">yes</a>'


def test_a_fresh_link_opens_the_persons_own_page(house: Make) -> None:
    app, receiver = house()
    add_people(app, 1)
    write(app, 1, LetterKind.FRESH_LINK)
    drain(app)
    (envelope,) = receiver.envelopes
    assert app.links.read_fresh(envelope.values["token"], NOON) == subscriber_id(app, 1)
    assert envelope.values["link"].startswith(f"{app.links.base}/me/")


def test_a_welcome_can_be_left_with_one_click(house: Make) -> None:
    app, receiver = house()
    add_people(app, 1)
    write(app, 1, LetterKind.WELCOME)
    drain(app)
    (envelope,) = receiver.envelopes
    goodbye = app.links.read_goodbye(envelope.values["token"])
    assert (goodbye.subscriber_id, goodbye.issue_id) == (subscriber_id(app, 1), 0)
    (email,) = receiver.emails
    assert [name for name, _ in email.headers] == (
        ["Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"]
    )
    leaving = app.links.unsubscribe(envelope.values["token"])
    assert fill_holes(email.headers[1][1], envelope.value) == f"<{leaving}>"


@pytest.mark.parametrize("kind", LetterKind)
def test_a_letter_offers_one_click_only_where_its_token_says_goodbye(
    house: Make, kind: LetterKind
) -> None:
    """# U-2: a way out that leads nowhere is worse than none."""
    app, receiver = house()
    add_people(app, 1)
    write(app, 1, kind)
    drain(app)
    (envelope,), (email,) = receiver.envelopes, receiver.emails
    try:
        says_goodbye = bool(app.links.read_goodbye(envelope.values["token"]))
    except LinkInvalid:
        says_goodbye = False
    assert ("List-Unsubscribe" in dict(email.headers)) is says_goodbye


@pytest.mark.parametrize("kind", LetterKind)
def test_who_is_suppressed_gets_no_letter_whoever_asks(house: Make, kind: LetterKind) -> None:
    app, receiver = house()
    add_people(app, 2)
    write(app, 1, kind)
    write(app, 2, kind)
    with app.database.begin() as session:
        store.suppress(session, address(1), SuppressionReason.COMPLAINED, now=NOON)
    drain(app)
    assert receiver.book() == {address(2): 1}
    assert states(app) == [("failed", 0), ("submitted", 1)]


def test_who_was_erased_is_asked_again_but_not_where_all_of_the_domain_is_suppressed(
    house: Make,
) -> None:
    app, receiver = house()
    add_people(app, 2)
    with app.database.begin() as session:
        for number in (1, 2):
            erased = hidden(session, address(number))
            store.suppress(session, erased, SuppressionReason.ERASED, now=NOON)
    write(app, 1)
    drain(app)
    assert receiver.book() == {address(1): 1}
    write(app, 2)
    with app.database.begin() as session:
        domain = address(2)[address(2).index("@") :]
        store.suppress(session, domain, SuppressionReason.MANUAL, now=NOON)
    drain(app)
    assert states(app) == [("submitted", 1), ("failed", 0)]


def test_an_outage_keeps_letters_and_counts_no_attempt(house: Make) -> None:
    app, receiver = house()
    add_people(app, 2)
    write(app, 1)

    def away(envelope: Envelope) -> SendResult:
        raise ProviderUnavailable("connection refused", retry_after=30)

    receiver.answer = away
    for after in (0, 60, 120, 180, 240, 300, 360):
        drain(app, after)
    assert len(receiver.calls) == 7
    assert states(app) == [("pending", 0)]
    receiver.answer = accept
    drain(app, 380)
    assert receiver.book() == {}
    drain(app, 420)
    assert receiver.book() == {address(1): 1}


def test_a_provider_that_is_away_is_asked_once_and_not_for_each_letter(house: Make) -> None:
    app, receiver = house()
    add_people(app, 9)
    for number in range(1, 10):
        write(app, number)

    def away(envelope: Envelope) -> SendResult:
        raise ProviderUnavailable("connection refused")

    receiver.answer = away
    drain(app)
    assert len(receiver.calls) == 1
    assert states(app) == [("pending", 0)] * 9


def test_a_provider_that_refuses_us_keeps_letters_too(house: Make) -> None:
    app, receiver = house()
    add_people(app, 1)
    write(app, 1)

    def refuse(envelope: Envelope) -> SendResult:
        raise ProviderRefused("401")

    receiver.answer = refuse
    drain(app)
    assert states(app) == [("pending", 0)]


def test_a_letter_refused_for_now_is_tried_again_and_given_up_at_last(house: Make) -> None:
    app, receiver = house()
    add_people(app, 1)
    write(app, 1)

    def later(envelope: Envelope) -> SendResult:
        return SendResult(SendStatus.LATER, "451 greylisted")

    receiver.answer = later
    for hours in range(10):
        drain(app, hours * 3600)
    assert states(app) == [("failed", letters.MOST_ATTEMPTS)]
    assert len(receiver.calls) == letters.MOST_ATTEMPTS


def test_a_letter_whose_sender_died_is_in_doubt_and_not_sent_again(house: Make) -> None:
    app, receiver = house()
    add_people(app, 1)
    write(app, 1)

    def die(envelope: Envelope) -> SendResult:
        raise KeyboardInterrupt

    receiver.answer = die
    with pytest.raises(KeyboardInterrupt):
        drain(app)
    leases_pass(app, 80)
    assert letters.sweep(app.database, now=NOON) == 0
    leases_pass(app, 11)
    assert letters.sweep(app.database, now=NOON) == 1
    receiver.answer = accept
    drain(app, 3600)
    assert states(app) == [("in_doubt", 1)]
    assert receiver.book() == {}


@pytest.mark.parametrize("stepwise", [True, False])
def test_the_answer_to_a_letter_counts_however_late_a_slow_server_gives_it(
    house: Make, stepwise: bool
) -> None:
    app, receiver = house(stepwise=stepwise)
    add_people(app, 1)
    write(app, 1)

    def slow(envelope: Envelope) -> SendResult:
        for _ in range(10):
            leases_pass(app, 60)
            assert letters.sweep(app.database, now=NOON) == 0
            hand.renew()
        return SUBMITTED

    receiver.answer = slow
    hand = sender(app)
    assert hand.send_some()
    assert states(app) == [("submitted", 1)]
    assert receiver.book() == {address(1): 1}


def test_the_lease_of_a_letter_that_was_swept_is_not_renewed(house: Make) -> None:
    app, receiver = house()
    add_people(app, 1)
    write(app, 1)

    def asleep(envelope: Envelope) -> SendResult:
        leases_pass(app, 91)
        assert letters.sweep(app.database, now=NOON) == 1
        hand.renew()
        return SUBMITTED

    receiver.answer = asleep
    hand = sender(app)
    assert hand.send_some()
    assert states(app) == [("in_doubt", 1)]
    hand.renew()
    assert receiver.book() == {address(1): 1}


def test_where_many_machines_send_the_clock_of_one_takes_no_letter_away(house: Make) -> None:
    """On SQLite one process sends, and its clock is the only one."""
    app, receiver = house()
    add_people(app, 1)
    write(app, 1)
    swept = 1 if app.database.is_sqlite else 0

    def meanwhile(envelope: Envelope) -> SendResult:
        wrong = datetime.now(UTC) + timedelta(hours=1)
        assert letters.sweep(app.database, now=wrong) == swept
        return SUBMITTED

    receiver.answer = meanwhile
    drain(app)
    assert states(app) == [("in_doubt" if swept else "submitted", 1)]
