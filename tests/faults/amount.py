"""How much is tried: a little in `make test`, all that fits into half an hour in `make faults`.

Everything random comes from one seed, which is printed: `BROADSHEET_SEED=17 make faults`.
"""

import os
import random

LONG = os.environ.get("BROADSHEET_FAULTS") == "long"
# How many seconds one test may take.
LIMIT = 1800 if LONG else 240
SEED = int(os.environ.get("BROADSHEET_SEED", "2026"))


def dice(*what: object) -> random.Random:
    """Return a generator of its own for each thing that is tried."""
    return random.Random(f"{SEED} {what}")  # noqa: S311 (no secret)


def told(line: str) -> None:
    """Print a line of figures; `make faults` shows them."""
    print(f"\n[faults] {line}", flush=True)
