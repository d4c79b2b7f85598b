"""Postfix, Exim and OpenSMTPD, killed in the middle, into Dovecot: each valid person has one mail.

BROADSHEET_MAILS=5000 makes it longer; the counts are printed (`pytest -s`).
"""

import os
import re
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from newsletter import events, issues
from newsletter.app import App
from newsletter.message import Event, EventType
from newsletter.models import DeliveryState, Issue, IssueStep
from newsletter.providers.smtp import Smtp
from newsletter.worker.local import run
from subscribers.database import now
from tests.mailservers.conftest import tree_of
from tests.mailservers.dovecot import PASSWORD, USER, Dovecot
from tests.mailservers.exim import Exim
from tests.mailservers.opensmtpd import OpenSmtpd
from tests.mailservers.postfix import Postfix
from tests.mailservers.transfer_agent import Ports, TransferAgent
from tests.newsletter.house import add_people, address, open_house, schedule, state, those
from tests.ports import free_port

PEOPLE = int(os.environ.get("BROADSHEET_MAILS", "100"))
KILLS = max(2, PEOPLE // 500)
CONNECTIONS = 4
UNKNOWN = {address(number) for number in range(7, PEOPLE + 1, 20)}
VALID = {address(number) for number in range(1, PEOPLE + 1)} - UNKNOWN


@pytest.fixture(params=[Postfix, Exim, OpenSmtpd])
def agent(
    request: pytest.FixtureRequest, dovecot: Dovecot, tmp_path: Path, certificate_file: Path
) -> Iterator[TransferAgent]:
    kind: type[TransferAgent] = request.param
    made = kind(
        tree_of(kind.part),
        tmp_path / kind.part,
        Ports(free_port(), dovecot.lmtp_port, dovecot.auth_port),
        certificate_file.read_text("ascii"),
        sorted(VALID),
    )
    made.accept()
    yield made
    made.room.kill()


@pytest.fixture
def house(agent: TransferAgent, tmp_path: Path, certificate_file: Path) -> Iterator[App]:
    url = f"smtp://localhost:{agent.port}?starttls=never"
    if agent.is_secure:
        url = f"smtp://{USER}:{PASSWORD}@localhost:{agent.port}"
    trusting = ssl.create_default_context(cafile=str(certificate_file))
    provider = Smtp(url, connections=CONNECTIONS, context=trusting)
    app = open_house(f"sqlite:///{tmp_path}/house.db", tmp_path, provider, batch_size=20)
    yield app
    app.database.close()


def kill_in_the_middle(agent: TransferAgent, ended: threading.Event) -> list[int]:
    """Kill the server each time so many more mails lie in its queue, and start it again."""
    killed_at: list[int] = []
    while len(killed_at) < KILLS and not ended.wait(0.02):
        taken = agent.queued
        if taken >= PEOPLE * (len(killed_at) + 1) // (KILLS + 1):
            agent.room.kill()
            killed_at.append(taken)
            agent.accept()
    return killed_at


def delivered(agent: TransferAgent, dovecot: Dovecot) -> dict[str, int]:
    """Let the server deliver all it has, and read back by IMAP how many mails each person has."""
    agent.room.kill()
    agent.deliver()
    patience = threading.Event()
    while agent.queued:
        patience.wait(0.1)
    return dict(dovecot.delivered())


def proofs(dovecot: Dovecot) -> Iterator[Event]:
    """Return what a report on delivery would say, from the Message-ID of each mail."""
    for number, name in enumerate(dovecot.header("MESSAGE-ID")):
        found = re.match(r"<([A-Za-z0-9_-]+)@ledger.example>", name)
        assert found
        yield Event("imap", str(number), EventType.DELIVERED, now(), token=found[1])


def go_on(house: App, issue: int, agent: TransferAgent) -> None:
    """Send until nothing is left, and resume what an outage that persists has paused."""
    run(house, until_idle=True)
    while state(house, issue) == "paused":
        agent.wait()
        with house.database.begin() as session:
            issues.resume(session, session.get_one(Issue, issue), who="editor", now=now())
        run(house, until_idle=True)


def told(house: App, issue: int) -> str:
    """Return the log of an issue, for whoever looks into a failure."""
    with house.database.read() as session:
        log = session.query(IssueStep).filter_by(issue_id=issue)
        return "\n".join(f"{one.at} {one.who} {one.step} {one.detail}" for one in log)


# A server that was killed is left alone for a while, and longer where the cores are busy.
@pytest.mark.timeout(max(600, PEOPLE // 5))
def test_whoever_is_killed_in_the_middle_each_valid_person_has_one_mail(
    house: App, agent: TransferAgent, dovecot: Dovecot
) -> None:
    """T6, S-19: TLS, a login, 5 % unknown, limits of the server's own, SIGKILL while it takes mail."""
    issue = schedule(house, add_people(house, PEOPLE), now=now())
    ended = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        killing = pool.submit(kill_in_the_middle, agent, ended)
        try:
            go_on(house, issue, agent)
        finally:
            ended.set()
    killed_at = killing.result()
    got = delivered(agent, dovecot)
    doubtful = set(those(house, issue, DeliveryState.IN_DOUBT))
    submitted = set(those(house, issue, DeliveryState.SUBMITTED))
    print(
        f"\n{type(agent).__name__}: {PEOPLE} people, killed {len(killed_at)} times with"
        f" {killed_at} mails taken; submitted {len(submitted)}, in doubt {len(doubtful)},"
        f" of whom {len(doubtful & got.keys())} have it"
    )
    assert len(killed_at) == KILLS, told(house, issue) + agent.room.said[-2000:]
    assert set(got.values()) == {1}, "nobody has two"
    assert submitted <= got.keys() <= submitted | doubtful, "who has none is listed in doubt"
    assert submitted | doubtful == VALID
    assert set(those(house, issue, DeliveryState.FAILED)) == UNKNOWN
    assert len(doubtful) <= CONNECTIONS * KILLS

    # A proof for each mail that is there; the others do not have it, and are mailed again.
    with house.database.begin() as session:
        events.record(session, house.links, proofs(dovecot), now=now())
    assert set(those(house, issue, DeliveryState.IN_DOUBT)) == doubtful - got.keys()
    with house.database.begin() as session:
        row = session.get_one(Issue, issue)
        issues.settle(session, row, DeliveryState.FAILED, who="editor", now=now())
        issues.retry(session, row, who="editor", now=now())
    # Its queue is empty: whoever is killed while delivering may deliver twice.
    agent.room.kill()
    agent.accept()
    go_on(house, issue, agent)
    assert delivered(agent, dovecot) == dict.fromkeys(VALID, 1)
    assert state(house, issue) == "sent"
