"""A mail server on this machine that fails at the stage it is told to, and counts by itself."""

import select
import socket
import socketserver
import threading
from collections import defaultdict, deque
from dataclasses import dataclass, field

HANG_UP = "hang up"
SILENT = "silent"
# Only for ".": answers as usual, but not before the next command has come.
LAGS = "lags"
# Answers as usual, but not before every session has come so far.
MEETS = "meets"
# A letter now and then, and never the end of the line.
DRIPS = "drips"
REPLIES = {
    "CONNECT": "220 double ready",
    "EHLO": "250-double\r\n250-PIPELINING\r\n250 8BITMIME",
    "HELO": "250 double",
    "MAIL": "250 2.1.0 Ok",
    "RCPT": "250 2.1.5 Ok",
    "DATA": "354 End data with <CR><LF>.<CR><LF>",
    "NO SENDER": "503 5.5.1 Error: need MAIL command",
    "NOBODY": "554 5.5.1 Error: no valid recipients",
    ".": "250 2.0.0 Ok: queued as 4B1D",
    "RSET": "250 2.0.0 Ok",
    "NOOP": "250 2.0.0 Ok",
    "QUIT": "221 2.0.0 Bye",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """One message: its envelope, its bytes as they were between DATA and the final dot."""

    sender: str
    to: str
    data: bytes = field(repr=False)


class SmtpDouble:
    """The server; a context manager. `plan` gives a stage's next replies, one a time it comes."""

    def __init__(self, *, pipelining: bool = True) -> None:
        """Listen on loopback; nothing is refused until it is planned.

        `early`: what came before the reply to what was before it, where that is not offered.
        """
        self.pipelining = pipelining
        self.early: list[str] = []
        self.taken: list[Taken] = []
        self.commands: list[str] = []
        self.sessions = 0
        self.plans: dict[str, deque[str]] = defaultdict(deque)
        self.ended = threading.Event()
        self.lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Session)
        self._server.double = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def url(self) -> str:
        """What SMTP_URL takes."""
        return f"smtp://127.0.0.1:{self._server.server_address[1]}?starttls=never"

    @property
    def to(self) -> list[str]:
        """Every address a message was taken for, in order, as often as it was."""
        return [one.to for one in self.taken]

    def plan(self, stage: str, *replies: str) -> None:
        """Answer so when a stage comes next, or one of an address (`RCPT reader@example.org`).

        "" answers as usual.
        """
        self.plans[stage].extend(replies)

    def __enter__(self) -> "SmtpDouble":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    double: SmtpDouble


class _Hungup(Exception):
    pass


class _Session(socketserver.BaseRequestHandler):
    request: socket.socket

    def handle(self) -> None:
        assert isinstance(self.server, _Server)
        self.double = self.server.double
        self.double.sessions += 1
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._unread = bytearray()
        try:
            if self._reply("CONNECT").startswith("2"):
                self._talk()
        except (_Hungup, OSError):
            pass

    def _talk(self) -> None:
        sender = recipient = ""
        while True:
            command = self._line().decode("ascii").rstrip("\r\n")
            self.double.commands.append(command)
            stage = command[:4].upper()
            said = self._reply(self._place(command, sender, recipient))
            if stage == "MAIL" and said.startswith("2"):
                assert not sender, "MAIL inside a transaction"
                sender = command
            elif stage == "RCPT" and said.startswith("2"):
                recipient = command
            elif stage == "DATA" and said.startswith("3"):
                self._message(sender, recipient)
                sender = recipient = ""
            elif stage == "RSET":
                sender = recipient = ""
            if stage == "QUIT" or said.startswith("421"):
                return

    def _place(self, command: str, sender: str, recipient: str) -> str:
        """Return whose reply a command gets: out of turn it is refused, unless that is planned."""
        stage = command[:4].upper()
        of_one = f"{stage} {_path(command)}"
        if self.double.plans.get(of_one):
            return of_one
        if self.double.plans[stage]:
            return stage
        if stage in ("RCPT", "DATA") and not sender:
            return "NO SENDER"
        return "NOBODY" if stage == "DATA" and not recipient else stage

    def _message(self, sender: str, recipient: str) -> None:
        lines = []
        while (line := self._line()) != b".\r\n":
            lines.append(line)
        if not recipient:
            self._reply("NOBODY")
            return
        taken = Taken(_path(sender), _path(recipient), b"".join(lines))
        # Taken unless refused: an answer that is lost is no refusal.
        plans = self.double.plans["."]
        if not (plans and plans[0].startswith(("4", "5"))):
            with self.double.lock:
                self.double.taken.append(taken)
        self._reply(".")

    def _reply(self, stage: str) -> str:
        plans = self.double.plans[stage]
        said = (plans.popleft() if plans else "") or REPLIES.get(stage, "502 5.5.2 Unknown")
        if said == LAGS:
            self._fill()
            said = REPLIES["."]
        if said == MEETS:
            while self._come(stage) % self.double.sessions:
                if self.double.ended.wait(0.01):
                    raise _Hungup
            said = REPLIES[stage]
        if said == SILENT:
            self.double.ended.wait(60)
        while said == DRIPS:
            self.request.sendall(b"2")
            self.double.ended.wait(0.05)
        if said in (HANG_UP, SILENT):
            self.request.shutdown(socket.SHUT_RDWR)
            raise _Hungup
        if not self.double.pipelining:
            said = said.replace("250-PIPELINING\r\n", "")
            if self._unread or select.select([self.request], [], [], 0)[0]:
                self.double.early.append(stage)
        self.request.sendall(said.encode() + b"\r\n")
        return said

    def _come(self, stage: str) -> int:
        """Return how often a stage has come so far, in all sessions."""
        if stage == ".":
            return len(self.double.taken)
        return sum(command.upper().startswith(stage) for command in self.double.commands)

    def _line(self) -> bytes:
        while (at := self._unread.find(b"\n")) < 0:
            self._fill()
        line = bytes(self._unread[: at + 1])
        del self._unread[: at + 1]
        return line

    def _fill(self) -> None:
        if not self._unread or b"\n" not in self._unread:
            came = self.request.recv(1 << 16)
            if not came:
                raise _Hungup
            self._unread += came


def _path(command: str) -> str:
    return command.partition("<")[2].rpartition(">")[0]
