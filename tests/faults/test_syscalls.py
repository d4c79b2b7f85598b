"""Killed by strace at a system call: at each Nth write, flush, send and receive of a small run."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import need
from tests.faults.amount import LIMIT, LONG, SEED, Points, told
from tests.faults.conftest import Make
from tests.faults.trial import Trial

CALLS = ("pwrite64", "fdatasync", "write", "sendto", "recvfrom", "unlink,unlinkat,link,linkat")


def killed_at_call(trial: Trial, strace: Path, call: str, number: int) -> bool:
    """Start a sender that strace kills at its Nth such call; return whether it was."""
    sender = trial.nursery.start(trial.way, held=True)
    trial.starts += 1
    tracer = subprocess.Popen(
        (
            *(str(strace), "-f", "-o", "/dev/null", "-p", str(sender.pid)),
            *("-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={number}"),
        ),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert tracer.stderr
    assert "attached" in tracer.stderr.readline()
    sender.release()
    was_killed = sender.end() == -9
    tracer.wait(20)
    tracer.stderr.close()
    if was_killed:
        trial.leases_end()
    return was_killed


@pytest.mark.part("strace")
@pytest.mark.timeout(LIMIT)
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("provider", "database"),
    [("smtp", "sqlite"), ("sendgrid", "postgresql"), ("outbox", "sqlite")]
    if LONG
    else [("smtp", "sqlite")],
)
def test_a_death_at_any_system_call_loses_nobody_and_doubles_nobody(
    make: Make, provider: str, database: str, call: str
) -> None:
    """T1, ENGINE §5."""
    strace = need("strace")["strace"]
    points, doubtful = Points(0.014, provider, database, call), 0
    for number in points:
        trial = make(provider, database, people=4)
        # Else the thread that freezes the audience would come to each number first.
        trial.freeze()
        if killed_at_call(trial, strace, call, number):
            points.hit(number)
        else:
            points.beyond(number)
            continue
        trial.go_on()
        doubtful += len(trial.conclude().doubtful)
    told(
        f"strace, {call}, {provider}, {database}, seed {SEED}: killed {points};"
        f" {doubtful} in doubt in all"
    )
