"""A socket that SMTP is spoken on: bytes out, replies in, each within its seconds."""

import contextlib
import re
import socket
import ssl
import time
from dataclasses import dataclass

MAX_LINE = 4096
MAX_LINES = 128
_REPLY = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)
# What most replies are: one line of plain words.
_SHORT = re.compile(rb"([2-5][0-9]{2}) ([ -~]{0,300})\r\n")
# What lets a body leave: MAIL, RCPT and DATA taken, each in one line of plain words.
_TAKEN = re.compile(
    rb"2[0-9]{2} [ -~]{0,300}\r\n2[0-9]{2} [ -~]{0,300}\r\n3[0-9]{2} [ -~]{0,300}\r\n"
)
_ENHANCED = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})\b")


class Nonsense(ConnectionError):
    """What came in is no reply of SMTP: the server and we are out of step."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer: the stage it answers (MAIL, RCPT, DATA, "." …), code and lines."""

    stage: str
    code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """What the server said, on one line of at most 300 characters."""
        return " ".join(self.lines)[:300]

    @property
    def kind(self) -> int:
        """The first digit of the code: 2 done, 3 go on, 4 not now, 5 never."""
        return self.code // 100

    @property
    def enhanced(self) -> str:
        """The enhanced status code, such as `5.1.1`, or "" (RFC 3463)."""
        found = _ENHANCED.match(self.text)
        return found[1] if found else ""

    @property
    def ends_session(self) -> bool:
        """Whether nothing was accepted and a new session may take it: 421, or too much in this one."""
        return self.code == 421 or (self.kind == 4 and self.enhanced == "4.5.3")

    def __str__(self) -> str:
        return f"{self.stage}: {self.code} {self.text}"


class Wire:
    """One connection for one thread. Everything raises OSError when it cannot go on."""

    def __init__(self, host: str, port: int, *, seconds: float) -> None:
        """Connect. A name that IDNA cannot encode raises UnicodeError."""
        self._socket = socket.create_connection((host, port), seconds)
        # One small write must not wait for the answer to another.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._unread = bytearray()
        # How many bytes of the last `send` have surely left, at least.
        self.sent = 0

    def secure(self, context: ssl.SSLContext, host: str, *, seconds: float) -> None:
        """Begin TLS, the certificate checked as `context` says.

        What came in before would be read as if it had come inside (CVE-2011-0411): Nonsense.
        """
        if self._unread:
            raise Nonsense("the server spoke before TLS began")
        self._socket.settimeout(seconds)
        self._socket = context.wrap_socket(self._socket, server_hostname=host)

    def send(self, *pieces: bytes, seconds: float) -> None:
        """Send all pieces, each within so many seconds; in one write where the socket can.

        When that raises and `sent` is less than a piece and those before it, none of the pieces
        behind it has left.
        """
        self.sent = 0
        self._socket.settimeout(seconds)
        # Under TLS an error does not say which of the records have left: one piece at a time.
        at_once = len(pieces) > 1 and not isinstance(self._socket, ssl.SSLSocket)
        done = self._socket.sendmsg(pieces) if at_once else 0
        for piece in pieces:
            if done < len(piece):
                self._socket.sendall(memoryview(piece)[done:])
            self.sent += len(piece)
            done = max(0, done - len(piece))

    def took_all(self) -> bool:
        """Return whether a group of MAIL, RCPT and DATA was taken, as what came in already says.

        Where it does not, nothing is read: `reply` tells one after the other.
        """
        taken = _TAKEN.match(self._unread)
        if taken is not None:
            del self._unread[: taken.end()]
        return taken is not None

    def reply(self, stage: str, *, seconds: float) -> Reply:
        """Read one reply, whole, within so many seconds; a dripping server does not move that."""
        if short := _SHORT.match(self._unread):
            code, words = int(short[1]), " ".join(short[2].decode("ascii").split())
            del self._unread[: short.end()]
            return Reply(stage, code, (words,))
        end = time.monotonic() + seconds
        lines = []
        for _ in range(MAX_LINES):
            found = _REPLY.fullmatch(self._line(end))
            if found is None:
                raise Nonsense("what the server said is no reply")
            lines.append(printable(found[3] or b""))
            if found[2] != b"-":
                return Reply(stage, int(found[1]), tuple(lines))
        raise Nonsense("a reply without an end")

    def close(self) -> None:
        """Hang up; harmless twice."""
        with contextlib.suppress(OSError):
            self._socket.close()

    def _line(self, end: float) -> bytes:
        while (at := self._unread.find(b"\n")) < 0:
            if len(self._unread) > MAX_LINE:
                raise Nonsense("a line without an end")
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError("no answer in time")
            self._socket.settimeout(left)
            came = self._socket.recv(1 << 14)
            if not came:
                raise ConnectionResetError("the connection was closed")
            self._unread += came
        line = bytes(self._unread[:at]).rstrip(b"\r")
        del self._unread[: at + 1]
        return line


def printable(text: bytes) -> str:
    """Return a server's words on one line, cut to 300 characters; they are hostile (WH-7)."""
    words = re.sub(rb"[^ -~]+", b" ", text).decode("ascii").split()
    return " ".join(words)[:300]


def told(error: Exception) -> str:
    """Return what an error of this connection says, in a few words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not good: {error.verify_message}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return printable(str(error).encode("utf-8", "replace")) or type(error).__name__
