"""`newsletter --help`, beside a bare `python -c "import typer"`.

    python -m benchmarks.help [--rounds N]

CPU time of the whole process, system calls included. Prints a JSON line; exit 1 when the target
is missed.
"""

import argparse
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence

from benchmarks.measuring import Seconds, compare

TARGET = 3.0
ROUNDS = 15


def cpu_of(*command: str) -> Callable[[], Seconds]:
    """Return what runs a command of this Python and tells the CPU time that it took."""

    def run() -> Seconds:
        before = _children()
        subprocess.run((sys.executable, *command), check=True, stdout=subprocess.DEVNULL)
        return _children() - before

    return run


def _children() -> Seconds:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ratio and return an exit code."""
    parser = argparse.ArgumentParser(description="newsletter --help beside import typer.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    ratio = compare(
        "newsletter --help",
        cpu_of("-m", "newsletter", "--help"),
        cpu_of("-c", "import typer"),
        target=TARGET,
        rounds=parser.parse_args(arguments).rounds,
    )
    print(ratio.as_json())
    return int(not ratio.held)


if __name__ == "__main__":
    sys.exit(main())
