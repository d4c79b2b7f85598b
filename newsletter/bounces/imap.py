"""An inbox at a mail server (RFC 3501, RFC 6851): what is done is moved into a folder beside it."""

import imaplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from newsletter.bounces.mail import LARGEST
from newsletter.errors import InboxAway

SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox at a server; `is_tls`: from the first byte, `has_starttls`: after STARTTLS."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    is_tls: bool = True
    has_starttls: bool = False


class Imap:
    """One folder of an account; connects when first asked for something."""

    def __init__(self, account: Account, folder: str, handled: str) -> None:
        self._account = account
        self._folder, self._handled = _quoted(folder), _quoted(handled)
        self._server: imaplib.IMAP4 | None = None
        self._can: frozenset[str] = frozenset()

    def names(self) -> list[str]:
        """Return the UIDs of what is there and not marked as deleted."""
        with _told("the inbox cannot be searched"):
            (found, *_) = self._asked("SEARCH", "UNDELETED")
            return sorted((found or b"").decode("ascii", "replace").split(), key=_number)

    def read(self, names: Sequence[str]) -> list[tuple[str, bytes]]:
        """Return these mails; none of them counts as seen for that."""
        read = []
        with _told("the inbox cannot be read"):
            # One at a time: which answer is whose is then no question.
            for name in names:
                answer = self._asked("FETCH", name, f"(BODY.PEEK[]<0.{LARGEST}>)")
                mail = next((one[1] for one in answer if isinstance(one, tuple)), None)
                if mail is not None:
                    read.append((name, mail))
        return read

    def put_away(self, names: Sequence[str]) -> None:
        """Move these mails; a server without MOVE copies them and marks them as deleted."""
        these = ",".join(names)
        with _told(f"mails cannot be moved into {self._handled}"):
            server = self._open()
            # It says no where the folder is there already.
            server.create(self._handled)
            if "MOVE" in self._can:
                self._asked("MOVE", these, self._handled)
                return
            self._asked("COPY", these, self._handled)
            self._asked("STORE", these, "+FLAGS.SILENT", r"(\Deleted)")
            if "UIDPLUS" in self._can:
                self._asked("EXPUNGE", these)

    def close(self) -> None:
        """Log out; whatever happens here changes nothing."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                server.logout()

    def _asked(self, command: str, *arguments: str) -> list[Any]:
        """Ask by UIDs; raises imaplib's error for a no."""
        kind, answer = self._open().uid(command, *arguments)
        if kind != "OK":
            raise imaplib.IMAP4.error(answer[0])
        return answer

    def _open(self) -> imaplib.IMAP4:
        if self._server is None:
            server = _connected(self._account)
            try:
                server.login(self._account.user, self._account.password)
                self._can = _capabilities(server)
                kind, answer = server.select(self._folder)
                if kind != "OK":
                    raise imaplib.IMAP4.error(answer[0])
            except BaseException:
                server.shutdown()
                raise
            self._server = server
        return self._server


def _connected(account: Account) -> imaplib.IMAP4:
    if not (account.is_tls or account.has_starttls):
        return imaplib.IMAP4(account.host, account.port, timeout=SECONDS)
    context = ssl.create_default_context()
    if account.is_tls:
        return imaplib.IMAP4_SSL(account.host, account.port, ssl_context=context, timeout=SECONDS)
    server = imaplib.IMAP4(account.host, account.port, timeout=SECONDS)
    server.starttls(context)
    return server


def _capabilities(server: imaplib.IMAP4) -> frozenset[str]:
    """Return what a server can do, in capitals; many say so only after the login."""
    (answer, *_) = server.capability()[1]
    return frozenset(answer.decode("ascii", "replace").upper().split())


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Raise InboxAway for what the server or the way to it refuses."""
    try:
        yield
    except (imaplib.IMAP4.error, OSError) as error:
        said = error.args[0] if error.args else error
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(error)
        words = "".join(char if char.isprintable() else " " for char in words)
        raise InboxAway(f"{what}: {' '.join(words.split())[:200]}", "look at INBOX_URL") from None


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _number(uid: str) -> int:
    return int(uid) if uid.isdecimal() else 0
