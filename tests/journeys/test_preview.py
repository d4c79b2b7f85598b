"""`newsletter preview` as a person runs it: it serves, it ends when told, it takes a free port."""

import http.client
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from tests.journeys.browser import get
from tests.journeys.house import OCTOBER, House


@contextmanager
def previewing(house: House, *arguments: str) -> Iterator[tuple[str, ForkServerProcess, IO[str]]]:
    """Run the command and yield the address it names, its process, and what it says then."""
    with house.running("preview", OCTOBER, "--no-open", *arguments) as (line, process, said):
        assert " on http://127.0.0.1:" in line, line
        yield line.partition(" on ")[2].split()[0], process, said


def test_ctrl_c_ends_it_at_once_though_a_page_is_open(house: House) -> None:
    with previewing(house, "--port", "0") as (address, process, said):
        assert get(address).status == 200
        stream = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
        stream.request("GET", "/changes")
        changes = stream.getresponse()
        assert [changes.readline()[:6] for _ in range(2)] == [b"retry:", b"data: "]
        os.kill(process.pid or 0, signal.SIGINT)
        process.join(20)
        assert (process.exitcode, said.read()) == (0, "")
        changes.close()
        stream.close()


def test_a_second_one_takes_the_next_port(house: House) -> None:
    with previewing(house) as (first, *_), previewing(house) as (second, *_):
        assert first != second
        assert get(second).status == 200


def test_a_port_that_was_named_and_is_taken_is_refused(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = house.run("preview", OCTOBER, "--no-open", "--port", port, code=2)
    assert f"127.0.0.1:{port}" in told


def test_a_post_that_is_not_there_is_refused(house: House) -> None:
    told = house.run("preview", "nowhere.md", "--no-open", code=2)
    assert "there is no such file" in told


def test_nothing_is_written(house: House) -> None:
    before = sorted(house.folder.rglob("*"))
    with previewing(house, "--port", "0") as (address, *_):
        for view in ("", "?view=dark", "?view=source"):
            assert get(address + view).status == 200
    assert sorted(house.folder.rglob("*")) == before
    assert not list(Path(OCTOBER).glob("*.html"))
