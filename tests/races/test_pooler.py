"""Through PgBouncer in transaction mode everything works, and nobody is mailed twice."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.doctor import examine
from newsletter.worker import fleet, local
from subscribers.database import now
from tests import pgbouncer
from tests.conftest import need
from tests.newsletter.house import add_people, address, open_house, schedule, state
from tests.newsletter.receiver import Receiver

if TYPE_CHECKING:
    from tests.postgresql import Cluster

PEOPLE = 300


@pytest.fixture
def pooled_url(
    postgres_cluster: "Cluster", migrated_postgres_url: str, migrated_name: str
) -> Iterator[str]:
    with pgbouncer.pooled(postgres_cluster, need("pgbouncer")["pgbouncer"]):
        yield pgbouncer.url(postgres_cluster, migrated_name)


@pytest.mark.part("pgbouncer")
@pytest.mark.parametrize("runner", [local, fleet])
def test_an_issue_goes_through_a_pooler_that_changes_servers(
    pooled_url: str, tmp_path: Path, runner: object
) -> None:
    receiver = Receiver(tmp_path / "book", stepwise=False)
    app = open_house(pooled_url, tmp_path, receiver, batch_size=10)
    assert app.database.is_pooled
    issue = schedule(app, add_people(app, PEOPLE), now=now())
    runner.run(app, until_idle=True, threads=6)  # type: ignore[attr-defined]
    assert receiver.book() == {address(number): 1 for number in range(1, PEOPLE + 1)}
    assert state(app, issue) == "sent"
    assert "pooler" in {finding.code for finding in examine(app)}
    app.database.close()


def test_postgresql_itself_is_no_pooler(migrated_postgres_url: str, tmp_path: Path) -> None:
    app = open_house(migrated_postgres_url, tmp_path, Receiver(tmp_path / "book"))
    assert not app.database.is_pooled
    assert "pooler" not in {finding.code for finding in examine(app)}
    app.database.close()
