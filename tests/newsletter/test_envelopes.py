"""Envelopes as columns: whoever asks for one gets the one that was put in."""

import pytest

from newsletter.envelopes import Envelopes
from newsletter.message import Envelope

PEOPLE = [
    Envelope(f"reader{at}@example.org", f"sealed{at}", name, {"token": f"tok{at}"})
    for at, name in enumerate(["Ada  Lovelace", "", "Kay, Alan"])
]


def test_columns_hold_the_envelopes_that_they_were_made_of() -> None:
    found = Envelopes.of(PEOPLE)
    assert [*found] == PEOPLE
    assert [*found[1:]] == PEOPLE[1:]
    assert (len(found), found[-1], Envelopes.of(found)) == (3, PEOPLE[-1], found)
    assert [*Envelopes.of([])] == []


@pytest.mark.parametrize("hole", ["token", "name", "first_name", "email"])
def test_a_hole_is_filled_for_all_as_for_each(hole: str) -> None:
    assert [*Envelopes.of(PEOPLE).filling(hole)] == [one.value(hole) for one in PEOPLE]


def test_a_hole_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        Envelopes.of(PEOPLE).filling("reading")
    with pytest.raises(KeyError):
        Envelopes.of([*PEOPLE, PEOPLE[0]._replace(values={})])
