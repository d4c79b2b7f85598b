"""Tags and attributes of a person."""

import pytest
from sqlalchemy.orm import Session

from subscribers import store
from subscribers.errors import MarkRefused
from subscribers.marks import MOST, read_value
from subscribers.models import List
from tests.factories import make_subscriber


def test_tags_are_kept_once_in_small_letters(session: Session, monthly: List) -> None:
    person = make_subscriber(session, monthly)

    store.tag(session, person.id, ["VIP", "vip", " long\ttime "])
    store.tag(session, person.id, ["vip"])

    assert store.tags_of(session, person.id) == ["long time", "vip"]


def test_a_tag_is_taken_off_and_others_stay(session: Session, monthly: List) -> None:
    person = make_subscriber(session, monthly)
    store.tag(session, person.id, ["a", "b"])

    store.untag(session, person.id, ["B", "never there"])

    assert store.tags_of(session, person.id) == ["a"]


@pytest.mark.parametrize("written", ["", " ", "x" * 65, "a\x00b"])
def test_what_is_no_tag_is_refused(session: Session, monthly: List, written: str) -> None:
    person = make_subscriber(session, monthly)

    with pytest.raises(MarkRefused):
        store.tag(session, person.id, ["fine", written])

    assert store.tags_of(session, person.id) == []


def test_attributes_keep_their_types(session: Session, monthly: List) -> None:
    person = make_subscriber(session, monthly)

    store.set_attributes(session, person, {"city": "Pune", "age": 41, "vip": True, "old": "x"})
    store.set_attributes(session, person, {"old": None, "age": 42.5})
    session.expire(person)

    assert person.attributes == {"city": "Pune", "age": 42.5, "vip": True}


@pytest.mark.parametrize(
    "values",
    [
        {"email": "x"},
        {"joined": 1},
        {"tag": "x"},
        {"1a": 1},
        {"a b": 1},
        {"a": []},
        {"a": "x" * 1001},
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_set(
    session: Session, monthly: List, values: dict[str, object]
) -> None:
    person = make_subscriber(session, monthly)

    with pytest.raises(MarkRefused):
        store.set_attributes(session, person, {"city": "Pune"} | values)

    assert person.attributes == {}


def test_a_person_has_only_so_many(session: Session, monthly: List) -> None:
    person = make_subscriber(session, monthly)

    with pytest.raises(MarkRefused, match="at most"):
        store.set_attributes(session, person, {f"a{number}": 1 for number in range(MOST + 1)})


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("41", 41),
        ("-1.5", -1.5),
        ("007", "007"),
        ("1e9", "1e9"),
        (" Pune ", "Pune"),
    ],
)
def test_what_is_typed_is_kept_as_what_it_looks_like(written: str, value: object) -> None:
    assert read_value(written) == value
    assert type(read_value(written)) is type(value)
