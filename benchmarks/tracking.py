"""Opens and clicks that are stored, beside the same pages storing nothing.

    python -m benchmarks.tracking [--rounds N] [--requests N]

Two servers of the same pages run side by side; one takes every hit down, judges it and moves it
into a SQLite database, the other forgets it. CPU time of the whole server for some thousand
requests on kept connections, half of them opens. The target is a rate of at least 0.85 of the
bare one, so at most 1/0.85 of its time. Prints a JSON line; exit 1 when the target is missed.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from benchmarks.measuring import Seconds, compare
from newsletter import issues
from newsletter.app import App, build
from newsletter.hits import Hits
from newsletter.links import Reading
from newsletter.message import Link, Mailbox, RenderedEmail
from newsletter.models import Issue, IssueState
from newsletter.settings import Settings
from newsletter.web.server import serve
from newsletter.web.tracking import GIF
from subscribers import store

TARGET = round(1 / 0.85, 3)
ROUNDS = 15
REQUESTS = 4_000
CONNECTIONS = 16
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
LINKS = 30


class Forgetful(Hits):
    """Takes nothing down."""

    def take(self, *_: object, **__: object) -> None:
        """Forget a hit."""


def house(folder: Path) -> App:
    """Open a house in a folder; its first start makes the database."""
    settings = Settings(
        database_url=f"sqlite:///{folder / 'newsletter.db'}",
        secret_keys=(SecretStr("a key of a benchmark that is long enough"),),
        state_dir=folder / "state",
    )
    return build(settings)


def publish(app: App) -> list[str]:
    """Write an issue that went out; return the paths of its pixel and its links, in turn."""
    now = datetime.now(UTC)
    links = tuple(Link(at, f"https://site.example/story-{at}") for at in range(1, LINKS + 1))
    with app.database.begin() as session:
        list_ = store.add_list(
            session, slug="l", name="L", sender_name="L", sender_address="l@site.example", now=now
        )
        email = RenderedEmail(Mailbox("l@site.example"), "S", html="", text="", links=links)
        draft = issues.draft(
            session, list_, key="k", source="k.md", title="K", email=email, who="b", now=now
        ).issue
        row = session.get_one(Issue, draft.id)
        row.state, row.started_at = IssueState.SENT, datetime(2026, 1, 1, tzinfo=UTC)
    token = app.links.reading_token(Reading(row.id))
    return [path for at in range(1, LINKS + 1) for path in (f"/o/{token}", f"/c/{at}/{token}")]


def run_server(folder: Path, *, bare: bool) -> None:
    """Serve until the input ends; the first line says the port."""
    app = house(folder)
    handle = serve(app, host="127.0.0.1", port=0, hits=Forgetful(folder) if bare else None)
    print(handle.port, flush=True)
    sys.stdin.read()
    handle.stop()


@contextmanager
def server(folder: Path, *, bare: bool) -> Iterator[tuple[int, int]]:
    """Run a server in a process of its own; yield its number and its port."""
    command = [sys.executable, "-m", "benchmarks.tracking", "--serve", str(folder)]
    process = subprocess.Popen(
        [*command, *(["--bare"] if bare else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None  # noqa: S101 (a pipe was asked for)
    try:
        yield process.pid, int(process.stdout.readline())
    finally:
        process.communicate(timeout=60)


def asking(process: int, port: int, paths: Sequence[str], requests: int) -> Callable[[], Seconds]:
    """Return what sends the requests of a round and tells the CPU time of the server."""

    def run() -> Seconds:
        before = cpu(process)
        sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
        for at in range(0, requests, CONNECTIONS):
            for index, one in enumerate(sockets):
                one.sendall(request(paths[(at + index) % len(paths)], at + index))
            for one in sockets:
                if not answered(one):
                    raise RuntimeError("a hit was not answered")
        for one in sockets:
            one.close()
        return cpu(process) - before

    return run


def answered(one: socket.socket) -> bool:
    """Read one answer to its end and say whether it is what a hit gets."""
    answer = b""
    while not (answer.endswith((b"\r\n\r\n", GIF))):
        piece = one.recv(65536)
        if not piece:
            return False
        answer += piece
        if answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"\r\n\r\n"):
            answer += one.recv(len(GIF), socket.MSG_WAITALL)
    return answer.startswith((b"HTTP/1.1 302", b"HTTP/1.1 200"))


def request(path: str, number: int) -> bytes:
    """Return a request as a browser writes it; every tenth reader has an agent of their own."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: news.example\r\nUser-Agent: {AGENT} {number // 10 % 500}\r\n"
        "Accept: */*\r\nAccept-Language: en-GB,en;q=0.5\r\nSec-Fetch-Mode: navigate\r\n"
        "Sec-Fetch-Dest: document\r\n\r\n"
    ).encode()


def cpu(process: int) -> Seconds:
    """Return the CPU time a process has used so far, its threads' and the system's included."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ratio and return an exit code."""
    parser = argparse.ArgumentParser(description="Hits that are stored beside hits that are not.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.serve:
        run_server(given.serve, bare=given.bare)
        return 0
    with ExitStack() as stack:
        sides = []
        for bare in (False, True):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tracking-")))
            app = house(folder)
            paths = publish(app)
            app.database.close()
            one = stack.enter_context(server(folder, bare=bare))
            sides.append(asking(*one, paths, given.requests))
        ratio = compare("opens and clicks", *sides, target=TARGET, rounds=given.rounds)
    print(ratio.as_json())
    return int(not ratio.held)


if __name__ == "__main__":
    sys.exit(main())
