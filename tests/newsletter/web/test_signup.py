"""Signing up: one answer whoever asks, machines turned away, names without links."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from subscribers import store
from subscribers.models import Consent, Subscriber, SuppressionReason
from tests.factories import NOON
from tests.newsletter.web.site import ADA, BEA, Site, send

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def test_a_sign_up_leaves_a_request_and_a_letter(site_on_both: Site) -> None:
    site = site_on_both
    with time_machine.travel(NOON, tick=True):
        assert send(site, **{"User-Agent": "Firefox"}) == 202
    (line,) = site.evidence("asked")
    assert (line.via, line.source, line.ip, line.user_agent, line.wording) == (
        "form",
        site.app.links.subscribe("ledger"),
        "198.51.100.0/24",
        "Firefox",
        "Send me the digest once a month.",
    )
    assert site.state(line.subscriber_id) == "pending"
    assert site.letters("confirm") == [BEA]


def test_the_answer_tells_nobody_who_is_known(site_on_both: Site) -> None:
    """# S-1: the same bytes for new, pending, active, gone and suppressed."""
    site = site_on_both
    site.asks("pending@readers.example")
    gone = site.joins("gone@readers.example")
    site.client.post(f"/u/{site.goodbye(gone)}", data={"action": "leave"})
    with site.app.database.begin() as session:
        for email in ("complained@readers.example", ADA):
            store.suppress(session, email, SuppressionReason.COMPLAINED, now=NOON)
    site.joins("active@readers.example")
    answers = []
    with time_machine.travel(NOON, tick=False) as clock:
        for email in (
            BEA, "pending@readers.example", "active@readers.example", "gone@readers.example",
            "complained@readers.example", ADA,
        ):  # fmt: skip
            clock.shift(30 * SECOND)
            sent = site.form(shown=NOON - 10 * SECOND, email=email)
            answer = site.client.post("/subscribe/ledger", data=sent)
            answers.append((answer.status_code, answer.content, sorted(answer.headers.items())))
    assert answers[0][0] == 202
    assert all(answer == answers[0] for answer in answers)


def test_a_filled_trap_signs_nobody_up(site: Site) -> None:
    """# S-3"""
    with time_machine.travel(NOON, tick=True):
        sent = site.form(shown=NOON - 10 * SECOND) | {"website": "x"}
        assert site.client.post("/subscribe/ledger", data=sent).status_code == 202
    assert site.evidence("asked") == []


@pytest.mark.parametrize("seconds", [2, 86400])
def test_a_form_comes_back_after_two_seconds_and_within_a_day(site: Site, seconds: int) -> None:
    """# S-3"""
    with time_machine.travel(NOON, tick=False):
        sent = site.form(shown=NOON - seconds * SECOND)
        assert site.client.post("/subscribe/ledger", data=sent).status_code == 202
    assert len(site.evidence("asked")) == 1


@pytest.mark.parametrize("email", [BEA, ADA])
def test_a_form_faster_than_a_person_is_shown_again_and_passes_when_it_is_old_enough(
    site: Site, email: str
) -> None:
    """# S-3: whose browser fills in the form is not told of an email that never comes."""
    sent = site.form(email=email)
    with time_machine.travel(NOON + SECOND, tick=False) as clock:
        answer = site.client.post("/subscribe/ledger", data=sent)
        assert answer.status_code == 200
        assert "press the button once more" in answer.text
        assert f'value="{sent["shown"]}"' in answer.text
        assert site.evidence("asked") == []
        clock.move_to(NOON + 3 * SECOND)
        assert site.client.post("/subscribe/ledger", data=sent).status_code == 202


@pytest.mark.parametrize("shown", ["a day old", "nobody's", "another purpose", "none"])
def test_a_form_without_its_time_is_shown_again_with_what_was_typed(site: Site, shown: str) -> None:
    """# S-3: a person whose page stood open presses once more; nothing is written before."""
    with time_machine.travel(NOON, tick=False):
        sent = site.form(shown=NOON - DAY - SECOND) | {"name": "Bea <b>"}
        if shown == "none":
            del sent["shown"]
        elif shown != "a day old":
            sent["shown"] = site.goodbye() if shown == "another purpose" else "x" * 30
        answer = site.client.post("/subscribe/ledger", data=sent)
    assert answer.status_code == 200
    assert BEA in answer.text
    assert "Bea &lt;b&gt;" in answer.text
    assert ("press the button once more" in answer.text) == (shown != "none")
    assert site.evidence("asked") == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Bea  van\tder Berg", "Bea van der Berg"),
        ("J.R. Smith", "J.R. Smith"),
        ("Win at https://pills.example/now", ""),
        ("www.pills.example", ""),
        ("pills.example", ""),
        ("ask@pills.example", ""),
        ("Bea\r\nBcc: all@readers.example", ""),
        ("Bea\x00\u202e", "Bea"),
        ("b" * 300, "b" * 100),
    ],
)
def test_a_name_carries_no_link_of_a_strangers(site: Site, typed: str, kept: str) -> None:
    """# S-4: our letters must not carry advertisements to people who never asked."""
    with time_machine.travel(NOON, tick=False):
        sent = site.form(shown=NOON - 10 * SECOND) | {"name": typed}
        assert site.client.post("/subscribe/ledger", data=sent).status_code == 202
    (line,) = site.evidence("asked")
    with site.app.database.read() as session:
        assert session.get_one(Subscriber, line.subscriber_id).name == kept


@pytest.mark.parametrize("email", ["", "bea", "bea@", "bea@localhost", "a@b.c\r\nBcc: x@y.example"])
def test_a_wrong_address_is_explained_where_it_was_typed(site: Site, email: str) -> None:
    with time_machine.travel(NOON, tick=False):
        sent = site.form(shown=NOON - 10 * SECOND, email=email)
        answer = site.client.post("/subscribe/ledger", data=sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'aria-describedby="problem"' in answer.text
    assert site.evidence("asked") == []


def test_what_was_typed_comes_back_harmless(site: Site) -> None:
    sent = site.form() | {"email": '"><script>alert(1)</script>', "shown": ""}
    text = site.client.post("/subscribe/ledger", data=sent).text
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_half_a_character_is_no_defect(site: Site) -> None:
    """A body may name a charset that yields what no page can be written with."""
    body = (
        b"--b\r\nContent-Disposition: form-data; name=email\r\n\r\n+2AA-@x\r\n"
        b"--b\r\nContent-Disposition: form-data; name=shown\r\n\r\nx\r\n--b--\r\n"
    )
    kind = "multipart/form-data; boundary=b; charset=utf-7"
    answer = site.client.post("/subscribe/ledger", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_the_form_writes_nothing(site: Site, method: str) -> None:
    before = site.count(Consent)
    for path in ("/", "/subscribe", "/subscribe/ledger"):
        assert site.client.request(method, f"{path}?email={BEA}").status_code == 200
    assert site.count(Consent) == before
    assert site.count(Subscriber) == 1


def test_the_only_list_needs_no_name_and_one_of_several_does(site: Site) -> None:
    assert site.client.get("/subscribe").status_code == 200
    site.another_list("weekly", name="The Weekly")
    assert site.client.get("/subscribe").status_code == 404
    assert "The Weekly" in site.client.get("/").text


def test_a_private_list_takes_nobody_and_is_named_nowhere(site: Site) -> None:
    site.another_list("secret", name="The Secret", public=False)
    missing = site.client.get("/subscribe/nothing")
    for answer in (
        site.client.get("/subscribe/secret"),
        site.client.post("/subscribe/secret", data=site.form()),
        site.client.get("/archive/secret"),
    ):
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert "Secret" not in site.client.get("/").text


def test_a_list_of_single_opt_in_promises_no_letter(site: Site) -> None:
    site.edit(opt_in="single")
    with time_machine.travel(NOON, tick=False):
        sent = site.form(shown=NOON - 10 * SECOND)
        answer = site.client.post("/subscribe/ledger", data=sent)
    assert "button" not in answer.text
    assert site.letters("confirm") == []
    assert len(site.evidence("confirmed")) == 1


def test_letters_beyond_ascii_before_the_at_sign_up_where_they_are_allowed(
    site_with: Callable[..., Site],
) -> None:
    """H-4: and the letter to them is written."""
    asa = "\u00e5sa@readers.example"
    site = site_with(smtputf8=True)
    with time_machine.travel(NOON, tick=True):
        assert send(site, asa) == 202
        assert site.letters("confirm") == [asa]


def test_letters_beyond_ascii_before_the_at_are_refused_otherwise_and_the_form_says_why(
    site: Site,
) -> None:
    """H-4."""
    with time_machine.travel(NOON, tick=True):
        sent = site.form(shown=NOON - 10 * SECOND, email="\u00e5sa@readers.example")
        answer = site.client.post("/subscribe/ledger", data=sent)
    assert answer.status_code == 422
    assert "letters that few mail servers take" in answer.text
    assert site.letters("confirm") == []
