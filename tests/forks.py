"""Processes that start warm: a server loads Broadsheet once for a run of tests, and forks them."""

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess


def context() -> ForkServerContext:
    """Return the context whose server has everything loaded; a test process has only one."""
    forks = multiprocessing.get_context("forkserver")
    # Of no effect once the server runs. Each process also loads what the first one was started
    # with, which is pytest where one process runs all tests.
    forks.set_forkserver_preload(["pytest", "tests.loaded"])
    return forks


def start(
    target: Callable[..., object], *arguments: object, out: int, err: int
) -> ForkServerProcess:
    """Start a process that calls this and writes to these two open files, and return it."""
    process = context().Process(
        target=_writing, args=(_handed(out), _handed(err), target, *arguments)
    )
    process.start()
    return process


def _handed(number: int) -> Connection:
    # What hands an open file to another process is the connection around it.
    return Connection(os.dup(number), readable=False)


def _writing(
    out: Connection, err: Connection, target: Callable[..., object], *arguments: object
) -> None:
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    target(*arguments)
