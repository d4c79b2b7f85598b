"""Ten thousand recipients through each provider, counted by the receiver and not by us.

The quickest provider has them in every run, the others with BROADSHEET_LONG; otherwise as many as
fill one batch and a part of another.
"""

import getpass
import re
import shutil
import socket
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import need
from tests.doubles.sendgrid_server import KEY, SendGridDouble
from tests.fuzzing import is_long
from tests.journeys.house import House
from tests.ports import free_port

PEOPLE = 10_000
FEWER = PEOPLE if is_long() else 1_200


def _everybody(people: int) -> set[str]:
    return {f"reader{number:05}@readers.example" for number in range(people)}


def _send(house: House, people: int) -> None:
    """Send one small issue to so many people and say the same thing again."""
    house.list_with(people)
    # Nobody's site is live here, and nothing reports on a first wave.
    send = ("send", house.note(), "--yes", "--no-test", "--no-live-check", "--first", "0", "--wait")
    house.run(*send)
    issue = house.json("show", "a-note")
    assert (issue["state"], issue["submitted"]) == ("sent", people)
    assert "nothing to do" in house.run(*send)


@pytest.mark.slow
def test_the_outbox_holds_one_mail_for_each(house: House) -> None:
    """# R-2"""
    _send(house, FEWER)
    to = Counter(
        re.findall(rb"^To: .*?([^\s<]+@[^\s>]+)", file.read_bytes(), re.M)[0].decode()
        for file in (house.folder / "outbox").rglob("*.eml")
    )
    assert set(to) == _everybody(FEWER)
    assert set(to.values()) == {1}
    shutil.rmtree(house.folder / "outbox")


@pytest.mark.slow
def test_sendgrid_accepts_each_of_ten_thousand_once(tmp_path: Path) -> None:
    """# R-2 and SG-3"""
    with SendGridDouble() as double:
        house = House(
            tmp_path,
            PROVIDER="sendgrid",
            SENDGRID_API_KEY=KEY,
            SENDGRID_HOST=double.url,
            PUBLIC_URL="https://news.ledger.example",
        )
        _send(house, PEOPLE)
        counted = Counter(double.to)
    assert set(counted) == _everybody(PEOPLE)
    assert set(counted.values()) == {1}


@pytest.mark.slow
@pytest.mark.part("smtp-sink")
def test_smtp_sink_gets_each_once(tmp_path: Path) -> None:
    """# R-2"""
    port = free_port()
    folder = tmp_path / "sink"
    folder.mkdir()
    # One file a mail, with its envelope, as the sink saw it.
    sink = subprocess.Popen(
        [need("smtp-sink")["smtp-sink"], "-u", getpass.getuser(), "-d", f"{folder}/m.",
         f"127.0.0.1:{port}", "100"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        _listening(port, sink)
        house = House(
            tmp_path,
            PROVIDER="smtp",
            SMTP_URL=f"smtp://127.0.0.1:{port}?starttls=never",
            PUBLIC_URL="https://news.ledger.example",
        )
        _send(house, FEWER)
    finally:
        sink.terminate()
        sink.communicate(timeout=20)
    counted: Counter[str] = Counter()
    for file in folder.iterdir():
        found = re.findall(rb"^X-Rcpt-Args: <([^>]+)>", file.read_bytes(), re.M)
        counted.update(one.decode() for one in found)
    assert set(counted) == _everybody(FEWER)
    assert set(counted.values()) == {1}


def _listening(port: int, sink: "subprocess.Popen[bytes]") -> None:
    while sink.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError(f"smtp-sink ended: {sink.stderr.read() if sink.stderr else b''!r}")
