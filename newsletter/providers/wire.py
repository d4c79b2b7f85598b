"""HTTP requests whose outcome is known exactly: not sent, answered, or lost.

A kept connection to one host, TLS verified, one deadline over all stages, no redirects, no
proxies from the environment: the key goes to this host and nowhere else (RULES PY-1, 4, 5, 8).
"""

import http.client
import io
import select
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urlsplit

CONNECT_TIMEOUT = 10.0
MAX_BODY = 1 << 20
MAX_IDLE = 15.0
_CHUNK = 1 << 18


class NotSent(Exception):
    """The request did not leave whole: it was surely not acted upon."""


class AnswerLost(Exception):
    """The request left whole, its answer did not come whole: nobody knows."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, headers and body (at most 1 MiB of it).

    The body may be cut off where the status says that nothing was done: it is known all the
    same (PY-3).
    """

    status: int
    headers: Message
    body: bytes


class Wire:
    """One connection to one host, for one thread; opened when needed and kept."""

    def __init__(
        self, base_url: str, *, deadline: float, context: ssl.SSLContext | None = None
    ) -> None:
        """Take `scheme://host[:port]` and the seconds one request may take in all."""
        parts = urlsplit(base_url)
        self._host = parts.hostname or ""
        self._is_tls = parts.scheme == "https"
        self._port = parts.port or (443 if self._is_tls else 80)
        self._netloc = parts.netloc
        self._seconds = deadline
        self._context = context
        self._socket: socket.socket | None = None
        self._used = 0.0

    def request(
        self, method: str, path: str, headers: Iterable[tuple[str, str]], body: bytes = b""
    ) -> Answer:
        """Send one request and read its answer; raises NotSent or AnswerLost."""
        deadline = time.monotonic() + self._seconds
        head = [f"{method} {path} HTTP/1.1", f"Host: {self._netloc}"]
        head += [f"{name}: {value}" for name, value in headers]
        head += [f"Content-Length: {len(body)}", "", ""]
        connection = self._connection(deadline)
        try:
            data = memoryview("\r\n".join(head).encode("ascii") + body)
            for start in range(0, len(data), _CHUNK):
                connection.settimeout(_left(deadline))
                connection.sendall(data[start : start + _CHUNK])
        except OSError as error:
            answer = self._early(connection, method)
            self.close()
            if answer is not None:
                return answer
            raise NotSent(_told(error)) from None
        try:
            answer, is_kept = _read(connection, method, deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise AnswerLost(_told(error)) from None
        if is_kept:
            self._used = time.monotonic()
        else:
            self.close()
        return answer

    def close(self) -> None:
        """Hang up; harmless twice."""
        connection, self._socket = self._socket, None
        if connection is not None:
            connection.close()

    def _connection(self, deadline: float) -> socket.socket:
        # A server may hang up while nobody looks, and a request written into that is in doubt.
        if self._socket is not None and (
            time.monotonic() - self._used > MAX_IDLE or _has_news(self._socket)
        ):
            self.close()
        if self._socket is None:
            try:
                self._socket = self._connected(min(CONNECT_TIMEOUT, _left(deadline)))
            # A name that IDNA cannot encode raises UnicodeError.
            except (OSError, UnicodeError) as error:
                raise NotSent(_told(error)) from None
        return self._socket

    def _connected(self, timeout: float) -> socket.socket:
        connection = socket.create_connection((self._host, self._port), timeout)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._is_tls:
                context = self._context or ssl.create_default_context()
                return context.wrap_socket(connection, server_hostname=self._host)
        except BaseException:
            connection.close()
            raise
        return connection

    def _early(self, connection: socket.socket, method: str) -> Answer | None:
        """Read a refusal that came before the request was through, if one is there."""
        try:
            answer, _ = _read(connection, method, time.monotonic() + 1)
        except (OSError, http.client.HTTPException, ValueError):
            return None
        return answer if 400 <= answer.status < 500 else None


class _Incoming(io.RawIOBase):
    """What comes in on a socket, until the deadline: a dripping server does not move it."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._connection.settimeout(_left(self._deadline))
        return self._connection.recv_into(buffer)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)


def _read(connection: socket.socket, method: str, deadline: float) -> tuple[Answer, bool]:
    response = http.client.HTTPResponse(
        _Incoming(connection, deadline),  # type: ignore[arg-type]
        method=method,
    )
    response.begin()
    pieces: list[bytes] = []
    is_whole = True
    try:
        # A short read does not say whether it was the end; one that finds nothing does (PY-2).
        while piece := response.read(MAX_BODY - sum(map(len, pieces))):
            pieces.append(piece)
    except (OSError, http.client.HTTPException, ValueError):
        is_whole = False
    is_whole = is_whole and response.isclosed() and not response.length
    body = b"".join(pieces)
    if response.status < 300 and not is_whole:
        raise http.client.IncompleteRead(body)
    return Answer(response.status, response.headers, body), is_whole and not response.will_close


def _has_news(connection: socket.socket) -> bool:
    """Return whether something came in that nobody asked for: mostly the end."""
    readable, _, _ = select.select([connection], [], [], 0)
    return bool(readable)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the deadline is over")
    return left


def _told(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not good: {error.verify_message}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)[:200] if isinstance(error, TimeoutError) else type(error).__name__
