"""Filters are read to a tree; what is wrong is told at its character."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscribers.errors import SegmentRefused
from subscribers.segment import explain, parse
from subscribers.segment.tree import (
    Among,
    Called,
    Compared,
    Either,
    Every,
    Negated,
    Operator,
    Tagged,
)
from tests.fuzzing import examples


def test_and_binds_closer_than_or() -> None:
    found = parse("tag:a or tag:b and tag:c").root

    assert found == Either((Tagged("a"), Every((Tagged("b"), Tagged("c")))))


def test_brackets_and_not_say_otherwise() -> None:
    found = parse("not (tag:a or tag:b) AND tag:C").root

    assert found == Every((Negated(Either((Tagged("a"), Tagged("b")))), Tagged("c")))


def test_values_have_types() -> None:
    found = parse('city in ("Pune", \'B"n\') and joined > 2026-01-01 and age >= 40 and vip = true')

    assert found.root == Every(
        (
            Among("city", ("Pune", 'B"n'), 0),
            Compared("joined", Operator.GREATER, date(2026, 1, 1), 28),
            Compared("age", Operator.AT_LEAST, 40.0, 52),
            Compared("vip", Operator.EQUAL, True, 66),
        )
    )


def test_words_of_other_packages_are_calls() -> None:
    found = parse("opened(last 3) and clicked", {"opened", "clicked"}).root

    assert found == Every((Called("opened", ("last", 3.0), 0), Called("clicked", (), 19)))


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("", 0, "empty"),
        ("city = Pune", 7, "in quotes"),
        ("city = ", 7, "expected a value"),
        ("city Pune", 5, "expected a comparison"),
        ('city = "Pune', 7, "never closed"),
        ("tag:vip tag:x", 8, "expected `and`"),
        ("(tag:vip", 8, "expected '\\)'"),
        ("joined > 2026-02-30", 9, "no day"),
        ("joined > 2026-2-3", 9, "neither a number nor a date"),
        ("opened(last 3)", 0, "no opened"),
        ("city = 1 ; drop", 9, "means nothing"),
        ("and", 0, "expected a field"),
        ("not", 3, "expected a field"),
        ("(" * 60, 40, "40 deep"),
        ('not tag != "vip"', 4, "asked for as tag:vip"),
        ("has tag", 4, "asked for as tag:vip"),
        ('attr.city != "Pune"', 0, "no attribute is called attr.city; perhaps city"),
    ],
)
def test_what_is_wrong_is_told_at_its_character(text: str, at: int, message: str) -> None:
    with pytest.raises(SegmentRefused, match=message) as refused:
        parse(text)

    assert refused.value.at == at
    assert str(refused.value).split("\n")[-1] == " " * (4 + at) + "^"


def test_the_character_is_shown_under_letters_of_any_width() -> None:
    with pytest.raises(SegmentRefused) as refused:
        parse('city = "日本e\u0301" and ~')

    assert refused.value.at == 18
    assert str(refused.value).split("\n")[-1] == " " * (4 + 19) + "^"


def test_a_filter_is_told_in_plain_words() -> None:
    words = explain(parse('tag:vip and (city in ("Pune", "Bonn") or not joined <= 2026-01-01)'))

    assert words == (
        'tagged vip, and (whose city is "Pune" or "Bonn", '
        "or not (whose joined is on or before 2026-01-01))"
    )


@settings(max_examples=examples(100), deadline=None)
@given(st.text(max_size=200))
def test_no_text_is_an_uncaught_error(text: str) -> None:
    try:
        explain(parse(text, {"opened"}))
    except SegmentRefused as error:
        refused = error
    else:
        return
    assert 0 <= refused.at <= len(text)


PIECES = (
    "tag",
    ":",
    "vip",
    "and",
    "or",
    "not",
    "(",
    ")",
    "in",
    "=",
    ">",
    '"x"',
    "1",
    "2026-01-01",
    ",",
)


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_no_order_of_words_is_an_uncaught_error(pieces: list[str]) -> None:
    try:
        explain(parse(" ".join(pieces)))
    except SegmentRefused as error:
        refused = error
    else:
        return
    assert refused.mend
