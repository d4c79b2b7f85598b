"""How far apart the answers to a sign-up are, by whom it names (RULES S-1).

    python -m benchmarks.same_answer [DATABASE_URL]

The clock, over a new SQLite file or an empty database; the kinds take turns. Prints one line of
JSON: the medians in milliseconds, and the widest distance between two, which is to be 20 or less.
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import time_machine
from sqlalchemy import delete

from newsletter import schema
from subscribers.models import Attempt
from tests.factories import NOON
from tests.newsletter.web.site import open_site, send
from tests.newsletter.web.test_same_work import prepare

ROUNDS = 60
TARGET_MS = 20.0


def main() -> int:
    """Sign up everybody in turn; return 1 when the target is missed."""
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/newsletter.db"
        schema.upgrade(url)
        with open_site(url, Path(folder)) as site, time_machine.travel(NOON, tick=False):
            kinds = prepare(site)
            took: dict[str, list[float]] = {kind: [] for kind in kinds}
            send(site, "warm@readers.example")
            for at in range(ROUNDS):
                for kind, email in kinds.items():
                    with site.app.database.begin() as session:
                        session.execute(delete(Attempt))
                    begun = perf_counter()
                    send(site, email(at))
                    took[kind].append(perf_counter() - begun)
    medians = {kind: round(statistics.median(times) * 1000, 2) for kind, times in took.items()}
    apart = round(max(medians.values()) - min(medians.values()), 2)
    found = {
        "name": "same answer",
        "apart_ms": apart,
        "target_ms": TARGET_MS,
        "medians_ms": medians,
    }
    print(json.dumps(found | {"rounds": ROUNDS}))
    return int(apart > TARGET_MS)


if __name__ == "__main__":
    sys.exit(main())
