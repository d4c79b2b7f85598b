"""A validated import of a million rows, beside email-validator alone on the same addresses.

    python -m benchmarks.importing [--rows N]

The subject reads, judges and keeps CSV files of addresses, names and dates, 2 % of their rows
doubled and 1 % no addresses, with the evidence of each; the yardstick hands addresses of theirs to
email-validator, and does nothing with what it says. Both in one process, in turn: ten files of a
tenth of the rows each, into one database, and the yardstick before each. Times are those of the
clock, as an import reads ahead in a thread while the database works; `cpu_ratio` is the same in CPU
seconds of this process, in which PostgreSQL's server is not. Then all rows as one file, into
another database, for the most memory that a process holds. Prints JSON lines for both databases:
the ratio, which five times as quick makes 0.2, and the memory against 150 MB. Exit 1 when a target
is missed.
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
PARTS = 10
SAMPLE = 10_000
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


def in_turn(url: str, folder: Path) -> None:
    """Import the parts in a folder; print pairs of seconds a row as JSON, by clock and by CPU."""
    database = opened(url)
    walls: list[tuple[Seconds, Seconds]] = []
    cpus: list[tuple[Seconds, Seconds]] = []
    for part in sorted(folder.glob("part*.csv")):
        with part.open(encoding="utf-8") as lines:
            addresses = [line.split(",")[0] for line in itertools.islice(lines, 1, 1 + SAMPLE)]
        wall, cpu = judged(addresses)
        begun_wall, begun_cpu = time.perf_counter(), time.process_time()
        read = imported(database, part)
        walls.append(((time.perf_counter() - begun_wall) / read, wall))
        cpus.append(((time.process_time() - begun_cpu) / read, cpu))
    database.close()
    print(json.dumps({"walls": walls, "cpus": cpus}))


def whole(url: str, file: Path) -> None:
    """Import one file; print its rows, the seconds, and the most memory in MB as JSON."""
    database = opened(url)
    begun = time.perf_counter()
    read = imported(database, file)
    seconds = time.perf_counter() - begun
    database.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": read, "seconds": seconds, "peak": peak}))


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


def told(how: str, url: str, path: Path) -> Any:
    """Run one of the above in a process of its own: what it holds at most is of a whole process."""
    command = (sys.executable, "-m", "benchmarks.importing", how, url, str(path))
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ratios and return an exit code."""
    parser = argparse.ArgumentParser(description="An import beside email-validator alone.")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--in-turn", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--whole", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.in_turn or given.whole:
        url, path = given.in_turn or given.whole
        (in_turn if given.in_turn else whole)(url, Path(path))
        return 0
    from benchmarks.databases import urls

    missed = False
    with tempfile.TemporaryDirectory() as folder, urls() as ten, urls() as one:
        file = Path(folder) / "people.csv"
        write(file, given.rows)
        for kind in ten:
            pairs = told("--in-turn", ten[kind], Path(folder))
            ratio = summed_up(f"import {kind}", pairs["walls"], target=RATIO)
            cpu = summed_up("", pairs["cpus"], target=RATIO)
            print(json.dumps(asdict(ratio) | {"cpu_ratio": cpu.ratio}), flush=True)
            found = told("--whole", one[kind], file)
            share = round(found["peak"] / MEGABYTES, 3)
            memory = {"name": f"import {kind}, memory", "ratio": share, "low": share, "high": share}
            memory |= {"target": 1.0, "megabytes": round(found["peak"]), "rows": found["rows"]}
            memory |= {"rows_a_second": round(found["rows"] / found["seconds"])}
            print(json.dumps(memory), flush=True)
            missed |= not ratio.held or share > 1
    return int(missed)


def write(file: Path, count: int) -> None:
    """Write a file of so many rows, and its tenths beside it."""
    lines = rows(count)
    head = next(lines)
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write(head)
        for number in range(PARTS):
            part = list(itertools.islice(lines, count // PARTS))
            out.writelines(part)
            text = "".join([head, *part])
            file.with_name(f"part{number}.csv").write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    sys.exit(main())
