"""Rooms where they can be made, and a Dovecot in one of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import IMPOSSIBLE, need
from tests.mailservers.dovecot import Dovecot
from tests.mailservers.room import Room
from tests.ports import free_port


def tree_of(part: str) -> Path:
    """Return the root of an unpacked part, skipping this test where it is missing."""
    (program, *_) = need(part).values()
    return program.parents[2]


@pytest.fixture(scope="session")
def rooms() -> None:
    """Skip where this user may not make mount namespaces."""
    if not Room.can_be():
        pytest.skip(f"{IMPOSSIBLE}rooms for mail servers (root, and mount namespaces)")


@pytest.fixture
def dovecot(rooms: None, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Dovecot]:
    """Run an empty Dovecot; a parameter are lines of its configuration."""
    running = Dovecot(
        tree_of("dovecot"),
        tmp_path / "dovecot",
        imap=free_port(),
        lmtp=free_port(),
        auth=free_port(),
        more=getattr(request, "param", ""),
    )
    yield running
    running.room.kill()
