"""`newsletter` as a process of its own that starts warm: a server loads all modules once, and forks.

A command of a journey is the real one, with its own folder, environment, output and exit code;
what it does not pay again each time are the seconds of CPU that loading it takes.
How a cold one starts is told by test_packaging, test_benchmarks and test_a_check_without_a_database.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from newsletter.cli import main

FORKS = multiprocessing.get_context("forkserver")


def start(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    out: int,
    err: int,
) -> ForkServerProcess:
    """Start a command that writes to these two open files, and return its process."""
    # Of no effect once the server runs.
    FORKS.set_forkserver_preload(["tests.journeys.loaded"])
    process = FORKS.Process(
        target=_command,
        args=(list(arguments), folder, dict(environment), _handed(out), _handed(err)),
    )
    process.start()
    return process


def _handed(number: int) -> Connection:
    # What hands an open file to another process is the connection around it.
    return Connection(os.dup(number), readable=False)


def _command(
    arguments: list[str],
    folder: Path,
    environment: dict[str, str],
    out: Connection,
    err: Connection,
) -> None:
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
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
