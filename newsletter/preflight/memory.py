"""The links that answered lately, in a file of the user's cache, so that nobody is asked twice."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

DAY = 24 * 60 * 60
MOST = 5_000


def default_memory(environment: Mapping[str, str], home: Path) -> Path:
    """Return the file in the user's cache folder (XDG Base Directory)."""
    cache = environment.get("XDG_CACHE_HOME", "")
    folder = Path(cache) if cache.startswith("/") else home / ".cache"
    return folder / "newsletter" / "links.json"


def recall(file: Path | None, now: float) -> dict[str, float]:
    """Return the addresses that answered within a day of `now` (Unix seconds), and when.

    A file that is not there, or not ours to read, remembers nothing.
    """
    if file is None:
        return {}
    try:
        stored = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(stored, dict):
        return {}
    return {
        url: float(at)
        for url, at in stored.items()
        if isinstance(at, int | float) and now - DAY < at <= now
    }


def remember(file: Path | None, answered: Mapping[str, float]) -> None:
    """Write the newest of these addresses, whole or not at all; a full disk forgets them."""
    if file is None:
        return
    newest = sorted(answered.items(), key=lambda pair: pair[1])[-MOST:]
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_name(f"{file.name}.{os.getpid()}")
        half.write_text(json.dumps(dict(newest)), encoding="utf-8")
        half.replace(file)
