"""What a dry run would have done so far: the rows after must find it as they would in earnest."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace

import orjson

from subscribers.models import SubscriptionState
from subscribers.transfer.batch import Batch
from subscribers.transfer.chunk import Decision
from subscribers.transfer.standing import Standing

# The id of who would be a subscriber by now.
SOMEBODY = -1
_SUPPRESSED = "suppressed"


class Foreseen:
    """Remembers where everybody would stand, in a database of its own that nobody else sees."""

    def __init__(self) -> None:
        # No name: SQLite keeps little of it in memory and the rest in a file that is gone at once.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute(
            "CREATE TABLE stands (key TEXT PRIMARY KEY, state TEXT) WITHOUT ROWID"
        )

    def close(self) -> None:
        """Forget everything."""
        self._database.close()

    def added_to(self, standing: Standing, keys: Sequence[str]) -> Standing:
        """Return where people would stand by now."""
        found = self._database.execute(
            "SELECT stands.key, state FROM json_each(?) JOIN stands ON stands.key = value",
            (orjson.dumps(keys).decode(),),
        ).fetchall()
        people = dict(standing.people)
        for key, state in found:
            if state != _SUPPRESSED:
                people[key] = (people.get(key, (SOMEBODY, None))[0], state)
        suppressed = {key for key, state in found if state == _SUPPRESSED}
        return replace(standing, people=people, suppressed=standing.suppressed | suppressed)

    def remember(self, made: Decision, people: Batch) -> None:
        """Take a decision for carried out."""
        self._keep((people.keys[at], people.fates[at].value) for at in (*made.new, *made.joining))
        self._keep((people.keys[at], SubscriptionState.UNSUBSCRIBED.value) for at in made.leaving)
        self._keep((people.keys[at], _SUPPRESSED) for at in made.suppressing)

    def _keep(self, rows: Iterable[tuple[str, str]]) -> None:
        self._database.execute("BEGIN")
        self._database.executemany("INSERT OR REPLACE INTO stands VALUES (?, ?)", rows)
        self._database.execute("COMMIT")
