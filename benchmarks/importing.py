"""A validated import of a million rows, beside email-validator alone on the same addresses.

    python -m benchmarks.importing [--rows N]

The subject reads, judges and keeps a CSV file of addresses, names and dates, 2 % of its rows
doubled and 1 % no addresses, with the evidence of each; the yardstick hands addresses of the file
to email-validator, and does nothing with what it says. Both in one process, in turn: after each
batch of 50,000 rows the yardstick takes 2,000. Times are CPU seconds a row; PostgreSQL's server is
a process of its own and not in them. Prints JSON lines for both databases: the ratio, which five
times as quick makes 0.2, and the most memory that the process ever held against 150 MB. Exit 1
when a target is missed.
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
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from benchmarks.measuring import Seconds, summed_up

ROWS = 1_000_000
RATIO = 0.2
MEGABYTES = 150
SAMPLE = 2_000
DOMAINS = ("example.com", "mail.example.org", "firma.example", "uni-hafenstadt.example")
FIRST = ("Ann", "Bob", "Carla", "Dmitri", "Eve", "Gita", "Hans", "Jörg", "Kofi", "Ma Li")
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
            address = (
                f"{chance.choice(FIRST[:4])}.{chance.randrange(10**9)}@{chance.choice(DOMAINS)}"
            )
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        day = f"2024-{1 + number % 12:02}-{1 + number % 28:02}"
        yield f"{address},{name},{day}T04:05:06+00:00\n"


def one_import(url: str, file: Path) -> None:
    """Import a file and print what it took as JSON: pairs of seconds a row, memory in MB."""
    from subscribers.database import Database, now
    from subscribers.transfer import bringing_in, import_csv
    from tests.factories import make_list

    database = Database(url)
    with database.begin() as session:
        make_list(session)
    with file.open(encoding="utf-8") as lines:
        taken = itertools.islice(lines, 1, 1 + 20 * SAMPLE)
        addresses = [line.split(",")[0] for line in taken]
    pairs: list[tuple[Seconds, Seconds]] = []
    begun, wall = time.process_time(), time.perf_counter()

    def after_a_batch(_done: int, _all: int) -> None:
        nonlocal begun
        taken = (time.process_time() - begun) / bringing_in.CHUNK
        start = SAMPLE * len(pairs) % len(addresses)
        pairs.append((taken, judged(addresses[start : start + SAMPLE])))
        begun = time.process_time()

    report = import_csv(
        database,
        file,
        consent_text="made up for a benchmark",
        report_path=file.with_suffix(".refused"),
        progress=after_a_batch,
        now=now(),
    )
    database.close()
    wall = time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"pairs": pairs[:-1] or pairs, "peak": peak, "rows": report.read, "seconds": wall}
    print(json.dumps(told))


def judged(addresses: Sequence[str]) -> Seconds:
    """Hand addresses to email-validator and return the seconds that each took."""
    begun = time.process_time()
    for address in addresses:
        with contextlib.suppress(EmailNotValidError):
            validate_email(address, check_deliverability=False)
    return (time.process_time() - begun) / len(addresses)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ratios and return an exit code."""
    parser = argparse.ArgumentParser(description="An import beside email-validator alone.")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--one", nargs=2, metavar=("URL", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.one:
        one_import(given.one[0], Path(given.one[1]))
        return 0
    from benchmarks.databases import urls

    missed = False
    with tempfile.TemporaryDirectory() as folder, urls() as databases:
        file = Path(folder) / "people.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            out.writelines(rows(given.rows))
        for kind, url in databases.items():
            # In a process of its own: what it holds at most is told of a whole process.
            command = (sys.executable, "-m", "benchmarks.importing", "--one", url, str(file))
            told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            ratio = summed_up(f"import {kind}", told["pairs"], target=RATIO)
            print(ratio.as_json(), flush=True)
            share = round(told["peak"] / MEGABYTES, 3)
            memory = {"name": f"import {kind}, memory", "ratio": share, "low": share, "high": share}
            memory |= {"target": 1.0, "megabytes": round(told["peak"]), "rows": told["rows"]}
            memory |= {"rows_a_second": round(told["rows"] / told["seconds"])}
            print(json.dumps(memory), flush=True)
            missed |= not ratio.held or share > 1
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
