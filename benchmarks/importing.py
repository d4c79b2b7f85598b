"""A validated import of a million rows, beside email-validator alone on the same addresses.

    python -m benchmarks.importing [--rows N] [--rounds N]

The subject reads, judges and keeps one CSV file of addresses, names and dates, 2 % of its rows
doubled and 1 % no addresses, with the evidence of each, in an empty database; the yardstick hands
addresses of the same file to email-validator, and does nothing with what it says: half of them
before, half after. Each round is a process of its own. Times are those of the clock, as an import
reads ahead in a thread while the database works; `cpu_ratio` is the same in CPU seconds of this
process, in which PostgreSQL's server is not. Prints JSON lines for both databases: the ratio,
which five times as quick makes 0.2, and the most memory that an import's process held against
150 MB. Exit 1 when a target is missed.
"""

import argparse
import contextlib
import itertools
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from email_validator import EmailNotValidError, validate_email

from benchmarks.measuring import Seconds, summed_up

if TYPE_CHECKING:
    from subscribers.database import Database

ROWS = 1_000_000
RATIO = 0.2
MEGABYTES = 150
ROUNDS = 9
# Half of these are judged on each side of an import: long enough to be as quick as the machine is.
SAMPLE = 50_000
DOMAINS = ("example.com", "mail.example.org", "firma.example", "uni-hafenstadt.example")
FIRST = ("Ann", "Bob", "Carla", "Dmitri", "Eve", "Gita", "Hans", "Jörg", "Kofi", "Ma Li")
# How many write their address with capitals.
CAPITALS = 0.05
LAST = ("Lee", "Smith", "Okafor", "Müller", "Rossi", "Tanaka", "Novák", "O'Hara", "Silva")


def rows(count: int) -> Iterator[str]:
    """Yield the lines of a file of so many people, the same at each call."""
    chance = random.Random(7)  # noqa: S311 (a made-up list needs no secrets)
    address = "ann@example.com"
    yield "email,name,joined_at\n"
    for number in range(count):
        kind = chance.random()
        if kind < 0.01:
            address = f"reader{number}@@example.com"
        elif kind < 0.012:
            address = f"reader{number}@bücher{number % 97}.example"
        elif kind > 0.02:
            # The rest stands there a second time.
            local = chance.choice(FIRST[:4])
            local = local if chance.random() < CAPITALS else local.lower()
            address = f"{local}.{chance.randrange(10**9)}@{chance.choice(DOMAINS)}"
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        moment = datetime.fromtimestamp(1_700_000_000 + number * 47 % 60_000_000, UTC)
        yield f"{address},{name},{moment.isoformat()}\n"


def one_round(url: str, file: Path) -> None:
    """Import a file between two halves of the yardstick; print what was measured as JSON."""
    database = opened(url)
    before = judged(some_of(file, 0))
    wall, cpu = time.perf_counter(), time.process_time()
    read = imported(database, file)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    after = judged(some_of(file, 1))
    database.close()
    bare = [(one + other) / 2 for one, other in zip(before, after, strict=True)]
    found = {"wall": (wall / read, bare[0]), "cpu": (cpu / read, bare[1])}
    print(json.dumps(found | {"rows": read, "peak": peak}))


def some_of(file: Path, half: int) -> Sequence[str]:
    """Return addresses from all of a file: the one half of the yardstick's, or the other."""
    step = 2 * max(1, ROWS // SAMPLE)
    with file.open(encoding="utf-8") as lines:
        wanted = itertools.islice(lines, 1 + half, None, step)
        return [line.split(",")[0] for line in wanted]


def opened(url: str) -> "Database":
    """Return an empty database with one list in it."""
    from subscribers.database import Database
    from tests.factories import make_list

    database = Database(url)
    with database.begin() as session:
        make_list(session)
    return database


def imported(database: "Database", file: Path) -> int:
    """Import a file and return how many rows it had."""
    from subscribers.database import now
    from subscribers.transfer import import_csv

    words, refused = "made up for a benchmark", file.with_suffix(".refused")
    return import_csv(database, file, consent_text=words, report_path=refused, now=now()).read


def judged(addresses: Sequence[str]) -> tuple[Seconds, Seconds]:
    """Hand addresses to email-validator; return the seconds each took, by clock and by CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    for address in addresses:
        with contextlib.suppress(EmailNotValidError):
            validate_email(address, check_deliverability=False)
    count = len(addresses)
    return (time.perf_counter() - wall) / count, (time.process_time() - cpu) / count


def told(kind: str, file: Path) -> Any:
    """Do a round in a process of its own: what it holds at most is of a whole process."""
    from benchmarks.databases import urls

    with urls(kind) as url:
        command = (sys.executable, "-m", "benchmarks.importing", "--one", url[kind], str(file))
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ratios and return an exit code."""
    parser = argparse.ArgumentParser(description="An import beside email-validator alone.")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.one:
        one_round(given.one[0], Path(given.one[1]))
        return 0
    from benchmarks.databases import KINDS

    missed = False
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "people.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            out.writelines(rows(given.rows))
        for kind in KINDS:
            found = [told(kind, file) for _ in range(given.rounds)]
            ratio = summed_up(f"import {kind}", [one["wall"] for one in found], target=RATIO)
            cpu = summed_up("", [one["cpu"] for one in found], target=RATIO)
            a_second = round(1000 / ratio.subject_ms)
            more = {"cpu_ratio": cpu.ratio, "rows_a_second": a_second}
            print(json.dumps(asdict(ratio) | more), flush=True)
            peak = max(one["peak"] for one in found)
            share = round(peak / MEGABYTES, 3)
            memory = {"name": f"import {kind}, memory", "ratio": share, "low": share, "high": share}
            memory |= {"target": 1.0, "megabytes": round(peak), "rows": found[0]["rows"]}
            print(json.dumps(memory), flush=True)
            missed |= not ratio.held or share > 1
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
