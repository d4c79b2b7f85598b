"""Lists: made, found, changed, and what is refused as one."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from subscribers import store
from subscribers.errors import AddressRefused, ListRefused, NotFound
from tests.factories import NOON, make_list


def add(session: Session, slug: str = "ledger", **columns: Any) -> Any:
    needed = {
        "name": "The Monthly Ledger",
        "sender_name": "Editors",
        "sender_address": "editors@ledger.example",
    }
    return store.add_list(session, slug=slug, now=NOON, **(needed | columns))


def test_a_new_list_asks_twice_and_counts_nobody_by_name(session: Session) -> None:
    """Double opt-in, and clicks and opens counted for the issue alone, unless somebody says so."""
    made = add(session)
    assert (made.opt_in, made.click_tracking, made.open_tracking) == (
        "double",
        "aggregate",
        "aggregate",
    )
    assert (made.consent_version, made.created_at) == (1, NOON)


@pytest.mark.parametrize(
    "slug", ["", "Ledger", "the ledger", "-ledger", "a--b", "ledger/../x", "é", "ledger\n"]
)
def test_a_slug_that_would_not_fit_an_address_is_refused(session: Session, slug: str) -> None:
    with pytest.raises(ListRefused, match="no slug"):
        add(session, slug)


def test_two_lists_cannot_share_a_slug(session: Session) -> None:
    add(session)
    with pytest.raises(ListRefused, match="a list 'ledger' already") as raised:
        add(session)
    assert raised.value.mend == "newsletter lists edit ledger"


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("name", "", "needs a name and a sender"),
        ("sender_address", "", "needs a name and a sender"),
        ("sender_name", "Editors\r\nBcc: all@ledger.example", "control character"),
        ("name", "Ledger\0", "control character"),
        ("name", "Ledger\x7f", "control character"),
        ("reply_to", "editors@ledger.example\x85", "control character"),
        ("sender_name", "Editors\u2028Bcc: all@ledger.example", "control character"),
        ("name", "Ledger\ud800", "control character"),
        ("accent", "red; background: url(x)", "a colour"),
        ("layout", "poster", "digest or letter"),
        ("logo_url", "http://ledger.example/logo.png", "a web address"),
        ("language", "en_GB", "a language code"),
        ("opt_in", "none", "double or single"),
        ("privacy_url", "javascript:alert(1)", "a web address"),
        ("site_url", "ledger.example", "a web address"),
        ("time_zone", "Mars/Olympus", "no time zone"),
        ("time_zone", "../../etc/passwd", "no time zone"),
        ("colour", "#aabbcc", "has no 'colour'"),
        ("id", 7, "has no 'id'"),
        ("created_at", NOON, "has no 'created_at'"),
    ],
)
def test_what_makes_no_sense_for_a_list_is_refused_when_made_and_when_changed(
    session: Session, column: str, value: Any, reason: str
) -> None:
    made = add(session, "other")
    with pytest.raises(ListRefused, match=reason):
        add(session, **{column: value})
    with pytest.raises(ListRefused, match=reason):
        store.edit_list(session, made, **{column: value})
    assert [row.slug for row in store.lists(session)] == ["other"]


@pytest.mark.parametrize("column", ["sender_address", "reply_to"])
def test_a_sender_nobody_could_answer_is_refused(session: Session, column: str) -> None:
    with pytest.raises(AddressRefused):
        add(session, **{column: "editors@ledger"})


def test_a_name_may_be_in_any_script_and_hold_what_joins_its_letters(session: Session) -> None:
    for number, name in enumerate(("क्\u200dष पत्र", "📰 月刊", "O'Hara & Łukasz")):
        assert add(session, f"list-{number}", name=name).name == name


def test_a_change_that_is_refused_changes_nothing(session: Session) -> None:
    made = add(session)
    with pytest.raises(ListRefused):
        store.edit_list(session, made, name="The Weekly Ledger", accent="red")
    assert made.name == "The Monthly Ledger"


def test_new_wording_of_the_consent_is_a_new_version_and_the_same_wording_is_none(
    session: Session,
) -> None:
    made = add(session, consent_wording="Once a month.")
    assert store.edit_list(session, made, consent_wording="Once a month.").consent_version == 1
    assert store.edit_list(session, made, name="The Ledger").consent_version == 1
    assert store.edit_list(session, made, consent_wording="Once a week.").consent_version == 2


def test_the_only_list_need_not_be_named(session: Session) -> None:
    made = make_list(session)
    assert store.find_list(session) is made
    assert store.find_list(session, "ledger") is made


def test_with_no_list_the_error_says_how_to_make_one(session: Session) -> None:
    with pytest.raises(NotFound, match="no list yet") as raised:
        store.find_list(session)
    assert "lists add" in raised.value.mend


def test_with_several_lists_the_error_names_them(session: Session) -> None:
    make_list(session, "weekly")
    make_list(session, "daily")
    with pytest.raises(NotFound, match="several lists: daily, weekly") as raised:
        store.find_list(session)
    assert "--list" in raised.value.mend


def test_a_list_that_is_not_there_is_named_in_the_error(session: Session) -> None:
    make_list(session)
    with pytest.raises(NotFound, match="no list 'leger'"):
        store.find_list(session, "leger")


def test_lists_come_by_their_slug(session: Session) -> None:
    for slug in ("weekly", "daily", "monthly"):
        make_list(session, slug)
    assert [row.slug for row in store.lists(session)] == ["daily", "monthly", "weekly"]
