"""A server on this machine that speaks SendGrid's v3 mail/send, keeps a log of its own, and fails
when told to. As a command: `python -m tests.doubles.sendgrid_server --port 0` prints its address.
"""

import argparse
import json
import os
import socket
import socketserver
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import uuid4

from tests.doubles.sendgrid_limits import MAX_BODY, problems
from tests.doubles.sendgrid_mail import Accepted

KEY = "SG.double.of-a-key"
HTML = b"<html><body><h1>Bad gateway</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Fault:
    """What the server does wrong once.

    `takes`: the messages are accepted and logged all the same. `breaks`: "" answers properly;
    "cut" sends half the body it announced; "reset" slams the connection after reading; "early"
    slams it in the middle of reading; "drip" answers a byte at a time; "never" does not answer.
    """

    status: int = 202
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    takes: bool = False
    breaks: str = ""


class SendGridDouble:
    """The server; a context manager. Counts what it saw, by itself and not by what we say."""

    def __init__(
        self,
        *,
        port: int = 0,
        log: Path | None = None,
        key: str = KEY,
        refuses: frozenset[str] = frozenset(),
        names_offenders: bool = True,
        tls: Any = None,
        may_count: bool = False,
    ) -> None:
        """Listen on loopback. `refuses`: addresses it calls invalid, by field or namelessly.

        `may_count`: some call may leave clicks and opens to it.
        """
        self.may_count = may_count
        self.key = key
        self.refuses = refuses
        self.names_offenders = names_offenders
        self.scopes = ["mail.send", "suppression.read"]
        self.senders: set[str] | None = None
        self.lists: dict[str, list[dict[str, Any]]] = {
            "bounces": [], "spam_reports": [], "unsubscribes": []
        }  # fmt: skip
        self.accepted: list[Accepted] = []
        self.problems: list[tuple[str, str]] = []
        self.sizes: list[int] = []
        self.seen: list[tuple[str, str, str]] = []
        self.authorizations: list[str] = []
        self.connections = 0
        self.faults: deque[Fault] = deque()
        self.lock = threading.Lock()
        self.ended = threading.Event()
        self._log: IO[str] | None = log.open("a", encoding="utf-8") if log else None
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.double = self
        self._is_tls = tls is not None
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def url(self) -> str:
        """The address that SENDGRID_HOST takes."""
        host = f"localhost:{self._server.server_port}"
        return f"https://{host}" if self._is_tls else f"http://{host}"

    @property
    def to(self) -> list[str]:
        """Every address that a message was accepted for, in order, as often as it was."""
        return [one.to for one in self.accepted]

    def plan(self, *faults: Fault) -> None:
        """Let the next calls of mail/send fail so, one fault a call."""
        self.faults.extend(faults)

    def __enter__(self) -> "SendGridDouble":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        if self._log:
            self._log.close()

    def judge(self, message: Any) -> list[tuple[str, str]]:
        """Return why the API would refuse a request; nothing when it would not."""
        found = list(problems(message, may_count=self.may_count))
        self.problems += found
        people = message.get("personalizations", []) if isinstance(message, dict) else []
        for number, one in enumerate(people):
            if one["to"][0]["email"] in self.refuses:
                place = f"personalizations.{number}.to.0.email" if self.names_offenders else ""
                found.append((place, "Does not contain a valid address."))
        return found if self.names_offenders else found[:1]

    def accept(self, message: dict[str, Any]) -> None:
        """Take the messages of a request: remembered, and logged durably before the answer."""
        shared = {name: message[name] for name in message if name != "personalizations"}
        taken = [
            Accepted(
                to=one["to"][0]["email"],
                name=one["to"][0].get("name", ""),
                headers=one.get("headers", {}),
                custom_args=one.get("custom_args", {}),
                substitutions=one.get("substitutions", {}),
                shared=shared if "subject" not in one else shared | {"subject": one["subject"]},
                request=len(self.sizes),
            )
            for one in message["personalizations"]
        ]
        with self.lock:
            self.accepted += taken
            if self._log:
                self._log.writelines(f"{one.line}\n" for one in taken)
                self._log.flush()
                os.fsync(self._log.fileno())


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    double: SendGridDouble

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that hang up are what tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: socketserver.BaseServer

    @property
    def double(self) -> SendGridDouble:
        assert isinstance(self.server, _Server)
        return self.server.double

    def setup(self) -> None:
        super().setup()
        with self.double.lock:
            self.double.connections += 1

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._note()
        if not self._is_known():
            return self._refuse(401, [("", "authorization required")])
        if self.path.startswith("/v3/suppression/"):
            return self._suppressions()
        if self.path != "/v3/scopes":
            return self._refuse(404, [("", "Not Found")])
        return self._answer(Fault(200, body=json.dumps({"scopes": self.double.scopes}).encode()))

    def _suppressions(self) -> None:
        parts = urlsplit(self.path)
        kept = self.double.lists.get(parts.path.rpartition("/")[2])
        if kept is None or "suppression.read" not in self.double.scopes:
            return self._refuse(403 if kept is not None else 404, [("", "access forbidden")])
        asked = {name: int(value) for name, value in parse_qsl(parts.query)}
        limit = asked["limit"]
        assert 0 < limit <= 500
        first, last = asked["start_time"], asked["end_time"]
        found = [
            one
            for one in kept
            if not isinstance(one["created"], int) or first <= one["created"] <= last
        ]
        page = found[asked["offset"] : asked["offset"] + limit]
        return self._answer(Fault(200, body=json.dumps(page).encode()))

    def do_DELETE(self) -> None:
        self._note()
        if not self._is_known():
            return self._refuse(401, [("", "authorization required")])
        where, _, email = unquote(self.path).removeprefix("/v3/").rpartition("/")
        name = {"asm/suppressions/global": "unsubscribes"}.get(where, where.rpartition("/")[2])
        kept = self.double.lists.get(name)
        if kept is None or not any(one["email"] == email for one in kept):
            return self._refuse(404, [("", "Not Found")])
        self.double.lists[name] = [one for one in kept if one["email"] != email]
        return self._answer(Fault(204))

    def do_POST(self) -> None:
        self._note()
        double = self.double
        length = int(self.headers.get("Content-Length", 0))
        with double.lock:
            double.sizes.append(length)
            fault = double.faults.popleft() if double.faults else None
        if fault and fault.breaks == "early":
            self.rfile.read(min(length, 1000))
            return self._slam()
        body = self.rfile.read(length)
        if fault:
            if fault.takes:
                double.accept(json.loads(body))
            return self._answer(fault)
        if not self._is_known():
            return self._refuse(401, [("", "The provided authorization grant is invalid")])
        if self.path != "/v3/mail/send":
            return self._refuse(404, [("", "Not Found")])
        if length > MAX_BODY:
            return self._refuse(413, [("", "Request Entity Too Large")])
        try:
            message = json.loads(body)
        except ValueError:
            return self._refuse(400, [("", "Bad Request")])
        return self._take(message)

    def _take(self, message: Any) -> None:
        double = self.double
        sender = message.get("from", {}).get("email", "") if isinstance(message, dict) else ""
        if double.senders is not None and sender not in double.senders:
            return self._refuse(403, [("from", "does not match a verified Sender Identity")])
        if found := double.judge(message):
            return self._refuse(400, found)
        # A real boolean, as the description says.
        if message.get("mail_settings", {}).get("sandbox_mode", {}).get("enable") is True:
            return self._answer(Fault(200))
        double.accept(message)
        return self._answer(Fault(202, {"X-Message-Id": uuid4().hex[:22]}))

    def _note(self) -> None:
        with self.double.lock:
            self.double.seen.append((self.command, self.path, self.headers.get("Content-Type", "")))
            self.double.authorizations.append(self.headers.get("Authorization", ""))

    def _is_known(self) -> bool:
        return self.headers.get("Authorization") == f"Bearer {self.double.key}"

    def _refuse(self, status: int, found: list[tuple[str, str]]) -> None:
        errors = [{"field": place or None, "message": text, "help": None} for place, text in found]
        self._answer(Fault(status, body=json.dumps({"errors": errors}).encode()))

    def _answer(self, fault: Fault) -> None:
        if fault.breaks == "reset":
            return self._slam()
        if fault.breaks == "never":
            self.double.ended.wait(60)
            return self._slam()
        announced = len(fault.body) * 2 + 10 if fault.breaks == "cut" else len(fault.body)
        lines = [f"HTTP/1.1 {fault.status} {self.responses.get(fault.status, ('?',))[0]}"]
        lines += [f"{name}: {value}" for name, value in fault.headers.items()]
        lines += [f"Content-Length: {announced}", "", ""]
        data = "\r\n".join(lines).encode() + fault.body
        if fault.breaks == "drip":
            return self._drip(data)
        self.wfile.write(data)
        self.close_connection = fault.breaks == "cut"
        return None

    def _drip(self, data: bytes) -> None:
        for byte in data:
            self.wfile.write(bytes((byte,)))
            if self.double.ended.wait(0.05):
                break
        self.close_connection = True

    def _slam(self) -> None:
        self.close_connection = True
        # Zero seconds of linger: a reset and no orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def fault_of(written: str) -> Iterator[Fault]:
    """Read `503`, `429*3`, `reset`, `cut`, `never` …; a `+` behind means accepted all the same."""
    kind, _, times = written.partition("*")
    takes = kind.endswith("+")
    kind = kind.rstrip("+")
    is_status = kind.isdigit()
    fault = Fault(
        status=int(kind) if is_status else 202,
        body=HTML if is_status and int(kind) >= 500 else b"",
        takes=takes,
        breaks="" if is_status else kind,
    )
    yield from [fault] * int(times or 1)


def main(arguments: list[str] | None = None) -> int:
    """Run until interrupted; print the address first, one line for each call after."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, help="append each accepted message, fsynced")
    parser.add_argument("--key", default=KEY, help=f"the key it knows (default {KEY})")
    parser.add_argument("--fault", action="append", default=[], help="503, 429*3, reset, cut+ …")
    parser.add_argument("--refuse", action="append", default=[], help="an address it calls invalid")
    parser.add_argument("--nameless", action="store_true", help="do not say which address it was")
    given = parser.parse_args(arguments)
    double = SendGridDouble(
        port=given.port,
        log=given.log,
        key=given.key,
        refuses=frozenset(given.refuse),
        names_offenders=not given.nameless,
    )
    for written in given.fault:
        double.plan(*fault_of(written))
    with double:
        print(double.url, flush=True)
        told = 0
        try:
            while True:
                time.sleep(0.2)
                if len(double.sizes) > told:
                    told = len(double.sizes)
                    print(f"calls {told}, accepted {len(double.accepted)}", flush=True)
        except KeyboardInterrupt:
            print(f"calls {len(double.sizes)}, accepted {len(double.accepted)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
