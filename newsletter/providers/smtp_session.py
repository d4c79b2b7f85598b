"""One connection to a mail server: opened safely, then one message after the other."""

import contextlib
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass

from newsletter.errors import ProviderError, ProviderRefused, ProviderUnavailable
from newsletter.providers.smtp_url import Server

_CLOSING = 421


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait at each stage (RFC 5321 §4.5.3.2).

    A short wait for the final dot's answer makes duplicates (RFC 1047).
    """

    connect: float = 60
    command: float = 300
    data: float = 120
    block: float = 180
    final: float = 600
    goodbye: float = 5


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer: the stage it answers (MAIL, RCPT, DATA, "." …), code and text."""

    stage: str
    code: int
    text: str

    @property
    def is_closing(self) -> bool:
        """Whether the server ends the session with it; the message was not accepted."""
        return self.code == _CLOSING

    def __str__(self) -> str:
        return f"{self.stage}: {self.code} {self.text}"


class SessionLost(Exception):
    """The connection ended before the final dot: the message was surely not accepted."""


class AnswerLost(Exception):
    """The connection ended after the final dot: nobody knows."""


class Session:
    """A connection that is ready for MAIL."""

    def __init__(
        self, server: Server, *, greeting: str, timeouts: Timeouts, context: ssl.SSLContext | None
    ) -> None:
        """Connect, secure and log in; `greeting` is the name in EHLO. Raises ProviderError."""
        self._timeouts = timeouts
        self._needs_reset = False
        where = f"{server.host}:{server.port}"
        try:
            self._smtp = _connected(server, greeting, timeouts, context)
        except ssl.SSLCertVerificationError as error:
            raise ProviderRefused(
                f"the certificate of {where} is not good: {error.verify_message}",
                "mend the host in SMTP_URL, or the server's certificate",
            ) from None
        except smtplib.SMTPException as error:
            raise _refusal(where, error) from None
        # A name that IDNA cannot encode raises UnicodeError.
        except (OSError, UnicodeError) as error:
            why = error.strerror if isinstance(error, OSError) else ""
            raise ProviderUnavailable(
                f"{where} cannot be reached: {why or type(error).__name__}",
                "mend SMTP_URL, or wait until the server is back",
            ) from None

    def deliver(self, sender: str, recipient: str, message: bytes) -> Reply:
        """Send one message to one recipient and return the reply that decided.

        `message` ends with CRLF and has no line that begins with a dot. Raises SessionLost or
        AnswerLost; then the session is over.
        """
        try:
            if self._needs_reset:
                self._command("RSET")
                self._needs_reset = False
            for line in (f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>", "DATA"):
                reply = self._command(line)
                if reply.code // 100 != (3 if line == "DATA" else 2):
                    self._needs_reset = True
                    return reply
            self._wait(self._timeouts.block)
            # A server that has not got all of this has not got the final dot.
            self._smtp.send(message + b".\r\n")
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise SessionLost(_told(error)) from None
        try:
            self._wait(self._timeouts.final)
            reply = self._reply(".")
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise AnswerLost(_told(error)) from None
        if not 200 <= reply.code < 300 and not 400 <= reply.code < 600:
            self._drop()
            raise AnswerLost(f"the answer makes no sense: {reply}")
        return reply

    def close(self) -> None:
        """Say QUIT and hang up; whatever happens here changes nothing (T6)."""
        with contextlib.suppress(smtplib.SMTPException, OSError):
            self._wait(self._timeouts.goodbye)
            self._smtp.quit()
        self._drop()

    def _command(self, line: str) -> Reply:
        self._wait(self._timeouts.data if line == "DATA" else self._timeouts.command)
        self._smtp.putcmd(line)
        return self._reply(line[:4])

    def _reply(self, stage: str) -> Reply:
        code, text = self._smtp.getreply()
        return Reply(stage, code, printable(text))

    def _wait(self, seconds: float) -> None:
        if self._smtp.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        self._smtp.sock.settimeout(seconds)

    def _drop(self) -> None:
        with contextlib.suppress(OSError):
            self._smtp.close()


def printable(text: bytes) -> str:
    """Return a server's words on one line, cut to 300 characters; they are hostile (WH-7)."""
    words = re.sub(rb"[^ -~]+", b" ", text).decode("ascii").split()
    return " ".join(words)[:300]


def _connected(
    server: Server, greeting: str, timeouts: Timeouts, context: ssl.SSLContext | None
) -> smtplib.SMTP:
    smtp: smtplib.SMTP
    if server.is_tls:
        smtp = smtplib.SMTP_SSL(
            server.host, server.port, greeting, timeout=timeouts.connect, context=context
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, greeting, timeout=timeouts.connect)
    try:
        # One small write must not wait for the answer to another.
        if smtp.sock is not None:
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo_or_helo_if_needed()
        if server.has_starttls:
            smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _refusal(where: str, error: smtplib.SMTPException) -> ProviderError:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        what = "STARTTLS" if "STARTTLS" in str(error) else "the login"
        return ProviderRefused(
            f"{where} does not offer {what} we need",
            "smtps:// is TLS from the first byte; ?starttls=never is for this machine",
        )
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500:
        text = error.smtp_error
        told = printable(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
        return ProviderRefused(
            f"{where} refuses us: {error.smtp_code} {told}", "look at user and password in SMTP_URL"
        )
    return ProviderUnavailable(
        f"{where} does not take mail now: {_told(error)}", "wait, then go on"
    )


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        told = printable(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
        return f"{error.smtp_code} {told}"
    return printable(str(error).encode("utf-8", "replace")) or type(error).__name__
