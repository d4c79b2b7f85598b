"""One issue on its way to a receiver that kills: set up, killed, gone on with, accounted for."""

import copy
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from newsletter import events, issues
from newsletter.app import App
from newsletter.message import Event, EventType
from newsletter.models import Batch, DeliveryState, Issue
from newsletter.worker.tick import Round
from subscribers import store
from subscribers.address import parse
from subscribers.database import now
from subscribers.models import SuppressionReason
from tests.faults.account import Account, Mail, account, mails, outbox_mails
from tests.faults.sender import Hurried, Jumping, Nursery, Way
from tests.newsletter.house import add_people, address, schedule, state, wait_is_over
from tests.parts import ROOT


class Receiver:
    """The receiver's process: its ports, its log, and the kills it told of."""

    def __init__(self, folder: Path) -> None:
        """Start it; its log lies in this folder."""
        self.log = folder / "received"
        self.log.touch()
        self.kills: list[dict[str, Any]] = []
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        self._process = subprocess.Popen(
            (sys.executable, "-S", str(ROOT / "tests" / "faults" / "receiver.py"), str(self.log)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        ports = json.loads(self._process.stdout.readline())
        self.smtp, self.http = ports["smtp"], ports["http"]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            said = json.loads(line)
            if "killed" in said:
                self.kills.append(said)
            else:
                self._said.put(said)

    def order(self, **order: Any) -> None:
        """Give an order, and wait until it is taken."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        self._said.get(timeout=20)

    def close(self) -> None:
        """End it."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(20)
        assert self._process.stdout
        self._process.stdout.close()


@dataclass
class Trial:
    """An issue to so many people, some of whom must not be mailed."""

    nursery: Nursery
    receiver: Receiver
    way: Way
    people: int
    app: App = field(init=False)
    issue: int = field(init=False)
    starts: int = 0

    def __post_init__(self) -> None:
        """Make the house, its people and the scheduled issue; suppress every thirteenth."""
        self.app = self.way.build()
        list_id = add_people(self.app, self.people)
        self.issue = schedule(self.app, list_id, now=now())
        self.shun(range(13, self.people + 1, 26))
        self._later = range(26, self.people + 1, 26)

    def shun(self, numbers: Sequence[int]) -> None:
        """Suppress these people."""
        with self.app.database.begin() as session:
            for number in numbers:
                key = parse(address(number)).key
                store.suppress(session, key, SuppressionReason.COMPLAINED, now=now())

    @property
    def shunned(self) -> frozenset[str]:
        """Who must have nothing: suppressed before the issue began."""
        return frozenset(address(number) for number in range(13, self.people + 1, 26))

    def freeze(self) -> None:
        """Start the issue here, so that a sender has nothing to do but to send."""
        one = Round(self.app)
        one.keep_house()
        one.close()

    def killed_at(self, where: str, at: int, how: str = "kill") -> bool:
        """Start a sender that is killed at a message from now; return whether it was."""
        sender = self.nursery.start(self.way, held=True)
        self.starts += 1
        pid = sender.pid
        self.receiver.order(pid=pid, at=at, where=where, how=how)
        sender.release()
        was_killed = sender.end(self.moves) == -9
        if was_killed:
            self.leases_end()
        else:
            self.receiver.order(forget=pid)
        return was_killed

    def go_on(self, *, fast: bool = False, jumps: float | None = None) -> None:
        """Send until nothing is left, and resume what an outage has paused."""
        for _ in range(400):
            if jumps is not None:
                sender = self.nursery.by(self.way, Jumping(jumps))
            elif fast:
                sender = self.nursery.by(self.way, Hurried())
            else:
                sender = self.nursery.start(self.way)
            self.starts += 1
            assert sender.end(self.hurried if fast else self.moves) == 0
            if state(self.app, self.issue) != "paused":
                return
            with self.app.database.begin() as session:
                row = session.get_one(Issue, self.issue)
                issues.resume(session, row, who="editor", now=now())
        raise AssertionError("an issue that does not come to its end")

    def leases_end(self) -> None:
        """Let the time of a lease pass; on SQLite whoever holds the file need not wait for it."""
        if not self.app.database.is_sqlite:
            with self.app.database.begin() as session:
                session.execute(update(Batch).values(lease_until=now() - timedelta(days=1)))

    def moves(self) -> object:
        """Return what changes while a sender sends."""
        written = sum(1 for _ in (self.way.folder / "outbox").rglob("*.eml"))
        return written, self.receiver.log.stat().st_size

    def hurried(self) -> object:
        """Let nobody wait: PostgreSQL's clock is not that of a sender in a hurry."""
        wait_is_over(self.app)
        return self.moves()

    def received(self) -> list[Mail]:
        """Return every mail that was accepted."""
        if self.way.provider == "outbox":
            return outbox_mails(self.way.folder / "outbox")
        return mails(self.receiver.log)

    def account(self) -> Account:
        """Hold the log against the ledger, and refuse every broken promise."""
        found = account(self.app, self.issue, self.received())
        broken = [*found.violations(self.shunned), *(f"unlisted: {to}" for to in found.unlisted())]
        assert not broken, f"{len(broken)} promises broken: " + "; ".join(broken[:3])
        return found

    def prove(self) -> None:
        """Report every mail that was accepted, as a provider's events do."""
        reports = [
            Event("receiver", str(number), EventType.PROCESSED, now(), token=mail.token)
            for number, mail in enumerate(self.received())
        ]
        with self.app.database.begin() as session:
            events.record(session, self.app.links, reports, now=now())

    def settle(self) -> None:
        """Say that whoever is still in doubt has nothing, and mail them again."""
        with self.app.database.begin() as session:
            row = session.get_one(Issue, self.issue)
            issues.settle(session, row, DeliveryState.FAILED, who="editor", now=now())
            issues.retry(session, row, who="editor", now=now())

    def conclude(self) -> Account:
        """Account for everybody, let events prove what they can, settle the rest, and end it.

        Who got nothing is exactly who is listed in doubt or failed; in the end each has one.
        """
        crashed = self.account()
        assert crashed.open == frozenset()
        self.prove()
        proven = self.account()
        skipped = proven.states[DeliveryState.SKIPPED]
        everybody = frozenset().union(*proven.states.values())
        assert everybody - proven.got.keys() - skipped == proven.doubtful | proven.failed
        if proven.doubtful | proven.failed:
            self.settle()
            self.go_on()
        ended = self.account()
        assert ended.issue_state == "sent"
        assert ended.got.keys() == everybody - ended.states[DeliveryState.SKIPPED]
        return crashed

    def moved(self, folder: Path) -> "Trial":
        """Return the same issue in the house that lies in another folder."""
        other = copy.copy(self)
        file = folder / Path(str(self.app.settings.database_file)).name
        other.way = replace(self.way, url=f"sqlite:///{file}", folder=folder)
        other.app = other.way.build()
        return other

    def close(self) -> None:
        """Let go of the database."""
        self.app.database.close()
