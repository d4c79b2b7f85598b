"""Which stories stay whole when all of them are too many."""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.render.fit import too_many


def test_what_fits_stays_whole() -> None:
    assert too_many([10, 20, 30], 0) == frozenset()
    assert too_many([], 5) == frozenset()


def test_the_last_stories_go_first() -> None:
    assert too_many([10, 10, 10, 10], 15) == {3, 4}


def test_one_long_story_gives_way_and_the_short_ones_behind_it_stay() -> None:
    assert too_many([10, 100, 10, 10], 60) == {2}


@given(st.lists(st.integers(0, 1000), max_size=20), st.integers(0, 5000))
def test_at_least_the_excess_goes_when_there_is_so_much(weights: list[int], excess: int) -> None:
    saved = sum(weights[number - 1] for number in too_many(weights, excess))
    assert saved >= min(excess, sum(weights))
