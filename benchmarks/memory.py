"""The memory of the process that sends, for ten thousand, a hundred thousand and a million people.

    python -m benchmarks.memory [--people N …]

`newsletter worker --until-idle` freezes the audience and sends an issue of 60 KB through SendGrid's
API, 1,000 people a call, to a server on this machine. The most resident memory it ever had, in MB.
Prints a JSON line for each size; exit 1 when one is over 120 MB.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import databases, pipeline, sendgrid
from benchmarks.measuring import summed_up
from newsletter import issues
from newsletter.models import Issue

MOST_MB = 120.0
# It tells itself: what a child's parent had before counts in what `wait` tells of it.
WORKER = """
import atexit, runpy
atexit.register(lambda: print(open("/proc/self/status").read()))
runpy.run_module("newsletter", run_name="__main__")
"""
SIZES = (10_000, 100_000, 1_000_000)


def resident(people: int) -> float:
    """Let a worker send to so many people, and return the most memory that it had, in MB."""
    sink = (sys.executable, "-m", "benchmarks.sendgrid_sink", "{port}")
    with (
        databases.urls("sqlite") as urls,
        tempfile.TemporaryDirectory() as folder,
        pipeline.listening(*sink) as port,
    ):
        app = sendgrid.house(urls["sqlite"], folder, port, people)
        issue = pipeline.schedule(app, "k")
        environment = pipeline.environment(urls["sqlite"], Path(folder), **sendgrid.settings(port))
        app.database.close()
        command = [sys.executable, "-c", WORKER, "worker", "--until-idle"]
        worker = subprocess.run(command, env=environment, capture_output=True, text=True)
        with app.database.read() as session:
            seen = issues.progress(session, session.get_one(Issue, issue))
        app.database.close()
        if worker.returncode or seen.submitted != people:
            raise RuntimeError(f"{seen} {worker.stdout} {worker.stderr}")
    return int(worker.stdout.rpartition("VmHWM:")[2].split()[0]) / 1024


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the lines and return an exit code."""
    parser = argparse.ArgumentParser(description="The memory of the process that sends.")
    parser.add_argument("--people", type=int, nargs="*", default=SIZES)
    missed = False
    for people in parser.parse_args(arguments).people:
        # The yardstick is one megabyte, so that the ratio is how many there are.
        name = f"memory of a worker, {people:,} people, MB"
        told = summed_up(name, [(resident(people), 1.0)], target=MOST_MB)
        print(told.as_json(), flush=True)
        missed |= not told.held
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
