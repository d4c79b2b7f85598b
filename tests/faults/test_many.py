"""Many senders at once on one PostgreSQL: one dies, one is stopped past its lease and goes on."""

import os
import signal
import threading
from collections.abc import Sequence

import pytest

from tests.faults.amount import LIMIT, LONG, SEED, dice, in_time, told
from tests.faults.conftest import Make
from tests.faults.sender import Sender
from tests.faults.trial import Trial

# One call is one message to a mail server, and ten of them to SendGrid here.
FURTHEST = {"smtp": 20 if LONG else 8, "sendgrid": 5 if LONG else 3}


def until_killed(trial: Trial, senders: Sequence[Sender], kills: int) -> None:
    """Wait until the receiver has stopped or killed so many."""
    patience = threading.Event()
    while len(trial.receiver.kills) < kills:
        assert any(sender.is_alive for sender in senders)
        patience.wait(0.01)


@pytest.mark.timeout(LIMIT)
@pytest.mark.parametrize("provider", ["smtp", "sendgrid"])
def test_of_many_senders_one_dies_and_one_wakes_too_late(make: Make, provider: str) -> None:
    """T7, R-2: whoever comes back after its lease writes nothing and sends nothing."""
    doubtful, is_time = 0, in_time(0.04)
    for number in range(20 if LONG else 1):
        if not is_time():
            break
        chance = dice("many", provider, number)
        trial = make(provider, "postgresql", people=300 if LONG else 160, lanes=2)
        trial.freeze()
        senders = [trial.nursery.start(trial.way, held=True) for _ in range(4)]
        dead, stopped, *others = senders
        trial.receiver.kills.clear()
        furthest = FURTHEST[provider]
        trial.receiver.order(pid=dead.pid, at=chance.randint(1, furthest), where="logged")
        trial.receiver.order(
            pid=stopped.pid, at=chance.randint(1, furthest), where="logged", how="stop"
        )
        for sender in senders:
            sender.release()
        until_killed(trial, senders, 2)
        assert dead.end() == -9
        trial.leases_end()
        for sender in others:
            assert sender.end(trial.moves) == 0
        trial.account()
        os.kill(stopped.pid, signal.SIGCONT)
        assert stopped.end(trial.moves) == 0
        doubtful += len(trial.conclude().doubtful)
        times = number + 1
    told(
        f"four senders at once, {provider}, seed {SEED}: {times} times one killed and one"
        f" stopped past its lease; {doubtful} in doubt in all"
    )
