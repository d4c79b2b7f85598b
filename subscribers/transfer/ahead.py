"""The next portion of a file is read while the database keeps the one before."""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterator[T]) -> Generator[T]:
    """Yield what an iterator yields; one more is made meanwhile, in a thread of its own.

    Worth it because a database lets go of the interpreter while it works on a statement.
    """
    with ThreadPoolExecutor(1, "ahead") as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item
