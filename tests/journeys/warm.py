"""`newsletter` as a process of its own that starts warm.

A command of a journey is the real one, with its own folder, environment, output and exit code;
what it does not pay again each time are the seconds of CPU that loading it takes.
How a cold one starts is told by test_packaging, test_benchmarks and test_a_check_without_a_database.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from newsletter.cli import main
from tests import forks


def start(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    out: int,
    err: int,
) -> ForkServerProcess:
    """Start a command that writes to these two open files, and return its process."""
    return forks.start(_command, list(arguments), folder, dict(environment), out=out, err=err)


def _command(arguments: list[str], folder: Path, environment: dict[str, str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["newsletter", *arguments]
    try:
        main(arguments)
    except Exception as error:
        # As Python itself ends what nobody caught.
        sys.excepthook(type(error), error, error.__traceback__)
        sys.exit(1)
