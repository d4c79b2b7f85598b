"""A server killed in the middle of its work: what it answered is counted, each hit once."""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from newsletter import schema
from newsletter.app import App, build
from newsletter.hits import FOLDER, ingest
from newsletter.links import Reading
from newsletter.models import Tally
from tests.newsletter.hits.rows import issue_sent
from tests.newsletter.house import settings_for
from tests.parts import ROOT

CONNECTIONS = 8
KILL_AT = 400


@contextmanager
def server(url: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    process = subprocess.Popen(
        (sys.executable, "-m", "tests.races.hits_server", url, str(folder)),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        yield process, int(process.stdout.readline())
    finally:
        process.communicate(timeout=60)


def house(url: str, folder: Path) -> tuple[App, str]:
    schema.upgrade(url)
    app = build(settings_for(url, folder))
    issue_sent(app.database)
    return app, app.links.reading_token(Reading(1))


def counted(app: App) -> int:
    ingest(app.database, app.settings.state_folder / FOLDER, now=datetime.now(UTC))
    with app.database.read() as session:
        return session.scalar(select(func.sum(Tally.n))) or 0


class Readers:
    """Connections that press links one after the other and count what was answered whole."""

    def __init__(self, process: subprocess.Popen[str], port: int, token: str) -> None:
        self.answered = self.asked = 0
        self._process = process
        self._port = port
        self._request = (
            f"GET /c/1/{token} HTTP/1.1\r\nHost: x\r\nUser-Agent: a reader\r\n\r\n".encode()
        )
        self._lock = threading.Lock()

    def press(self) -> None:
        with socket.create_connection(("127.0.0.1", self._port)) as connection:
            while True:
                with self._lock:
                    self.asked += 1
                try:
                    connection.sendall(self._request)
                    answer = b""
                    while not answer.endswith(b"\r\n\r\n"):
                        piece = connection.recv(4096)
                        if not piece:
                            return
                        answer += piece
                except OSError:
                    return
                assert answer.startswith(b"HTTP/1.1 302")
                with self._lock:
                    self.answered += 1
                    if self.answered == KILL_AT:
                        self._process.send_signal(signal.SIGKILL)


def test_a_server_killed_under_load_loses_no_hit_that_it_answered(
    database_url: str, tmp_path: Path
) -> None:
    """ENGINE §6: 0 answered hits lost; what was asked and not answered may count, once."""
    app, token = house(database_url, tmp_path)
    with server(database_url, tmp_path) as (process, port):
        readers = Readers(process, port, token)
        threads = [threading.Thread(target=readers.press) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert readers.answered >= KILL_AT
    assert readers.answered <= counted(app) <= readers.asked
    before = counted(app)
    assert counted(app) == before
    assert list((app.settings.state_folder / FOLDER).iterdir()) == []
    app.database.close()
