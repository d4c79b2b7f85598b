"""Reading ahead: one portion and no more, in order, and what goes wrong is told in its turn."""

from collections.abc import Iterator
from contextlib import closing
from threading import Event

import pytest

from subscribers.errors import FileRefused
from subscribers.transfer.ahead import ahead


def test_portions_come_in_their_order_to_the_end() -> None:
    assert list(ahead(iter(range(1, 9)))) == [*range(1, 9)]
    assert list(ahead(iter(()))) == []


def test_what_goes_wrong_while_reading_ahead_is_told_after_what_was_read_before() -> None:
    def portions() -> Iterator[int]:
        yield 1
        raise FileRefused("half a letter", "export it again")

    found = ahead(portions())
    assert next(found) == 1
    with pytest.raises(FileRefused, match="half a letter"):
        next(found)


def test_one_portion_is_read_ahead_and_no_more() -> None:
    made: list[int] = []
    second = Event()

    def portions() -> Iterator[int]:
        for number in range(1, 9):
            made.append(number)
            if number == 2:
                second.set()
            yield number

    with closing(ahead(portions())) as found:
        assert next(found) == 1
        assert second.wait(20)
    # Closing has waited for the one that was being read.
    assert made == [1, 2]
