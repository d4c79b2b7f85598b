"""How long a fuzz test looks: seconds in `make test`, as long as wanted with BROADSHEET_LONG."""

import os


def examples(short: int, long: int = 100_000) -> int:
    """Return how many examples to try: many when the environment has BROADSHEET_LONG."""
    return long if "BROADSHEET_LONG" in os.environ else short
