"""What a recipient costs in an issue to a million, beside one in an issue to ten thousand.

    python -m benchmarks.growth [--people N] [--few N] [--rounds N] [--database sqlite|postgresql]

Both are frozen, claimed in batches of a thousand, addressed, handed to a provider that takes
everything at once, and written down: all that is ours. In each round the large issue
goes on by as many recipients as the small one has, and a new small one goes from beginning to end;
the large one's freezing counts by the share of its recipients. CPU time, on PostgreSQL the clock's,
as the work is another process's. Prints a JSON line; exit
1 when the target is missed.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from benchmarks import databases
from benchmarks.measuring import Seconds, as_in_the_command, compare
from benchmarks.people import NOW, open_house, populate, schedule
from newsletter import dispatcher
from newsletter.app import App
from newsletter.message import Envelope, Mailbox, RenderedEmail, SendResult, SendStatus

PEOPLE = 1_000_000
FEW = 10_000
ROUNDS = 9
SIZE = 1_000
TARGET = 1.1


class Taking:
    """A provider that takes every call and keeps nothing."""

    name = "taking"
    at_once = 0
    lanes = 1
    reports = False
    counts = False

    def check(self, sender: Mailbox | None = None) -> None:
        """Nothing can be wrong here."""

    def prepare(self, email: RenderedEmail) -> "Taking":
        """Keep nothing of it."""
        return self

    def send(
        self, envelopes: Sequence[Envelope], *, reference: str = ""
    ) -> Iterator[Sequence[SendResult]]:
        """Take them all."""
        yield [SendResult(SendStatus.SUBMITTED)] * len(envelopes)

    def close(self) -> None:
        """Nothing is open."""


def house(url: str, folder: Path, people: int) -> tuple[App, int]:
    """Make a house with so many people; return it and its list."""
    folder.mkdir()
    app = open_house(url, folder, Taking(), batch_size=SIZE)
    return app, populate(app.database, people)


def freeze(app: App, list_id: int, key: str) -> Seconds:
    """Freeze an issue and return what that took."""
    with app.database.begin() as session:
        number = schedule(session, list_id, key)
    clock = databases.clock_of(app.database)
    begun = clock()
    with app.database.begin(trusting=True) as session:
        dispatcher.freeze(session, number, size=SIZE, who="b", now=NOW)
    return clock() - begun


def send(app: App, people: int) -> Seconds:
    """Send so many and return what that took."""
    sender = dispatcher.Sender(app.database, app.links, app.provider, mark=app.mark)
    clock = databases.clock_of(app.database)
    begun = clock()
    for _ in range(people // SIZE):
        if not sender.send_one():
            raise SystemExit("the issue ended too early")
    sender.close()
    return clock() - begun


def by_share(app: App, list_id: int, few: int, people: int) -> Callable[[], Seconds]:
    """Return the subject: the large issue goes on, its freezing counted by the share."""
    share = freeze(app, list_id, "large") * few / people

    def run() -> Seconds:
        return share + send(app, few)

    return run


def anew(app: App, list_id: int, few: int) -> Callable[[], Seconds]:
    """Return the yardstick: a small issue from beginning to end."""
    keys = iter(range(1_000))

    def run() -> Seconds:
        return freeze(app, list_id, f"small-{next(keys)}") + send(app, few)

    return run


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figure, and return an exit code."""
    parser = argparse.ArgumentParser(description="A recipient's cost, in large issues and small.")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--few", type=int, default=FEW)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--database", choices=databases.KINDS, default="sqlite")
    given = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="growth-")))
        of_large = stack.enter_context(databases.urls(given.database))[given.database]
        of_small = stack.enter_context(databases.urls(given.database))[given.database]
        large, its_list = house(of_large, folder / "large", given.people)
        stack.callback(large.database.close)
        small, list_id = house(of_small, folder / "small", given.few)
        stack.callback(small.database.close)
        as_in_the_command()
        ratio = compare(
            f"growth, {given.database}",
            by_share(large, its_list, given.few, given.people),
            anew(small, list_id, given.few),
            target=TARGET,
            rounds=given.rounds,
        )
    costs = {
        "microseconds_a_recipient_large": round(ratio.subject_ms * 1000 / given.few, 2),
        "microseconds_a_recipient_small": round(ratio.yardstick_ms * 1000 / given.few, 2),
    }
    print(json.dumps(asdict(ratio) | costs | {"people": given.people, "few": given.few}))
    return int(not ratio.held)


if __name__ == "__main__":
    sys.exit(main())
