"""Every fault of a provider, at random, over a whole issue; and a clock that jumps."""

import pytest

from tests.faults.amount import LIMIT, LONG, SEED, dice, in_time, told
from tests.faults.conftest import Make
from tests.newsletter.house import wait_is_over

# One call is one message to a mail server, which is left alone for a while when it fails.
PEOPLE = {"smtp": 300, "sendgrid": 1000}
# A `+` behind means that the mail was taken all the same.
FAULTS = {
    "smtp": (
        "MAIL 451 4.3.0 later",
        "MAIL close",
        "RCPT 450 4.2.1 later",
        "RCPT 421 4.7.0 slow down",
        "RCPT 550 5.1.1 unknown",
        "RCPT reset",
        "DATA 451 4.3.0 later",
        "DATA 250 out of step",
        "DATA close",
        ". 451 4.3.0 later",
        ". 452 4.3.1 full",
        ". 421 4.3.0 closing",
        ". 550 5.7.1 no",
        ". reset",
        ". reset+",
        ". close+",
        ". gibberish+",
    ),
    "sendgrid": (
        *("400", "401", "403", "413", "429", "503", "302", "307"),
        *("500", "500+", "502", "504+", "200+", "cut+", "reset", "reset+"),
    ),
}


@pytest.mark.timeout(LIMIT)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"] if LONG else ["sqlite"])
@pytest.mark.parametrize("provider", ["smtp", "sendgrid"])
def test_whatever_a_provider_does_nobody_is_lost_and_nobody_has_two(
    make: Make, provider: str, database: str
) -> None:
    """T5, T6: three in ten calls fail."""
    people = PEOPLE[provider] if LONG else 90
    trial = make(provider, database, people=people)
    faults = FAULTS[provider]
    trial.receiver.order(faults=faults, p=0.3, seed=dice("faults", provider, database).random())
    trial.go_on(fast=True)
    trial.receiver.order(faults=[], p=0, seed=0)
    # Its clock ran ahead: what it let wait would now be waited for by hours.
    wait_is_over(trial.app)
    crashed = trial.conclude()
    told(
        f"faults of {provider}, {database}, seed {SEED}: {len(faults)} kinds, 3 in 10 calls;"
        f" {people} people, {len(crashed.doubtful)} in doubt, {len(crashed.failed)} failed"
    )


@pytest.mark.timeout(LIMIT)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"] if LONG else ["sqlite"])
def test_a_clock_that_jumps_sends_once(make: Make, database: str) -> None:
    """T8: an hour and a day forward and back, between any two steps."""
    is_time = in_time(0.015)
    for number in range(50 if LONG else 1):
        if not is_time():
            break
        trial = make("smtp", database, people=40)
        trial.go_on(jumps=dice("clock", database, number).random())
        # A clock that was behind at the end saw nothing due.
        trial.go_on()
        crashed = trial.conclude()
        assert crashed.doubtful == frozenset()
        times = number + 1
    told(f"a clock that jumps, {database}, seed {SEED}: {times} issues, 0 in doubt")
