"""A receiver in a process of its own: it speaks SMTP and SendGrid's mail/send, keeps a log that is
forced to the disk before it answers, and kills the sender where it is told to.

Written apart from the code it judges: nothing of `newsletter` is imported here.
`python tests/faults/receiver.py LOG` prints its two ports; orders come in as lines of JSON:

    {"pid": 17, "at": 5, "where": "logged"}     kill that process at the fifth message from now,
                                                and answer nobody else before
    {"forget": 17}      that process ended before
    {"faults": ["503", "reset+"], "p": 0.3, "seed": 4}    fail at random from now on

It prints a line for each kill.
"""

import base64
import contextlib
import json
import os
import random
import signal
import socket
import socketserver
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# Where the sender is killed: nothing of the message was read; half of it was; it is in the log and
# nobody was told; the answer is on its way.
PLACES = ("unread", "body", "logged", "answered")
REPLIES = {
    "EHLO": "250-receiver\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES",
    "RSET": "250 2.0.0 ok",
    "QUIT": "221 2.0.0 bye",
}
SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


class Book:
    """What was received, and who is to be killed when."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        self._lock = threading.Lock()
        self._orders: dict[int, dict[str, Any]] = {}
        self._all_done = threading.Event()
        self._all_done.set()
        self._faults: list[str] = []
        self._share = 0.0
        self._dice = random.Random(0)  # noqa: S311 (no secret)

    def take(self, mail: dict[str, Any]) -> None:
        """Write a mail down, for good, and when it came."""
        with self._lock:
            line = json.dumps(mail | {"at": time.time()})
            os.write(self._file, line.encode() + b"\n")
            os.fsync(self._file)

    def order(self, line: str) -> None:
        """Take an order."""
        order = json.loads(line)
        with self._lock:
            if "faults" in order:
                self._faults, self._share = order["faults"], order["p"]
                self._dice = random.Random(order["seed"])  # noqa: S311 (no secret)
            elif "forget" in order:
                self._orders.pop(order["forget"], None)
            else:
                self._orders[order["pid"]] = order
                self._all_done.clear()
        self.done()
        print(json.dumps({"taken": order}), flush=True)

    def place(self, port: int) -> "Kill | None":
        """Count a message of a process that is to be killed, and return the order for it.

        Whoever has no order waits: else the quick would leave nothing to be killed at.
        """
        with self._lock:
            pid = next((pid for pid in self._orders if has_port(pid, port)), None)
            if pid is not None:
                order = self._orders[pid]
                order["at"] -= 1
                if order["at"] > 0:
                    return None
                del self._orders[pid]
                return Kill(pid, order["where"], order.get("how", "kill"))
        self._all_done.wait(3)
        return None

    def done(self) -> None:
        """Let everybody else go on once nobody is left to be killed."""
        with self._lock:
            if not self._orders:
                self._all_done.set()

    def fault(self) -> str:
        """Return what goes wrong with the next call; mostly nothing."""
        with self._lock:
            if not self._faults or self._dice.random() > self._share:
                return ""
            return self._dice.choice(self._faults)


def has_port(pid: int, port: int) -> bool:
    """Return whether the other end of a connection, by its port, is this process."""
    end = f"0100007F:{port:04X}"
    with open("/proc/net/tcp", encoding="ascii") as connections:
        inodes = [line.split()[9] for line in connections if line.split()[1] == end]
    sockets = {f"socket:[{inode}]" for inode in inodes}
    with contextlib.suppress(FileNotFoundError):
        for held in os.scandir(f"/proc/{pid}/fd"):
            if os.readlink(held) in sockets:
                return True
    return False


class Kill:
    """An order on its way to its place."""

    def __init__(self, pid: int, where: str, how: str) -> None:
        self._pid = pid
        self._where = where
        self._how = how

    def at(self, where: str, what: str) -> bool:
        """Kill if this is the place, and say so; return whether it was."""
        if self._where != where:
            return False
        try:
            os.kill(self._pid, SIGNALS[self._how])
            hit = True
        except ProcessLookupError:
            hit = False
        print(json.dumps({"killed": self._pid, "where": where, "at": what, "hit": hit}), flush=True)
        return True


def reached(book: Book, kill: Kill | None, where: str, what: str) -> None:
    """Kill whoever is to be killed here."""
    if kill is not None and kill.at(where, what):
        book.done()


def slam(connection: socket.socket) -> None:
    """End a connection by a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class Smtp(socketserver.StreamRequestHandler):
    """One session."""

    book: Book
    disable_nagle_algorithm = True

    def handle(self) -> None:
        try:
            self._reply("220 receiver")
            self._talk()
        except (OSError, EOFError):
            pass

    def _talk(self) -> None:
        self._to = self._fault = ""
        while line := self.rfile.readline().decode("ascii"):
            command = line[:4].upper()
            if command == "MAIL":
                self._to, self._fault = "", self.book.fault()
                self._answer(self._fault, "MAIL", "250 2.1.0 ok")
            elif command == "RCPT":
                if self._answer(self._fault, "RCPT", "250 2.1.5 ok"):
                    self._to = line.partition("<")[2].partition(">")[0]
            elif command == "DATA":
                self._data()
            else:
                self._reply(REPLIES.get(command, "502 5.5.2 what?"))
                if command == "QUIT":
                    return

    def _data(self) -> None:
        to, self._to = self._to, ""
        if not to:
            return self._reply("554 5.5.1 no valid recipients")
        kill = self.book.place(self.client_address[1])
        reached(self.book, kill, "unread", to)
        if self._answer(self._fault, "DATA", "354 go on"):
            self._message(to, self._fault, kill)
        return None

    def _message(self, to: str, fault: str, kill: Kill | None) -> None:
        lines = [self.rfile.readline() for _ in range(8)]
        reached(self.book, kill, "body", to)
        # A dead sender's kernel still hands over what it had: a server reads on, as this one does.
        while lines[-1] != b".\r\n":
            if not lines[-1]:
                raise EOFError
            lines.append(self.rfile.readline())
        is_taken = not fault.startswith(". ") or fault.endswith("+")
        if is_taken:
            raw = b"".join(lines[:-1])
            self.book.take({"to": to, "raw": base64.b64encode(raw).decode("ascii")})
        reached(self.book, kill, "logged", to)
        self._answer(fault, ".", "250 2.0.0 ok: queued as 1")
        reached(self.book, kill, "answered", to)

    def _answer(self, fault: str, stage: str, usual: str) -> bool:
        """Answer as usual, or as the fault of this stage says; return whether it was as usual."""
        if not fault.startswith(f"{stage} "):
            self._reply(usual)
            return True
        what = fault.removeprefix(f"{stage} ").rstrip("+")
        if what == "reset":
            slam(self.connection)
            raise EOFError
        if what == "close":
            self.connection.shutdown(socket.SHUT_RDWR)
            raise EOFError
        self._reply(what)
        if what.startswith("421"):
            raise EOFError
        return False

    def _reply(self, line: str) -> None:
        self.wfile.write(line.encode("ascii") + b"\r\n")


class SendGrid(BaseHTTPRequestHandler):
    """One connection; an answer for each call of mail/send."""

    book: Book
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer(200, b'{"scopes":["mail.send"]}')

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        kill, fault = self.book.place(self.client_address[1]), self.book.fault()
        reached(self.book, kill, "unread", f"{length} bytes")
        body = self.rfile.read(length // 2)
        reached(self.book, kill, "body", f"{length} bytes")
        body += self.rfile.read(length - len(body))
        if len(body) < length:
            self.close_connection = True
            return
        message = json.loads(body)
        people = [one["to"][0]["email"] for one in message["personalizations"]]
        if fault and not fault.endswith("+"):
            return self._fail(fault, people)
        for one in message["personalizations"]:
            self.book.take(as_mail(message, one))
        reached(self.book, kill, "logged", f"{people[0]} and {len(people) - 1} more")
        if fault:
            return self._fail(fault, people)
        self._answer(202, b"", {"X-Message-Id": "request"})
        reached(self.book, kill, "answered", f"{people[0]} and {len(people) - 1} more")
        return None

    def _fail(self, fault: str, people: list[str]) -> None:
        what = fault.rstrip("+")
        if what == "reset":
            self.close_connection = True
            return slam(self.connection)
        if what == "cut":
            self.wfile.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 90\r\n\r\n{")
            self.close_connection = True
            return None
        if what == "400":
            place = f"personalizations.{len(people) // 2}.to.0.email"
            errors = json.dumps({"errors": [{"field": place, "message": "no address"}]})
            return self._answer(400, errors.encode())
        if what == "429":
            return self._answer(429, b"{}", {"Retry-After": "2"})
        if what.startswith("3"):
            return self._answer(int(what), b"", {"Location": "http://127.0.0.1:1/"})
        return self._answer(int(what), b"<html>gateway</html>")

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def as_mail(message: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    """Return one personalization as its recipient would get it."""
    parts = {}
    for part in message["content"]:
        value = part["value"]
        for tag, text in one.get("substitutions", {}).items():
            value = value.replace(tag, text)
        parts[part["type"]] = value
    return {
        "to": one["to"][0]["email"],
        "token": one["custom_args"]["d"],
        "headers": one.get("headers", {}),
        "text": parts["text/plain"],
        "html": parts["text/html"],
    }


class Server(socketserver.ThreadingTCPServer):
    """A server whose clients may die."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 100

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: that is what this is about."""


class WebServer(ThreadingHTTPServer):
    """The same for HTTP."""

    daemon_threads = True
    request_queue_size = 100

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""


def main(log: str) -> None:
    """Serve until the orders end."""
    book = Book(log)
    Smtp.book = SendGrid.book = book
    servers = (Server(("127.0.0.1", 0), Smtp), WebServer(("127.0.0.1", 0), SendGrid))
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    smtp, http = (server.server_address[1] for server in servers)
    print(json.dumps({"smtp": smtp, "http": http}), flush=True)
    for line in sys.stdin:
        book.order(line)


if __name__ == "__main__":
    main(sys.argv[1])
