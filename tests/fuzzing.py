"""How long a fuzz test looks: seconds in `make test`, as long as wanted with BROADSHEET_LONG."""

import os


def is_long() -> bool:
    """Return whether the environment has BROADSHEET_LONG."""
    return "BROADSHEET_LONG" in os.environ


def examples(short: int, long: int = 100_000) -> int:
    """Return how many examples to try."""
    return long if is_long() else short
