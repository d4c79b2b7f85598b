"""Empty databases that cost little, a receiver, and a nursery of senders."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter import schema
from tests.faults.sender import Nursery, Way
from tests.faults.trial import Receiver, Trial

if TYPE_CHECKING:
    from tests.postgresql import Cluster

Make = Callable[..., Trial]


@pytest.fixture(scope="session")
def nursery() -> Nursery:
    """Give a process that has everything imported and forks senders."""
    return Nursery()


@pytest.fixture(scope="session")
def blank_name(postgres_cluster: "Cluster") -> str:
    """Give the name of an empty PostgreSQL database of the newest schema."""
    name = postgres_cluster.create()
    schema.upgrade(postgres_cluster.url(name))
    return name


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    """Run a receiver."""
    running = Receiver(tmp_path)
    yield running
    running.close()


@pytest.fixture
def make(
    request: pytest.FixtureRequest, nursery: Nursery, receiver: Receiver, tmp_path: Path
) -> Iterator[Make]:
    """Give a function that makes a trial: `make(provider, database, people=60, lanes=1)`."""
    made: list[Trial] = []

    def trial(
        provider: str, database: "str | Cluster", *, people: int = 60, lanes: int = 1
    ) -> Trial:
        # A folder of its own: a database in another's place would rightly send nothing.
        folder = tmp_path / str(len(made))
        folder.mkdir(exist_ok=True)
        if isinstance(database, str) and database == "sqlite":
            file = folder / "newsletter.db"
            shutil.copy(request.getfixturevalue("migrated_file"), file)
            url = f"sqlite:///{file}"
        elif isinstance(database, str):
            cluster = request.getfixturevalue("postgres_cluster")
            url = cluster.url(cluster.create(request.getfixturevalue("blank_name")))
        else:
            url = database.url(database.create())
            schema.upgrade(url)
        receiver.log.write_bytes(b"")
        way = Way(url, folder, provider, receiver.smtp, receiver.http, lanes)
        made.append(Trial(nursery, receiver, way, people))
        return made[-1]

    yield trial
    for one in made:
        one.close()
