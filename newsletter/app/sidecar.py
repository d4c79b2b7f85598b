"""The sidecar: a small file that says how far the database had come (RULES R-5).

A database file or a volume of yesterday put back in its place is behind it, and is found out.
"""

import os
import threading
from dataclasses import dataclass
from pathlib import Path

import orjson

FILE = "instance.json"


@dataclass(frozen=True, slots=True)
class Mark:
    """The name of a database, and how many batches had been claimed in it."""

    instance: str
    claims: int


def read_mark(file: Path) -> Mark | None:
    """Return the mark, None where there is none that can be read."""
    try:
        found = orjson.loads(file.read_bytes())
        return Mark(str(found["instance"]), int(found["claims"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_mark(file: Path, mark: Mark) -> None:
    """Write the mark whole or not at all; it is not forced to the disk, which each claim would pay.

    After a power cut it may lag behind, and then it finds out less and never too much.
    """
    # A draft for each thread: several claim at the same instant.
    draft = file.with_name(f".{file.name}-{os.getpid()}-{threading.get_ident()}")
    draft.write_bytes(orjson.dumps(mark))
    draft.replace(file)
