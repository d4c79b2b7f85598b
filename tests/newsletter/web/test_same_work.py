"""Signing up is the same work whoever is named: the same statements, and about the same time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import process_time

import time_machine
from sqlalchemy import delete, event

from subscribers import store
from subscribers.models import Attempt, SuppressionReason
from tests.factories import NOON
from tests.newsletter.web.site import ADA, Site, send

ROUNDS = 9
FARTHEST = 0.020
# A subscription that is there is changed, one that is not is made; what is not meant is undone.
SAME = {
    "UPDATE subscription SET": "subscription written",
    "INSERT INTO subscription": "subscription written",
    "RELEASE SAVEPOINT sa_savepoint_1": "savepoint ended",
    "ROLLBACK TO SAVEPOINT": "savepoint ended",
}


@contextmanager
def statements(site: Site) -> Iterator[list[str]]:
    """Collect what is asked of the database, each by its first words."""
    said: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(" ".join(statement.split()[:3]).replace('"', ""))

    event.listen(site.app.database.engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(site.app.database.engine, "before_cursor_execute", listen)


def prepare(site: Site) -> dict[str, Callable[[int], str]]:
    """Return addresses of every kind; the round's number makes those that are used up anew."""
    site.asks("pending@readers.example")
    left = site.joins("left@readers.example")
    site.client.post(f"/u/{site.goodbye(left)}", data={"action": "leave"})
    with site.app.database.begin() as session:
        store.suppress(session, "bounced@readers.example", SuppressionReason.BOUNCED, now=NOON)
    return {
        "new": lambda at: f"new{at}@readers.example",
        "active": lambda _: ADA,
        "pending": lambda _: "pending@readers.example",
        "suppressed": lambda _: "bounced@readers.example",
    }


def test_the_same_is_asked_of_the_database_for_everybody(site_on_both: Site) -> None:
    """# S-1"""
    site = site_on_both
    asked = {}
    kinds = prepare(site)
    with time_machine.travel(NOON, tick=False):
        send(site, "warm@readers.example")
        for kind, email in kinds.items():
            with site.app.database.begin() as session:
                session.execute(delete(Attempt))
            with statements(site) as said:
                assert send(site, email(0)) == 202
            asked[kind] = [SAME.get(one, one) for one in said]
    assert len(asked["new"]) > 10
    for kind, said in asked.items():
        assert said == asked["new"], kind


def test_nobody_can_be_told_by_the_time_it_takes(site_on_both: Site) -> None:
    """# S-1: the medians of known, unknown, suppressed and pending differ by at most 20 ms.

    Of processor time, which a busy machine does not change; `benchmarks/same_answer.py` has the
    clock's.
    """
    site = site_on_both
    kinds = prepare(site)
    took: dict[str, list[float]] = {kind: [] for kind in kinds}
    with time_machine.travel(NOON, tick=False):
        send(site, "warm@readers.example")
        for at in range(ROUNDS):
            for kind, email in kinds.items():
                with site.app.database.begin() as session:
                    session.execute(delete(Attempt))
                begun = process_time()
                assert send(site, email(at)) == 202
                took[kind].append(process_time() - begun)
    medians = [median(times) for times in took.values()]
    assert max(medians) - min(medians) <= FARTHEST
