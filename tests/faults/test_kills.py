"""The receiver kills the sender, again and again: nobody is lost, nobody has two."""

import pytest

from tests.faults.amount import LIMIT, LONG, SEED, dice, in_time, told
from tests.faults.conftest import Make
from tests.faults.receiver import PLACES

# One call is one message to a mail server, and ten of them to SendGrid here.
PEOPLE = {"smtp": 700 if LONG else 44, "sendgrid": 1000 if LONG else 100}
WAYS = ("smtp", "smtp over three", "sendgrid")
FURTHEST = {"smtp": 14 if LONG else 8, "sendgrid": 3 if LONG else 2}


@pytest.mark.timeout(LIMIT)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    ("provider", "connections"), [("smtp", 1), ("smtp", 3), ("sendgrid", 1)], ids=WAYS
)
def test_whoever_is_killed_while_they_send_loses_nobody_and_doubles_nobody(
    make: Make, provider: str, connections: int, database: str
) -> None:
    """T1, R-1, R-2: killed before the receiver reads, in the body, unanswered, and answered."""
    trial = make(provider, database, people=PEOPLE[provider], lanes=connections)
    chance = dice("kills", provider, database)
    if provider == "smtp":
        # Who is refused is written down late, and before anybody else may be mailed.
        trial.receiver.order(faults=["RCPT 554 5.7.1 no"], p=0.2, seed=chance.random())
    kills = 0
    is_time = in_time(0.05)
    while is_time() and trial.killed_at(
        PLACES[kills % len(PLACES)], chance.randint(1, FURTHEST[provider])
    ):
        kills += 1
        if kills == len(PLACES):
            # Who complains in the middle is not mailed by anybody who claims after that.
            trial.shun([trial.people])
    trial.receiver.order(faults=[], p=0, seed=0)
    trial.go_on()
    crashed = trial.conclude()
    hits = [one for one in trial.receiver.kills if one["hit"]]
    places = ", ".join(f"{one['where']} {one['at']}" for one in hits[:40])
    told(
        f"kills by the receiver, {provider}, connections: {connections}, {database}, seed {SEED}:"
        f" {kills}, of them {len(hits)} in a call; {len(crashed.doubtful)} of {trial.people} in doubt; at {places}"
    )
    assert kills >= len(PLACES)
    assert len(hits) >= 0.9 * kills
    assert len(crashed.doubtful) <= kills * (connections if provider == "smtp" else 10)
