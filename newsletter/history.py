"""When a file was last changed, as git tells it; git is asked once, and nothing is written."""

import os
import subprocess
from datetime import datetime
from pathlib import Path

LONGEST = 5
# A repository's own settings may name programs and other machines: none of them is called.
QUIET = (
    *("-c", "core.fsmonitor=false"),
    *("-c", "log.showSignature=false"),
    *("-c", "protocol.allow=never"),
)
ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
}


def last_change(file: Path) -> datetime | None:
    """Return when a file was last committed, None where there is no git or it does not know."""
    try:
        told = subprocess.run(  # noqa: S603 (our own arguments, without a shell)
            ("git", *QUIET, "log", "-1", "--format=%aI", "--", file.name),  # noqa: S607
            cwd=file.parent,
            env=os.environ | ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST,
        ).stdout.strip()
        return datetime.fromisoformat(told) if told else None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
