"""The power is cut: of what was not forced to the disk any part is lost, and the house goes on.

A run is watched by strace, its files are made anew as a disk may hold them at some moment of it,
and another worker goes on there, against a receiver that has what it had at that moment.
"""

import json
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsletter.app import build
from newsletter.app.goodbye_book import FILE, read_book
from tests.conftest import need
from tests.faults.amount import LIMIT, LONG, SEED, dice, in_time, told
from tests.faults.conftest import Make
from tests.faults.disk import SHARED, Disk, Loss, watch
from tests.faults.sender import Keys, Life, Nursery, Task, Way, say_goodbye
from tests.faults.trial import Trial
from tests.newsletter.house import address, settings_for, steps, subscriber_id

PEOPLE = 40
# Who leaves, and how long the receiver's log is then; none of them is suppressed.
LEAVERS = {3: address(2), 6: address(9), 9: address(16), 12: address(23), 15: address(30)}
LAST = address(1)
STATE = ".newsletter"


@dataclass(frozen=True, slots=True)
class Cut:
    """A moment at which the power goes, and how much is lost."""

    at: float
    loss: Loss


@dataclass
class Run:
    """A run that was watched: its disk, and what the receiver wrote when."""

    disk: Disk
    receipts: list[tuple[float, bytes]]

    def cut(self, number: int, chance: random.Random) -> Cut:
        """Draw a moment: each second one right after a receipt, of which nothing is known yet."""
        moments = [at for at, _ in self.receipts] if number % 2 else self.disk.moments
        how = ("all", "chance", "chance", "nothing")[number % 4]
        return Cut(chance.choice(moments), Loss(how, chance))

    def received(self, at: float) -> bytes:
        """Return the receiver's log of that moment."""
        return b"".join(line for came, line in self.receipts if came <= at)


def watched(nursery: Nursery, way: Way, task: Task, folder: Path) -> Disk:
    """Let a process do its task, watched, on a folder that lies still before and after."""
    disk = Disk(way.folder)
    trace = folder / "trace"
    sender = nursery.start(way, held=True, task=task)
    tracer = watch(need("strace")["strace"], sender.pid, trace)
    sender.release()
    assert sender.end() == 0
    tracer.wait(20)
    assert tracer.stderr
    tracer.stderr.close()
    disk.read(trace, folder / "answers")
    return disk


def sent(trial: Trial, folder: Path) -> Run:
    """Send an issue, watched, while people leave."""
    trial.close()
    log = trial.receiver.log
    disk = watched(trial.nursery, trial.way, Life(log, folder / "answers", LEAVERS), folder)
    lines = log.read_bytes().splitlines(keepends=True)
    return Run(disk, [(json.loads(line)["at"], line) for line in lines])


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.endswith(SHARED)
    }


def went_on(trial: Trial, run: Run, cut: Cut, folder: Path) -> int:
    """Go on after a power cut, account for everybody, and return how many are in doubt."""
    run.disk.cut(cut.at, cut.loss, folder)
    trial.receiver.log.write_bytes(run.received(cut.at))
    had = len(trial.received())
    after = trial.moved(folder)
    left = {who for when, who in run.disk.told if when <= cut.at}
    say_goodbye(after.app, LAST)
    noted = {one.subscriber_id for one in read_book(folder / STATE / FILE)}
    assert noted >= {subscriber_id(after.app, int(who[6:11])) for who in (*left, LAST)}
    after.go_on()
    # A disk that lost nothing that was promised is not taken for one of yesterday.
    assert "resume" not in [step for step, _ in steps(after.app, after.issue)]
    crashed = after.conclude()
    mailed = {mail.to for mail in after.received()[had:]}
    assert not mailed & (left | {LAST}), "who had left was mailed"
    after.close()
    return len(crashed.doubtful)


@pytest.mark.part("strace")
@pytest.mark.timeout(LIMIT)
@pytest.mark.parametrize("provider", ["smtp", "sendgrid"])
def test_a_power_cut_loses_nobody_doubles_nobody_and_forgets_no_goodbye(
    make: Make, tmp_path: Path, provider: str
) -> None:
    """R-1, R-2, ENGINE §5: a claim is on the disk before anybody is called."""
    trial = make(provider, "sqlite", people=PEOPLE, lanes=2)
    run = sent(trial, tmp_path)
    whole = tmp_path / "whole"
    run.disk.cut(float("inf"), Loss("nothing", dice()), whole)
    assert contents(whole) == contents(trial.way.folder)
    chance, is_time = dice("powercuts", provider), in_time(0.05)
    cuts = doubtful = 0
    while cuts < (1000 if LONG else 4) and is_time():
        doubtful += went_on(trial, run, run.cut(cuts, chance), tmp_path / f"cut {cuts}")
        cuts += 1
    told(
        f"power cut, {provider}, SQLite, seed {SEED}: {cuts} times in a run of"
        f" {len(run.disk.moments)} writes and {len(run.receipts)} mails; {doubtful} in doubt in all"
    )


@pytest.mark.part("strace")
@pytest.mark.timeout(LIMIT)
def test_a_power_cut_takes_no_key_back_that_has_signed(
    nursery: Nursery, migrated_file: Path, tmp_path: Path
) -> None:
    """DESIGN §2, Keys: a link that is out opens for ever."""
    folder = tmp_path / "house"
    folder.mkdir()
    shutil.copy(migrated_file, folder / "newsletter.db")
    way = Way(f"sqlite:///{folder}/newsletter.db", folder, "outbox", 0, 0)
    disk = watched(nursery, way, Keys(tmp_path / "answers"), tmp_path)
    moments = [at for at in disk.moments if at > disk.told[0][0]]
    assert len(moments) > 4
    for number, at in enumerate((*moments, float("inf"))):
        left = tmp_path / f"cut {number}"
        disk.cut(at, Loss("all", dice()), left)
        settings = settings_for(f"sqlite:///{left}/newsletter.db", left, secret_keys=())
        house = build(settings)
        kept = {key.fingerprint for key in house.links.ring.keys}
        assert kept >= {one for when, one in disk.told if when <= at}
        assert not house.lost_keys
        house.database.close()
    told(f"power cut, keys: at {len(moments) + 1} moments after the first was made; none is lost")
