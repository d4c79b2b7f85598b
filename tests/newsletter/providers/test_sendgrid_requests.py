"""What a request to SendGrid holds, and how much of it."""

import re
from dataclasses import replace
from html import escape

import orjson
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from newsletter.compose.headers import address, clean
from newsletter.errors import Unmailable
from newsletter.message import Mailbox, RenderedEmail
from newsletter.providers.sendgrid_request import MAX_BYTES, Request, groups
from newsletter.slots import fill_holes, hole
from tests.doubles.sendgrid_limits import problems
from tests.doubles.sendgrid_server import SendGridDouble
from tests.newsletter.providers.at_sendgrid import FAILED, OK, TEN, sendgrid
from tests.newsletter.providers.contract import (
    EMAIL,
    envelope,
    outcome,
    send,
)

names = st.text(max_size=100)


def test_the_same_address_twice_never_stands_in_one_request(double: SendGridDouble) -> None:
    """ENGINE §4: that is a 400 for all of it."""
    people = [envelope(0), envelope(1, address="READER0@example.org"), envelope(2)]
    assert outcome(sendgrid(double), people) == ([OK] * 3, None)
    assert len(double.sizes) == 2
    assert double.problems == []


def test_each_request_asks_for_no_tracking_and_no_bypass(double: SendGridDouble) -> None:
    """SG-5, SG-6: the double refuses a request that leaves one of them to the account."""
    send(sendgrid(double), TEN)
    assert double.problems == []
    shared = double.accepted[0].shared
    assert [one["enable"] for one in shared["tracking_settings"].values()] == [False] * 4
    assert "mail_settings" not in shared


def test_custom_args_are_the_sealed_names_and_nothing_else(double: SendGridDouble) -> None:
    """SG-7."""
    send(sendgrid(double), TEN[:2])
    assert [one.custom_args for one in double.accepted] == [
        {"d": "sealed0", "b": "sealed-batch"},
        {"d": "sealed1", "b": "sealed-batch"},
    ]


def test_the_reference_is_the_name_of_the_request(double: SendGridDouble) -> None:
    """SG-7."""
    (result,) = send(sendgrid(double), TEN[:1])
    assert re.fullmatch(r"[0-9a-f]{22}", result.reference)


def test_a_value_with_the_tag_of_another_send_arrives_literally(double: SendGridDouble) -> None:
    """SG-4."""
    email = replace(EMAIL, headers=())
    send(sendgrid(double), TEN[:1], email)
    (tag,) = (tag for tag in double.accepted[0].substitutions if "text" in tag)
    send(sendgrid(double), [envelope(1, values={"token": f"{tag} {tag}"})], email)
    assert double.accepted[1].text == EMAIL.text.replace(hole("token"), f"{tag} {tag}")
    assert tag not in double.accepted[1].substitutions


def test_a_name_with_comma_and_semicolon_is_written_without(double: SendGridDouble) -> None:
    """RULES 1.1, names."""
    email = replace(EMAIL, sender=Mailbox("editors@ledger.example", "Ledger, Inc.; Hafenstadt"))
    send(sendgrid(double), [envelope(0, name="Smith, John; Jr.")], email)
    assert double.accepted[0].name == "Smith John Jr."
    assert double.accepted[0].shared["from"]["name"] == "Ledger Inc. Hafenstadt"
    assert double.problems == []


@pytest.mark.parametrize(("number", "calls"), [(999, 1), (1000, 1), (1001, 2), (2000, 2)])
def test_a_request_holds_a_thousand_recipients(
    double: SendGridDouble, number: int, calls: int
) -> None:
    """SG-3: at the limit, one less, one more."""
    results = send(sendgrid(double), [envelope(n) for n in range(number)])
    assert [one.status for one in results] == [OK] * number
    assert len(double.sizes) == calls
    assert double.problems == []


@pytest.mark.parametrize("excess", [-1, 0, 1])
def test_the_values_of_a_recipient_hold_ten_thousand_bytes(
    double: SendGridDouble, excess: int
) -> None:
    """SG-3: at the limit, one less, one more; nobody else is touched."""
    email = replace(EMAIL, html="<p>", headers=())
    send(sendgrid(double), TEN[:1], email)
    ((tag, _),) = double.accepted[0].substitutions.items()
    value = "é" * 4000 + "x" * (10_000 - 8000 - len(tag) + excess)
    people = [envelope(1, values={"token": value}), envelope(2)]
    wanted = [FAILED, OK] if excess > 0 else [OK, OK]
    assert outcome(sendgrid(double), people, email) == (wanted, None)
    assert double.problems == []


def test_a_request_stays_under_twenty_megabytes(double: SendGridDouble) -> None:
    """SG-3."""
    email = replace(EMAIL, html="x" * (MAX_BYTES - 30_000))
    assert outcome(sendgrid(double), [envelope(n) for n in range(120)], email)[0] == [OK] * 120
    assert len(double.sizes) > 1
    assert max(double.sizes) <= MAX_BYTES


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "B", "b", "c", "é", ""]), names, names, names),
        max_size=8,
    ),
    names,
)
def test_whatever_people_type_every_request_is_one_the_schema_takes(
    people: list[tuple[str, str, str, str]], sender: str
) -> None:
    """SG-3, T17: the official description is the oracle."""
    assume("=?" not in sender)
    email = RenderedEmail(
        Mailbox("editors@ledger.example", sender),
        f"For {hole('name')}",
        html=f"<p>{hole('name')}{hole('token')}</p>",
        text=f"{hole('name')} {hole('token')}",
        reply_to=Mailbox("letters@ledger.example", sender),
    )
    request = Request(email)
    envelopes = [
        envelope(
            0,
            address=f"{local}@example.org",
            name=name,
            values={"token": token, "name": value},
        )
        for local, name, value, token in people
        if local.isascii() and local
    ]
    rows = [row for row in request.rows(envelopes, "b") if not isinstance(row, Unmailable)]
    assert len(rows) == len(envelopes)
    for group in groups(request, rows):
        assert list(problems(orjson.loads(request.body(group)))) == []


@settings(max_examples=100, deadline=None)
@given(names, names, st.sampled_from(["a", "B.c", "o'neill", "x+y", "\u00e9", "a b", ""]))
@example("Ren\u00e9e M\u00fcller", "plain", "a")
@example("", "", "a")
@example("Ada", "a<b", "a")
@example("Ada", "a\nb", "a")
@example("Ada", "x" * 129, "a")
@example("Ada", "\ud800", "a")
@example("Ada  Lovelace", "<b>", "a")
@example("Ada\nLovelace", "1 < 2", "a")
@example('O\'Neill; "Jr."', "\\", "a")
def test_a_row_says_what_it_was_given_however_plain_that_is(
    name: str, value: str, local: str
) -> None:
    """SG-1, SG-2, SG-7."""
    email = RenderedEmail(
        Mailbox("editors@ledger.example"),
        f"For {hole('name')}",
        html=f"{hole('value', 'nothing')}{hole('name', 'you')}{hole('token')}",
        text=f"{hole('value')}",
        headers=(("X-Token", f"<{hole('token')}>"),),
        personal_subject=f"For {hole('name')}",
    )
    request = Request(email)
    one = envelope(
        0, address=f"{local}@example.org", name=name, values={"token": "tok", "value": value}
    )
    (row,) = request.rows([one], "batch")
    if isinstance(row, Unmailable):
        with pytest.raises(Unmailable):
            address(one.address)
        return
    (sent,) = orjson.loads(request.body([row]))["personalizations"]
    told = clean(name.replace(";", " ").replace(",", " "))
    assert sent["to"] == [{"email": address(one.address)} | ({"name": told} if told else {})]
    assert sent["custom_args"] == {"d": one.token, "b": "batch"}
    assert sent["headers"] == {"X-Token": "<tok>"}
    assert sent["subject"] == clean(fill_holes(email.personal_subject, one.value))
    sound = value.encode("utf-8", "replace").decode()
    assert {tuple(tag.split("-")[2:4]): said for tag, said in sent["substitutions"].items()} == {
        ("text", "value"): sound,
        ("html", "value"): escape(sound) or "nothing",
        ("html", "name"): escape(one.value("name")) or "you",
        ("html", "token"): "tok",
    }
    assert len(orjson.dumps(sent)) <= row[1]


@pytest.mark.parametrize("in_text", ["name", "value", "token"])
def test_whoever_needs_care_changes_nobody_beside_them(in_text: str) -> None:
    """SG-1, SG-2, SG-7: all together are what each is alone."""
    email = RenderedEmail(
        Mailbox("editors@ledger.example"),
        "For all",
        html=hole(in_text, "you"),
        text=hole(in_text, "you"),
        headers=(("X-Token", f"<{hole('token')}>"),),
    )
    request = Request(email)
    named = ["Ada", "", "Ada O'Neill", "Lovelace, Ada", 'A"b', "A\nb", "<b>", "Ren\u00e9e", "Ada"]
    values = ["a b", "", "x" * 129, "b", "<b>", "a\nb", "\u00e9", "\\", "a b"]
    people = [
        envelope(at, name=name, values={"token": token, "value": value})
        for at, (name, value) in enumerate(zip(named, values, strict=True))
        for token in ["tok", "no token"]
    ]
    people.append(envelope(len(people), address="nobody", values={"token": "tok", "value": "b"}))
    alone = [row for one in people for row in request.rows([one], "batch")]
    assert sum(isinstance(row, Unmailable) for row in alone) == len(named) + 1
    assert list(map(repr, request.rows(people, "batch"))) == list(map(repr, alone))
