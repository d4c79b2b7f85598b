"""One session with a mail server: opened safely, then one message after the other.

Where the server offers PIPELINING (RFC 2920), the end of a message and the commands of the next
travel in one write, so that a message costs one round trip. DATA ends each group, and no body
leaves before its own MAIL, RCPT and DATA were answered.
"""

import contextlib
import ssl
import time
from collections.abc import Generator
from dataclasses import dataclass

from newsletter.providers.smtp_opening import Timeouts, opened
from newsletter.providers.smtp_url import Server
from newsletter.providers.smtp_wire import Nonsense, Reply, told

GROUP = ("MAIL", "RCPT", "DATA")
# What is done in steps, so that others come between: what refuses a message, or None.
Steps = Generator[None, None, Reply | None]
# For reading what came before the time was up, while others were waited for.
AT_LEAST = 0.1


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one recipient; `message` ends with CRLF, and no line begins with a dot."""

    sender: str
    recipient: str
    message: bytes


# What a server would say that knew the extension (RFC 6531 §3.5): it was not even asked.
UNASKED = Reply("RCPT", 553, ("5.6.7 the mail server does not offer SMTPUTF8",))


class SessionLost(Exception):
    """The connection ended before the final dot: the message was surely not accepted."""


class AnswerLost(Exception):
    """The connection ended after the final dot: nobody knows."""


class Session:
    """A connection that is ready for MAIL, for one thread; `is_new` until it settled a message."""

    def __init__(
        self, server: Server, *, greeting: str, timeouts: Timeouts, context: ssl.SSLContext | None
    ) -> None:
        """Connect, secure and log in; `greeting` is the name in EHLO. Raises ProviderError."""
        self._wire, offers = opened(server, greeting, timeouts, context)
        self._timeouts = timeouts
        self._pipelines = "PIPELINING" in offers
        self._tells_sizes = "SIZE" in offers
        self._takes_utf8 = "SMTPUTF8" in offers
        self.is_new = True
        self._needs_reset = False
        # The mail whose transaction is open, and its commands.
        self._begun: Mail | None = None
        self._commands: list[str] = []
        # Until when the answer to the message that was sent last is waited for.
        self._end = 0.0

    def announcing(self, mail: Mail) -> Steps:
        """Announce a message, unless that was done before; return what refuses it, or None.

        Stops before each answer that is waited for. Raises SessionLost, and then the session is
        over.
        """
        if not self._can_carry(mail):
            return UNASKED
        try:
            if self._begun is not mail:
                self._begin(mail)
            refusal = yield from self._answers()
        except OSError as error:
            self.drop()
            raise SessionLost(told(error)) from None
        if refusal is not None:
            self._begun = None
            self._needs_reset = True
            self.is_new &= refusal.ends_session
        return refusal

    def sender_refusal(self, sender: str) -> Reply | None:
        """Name a sender, take that back, and return what refuses it, or None."""
        try:
            reply = self._asked("MAIL", f"MAIL FROM:<{sender}>")
            self._asked("RSET", "RSET")
        except OSError as error:
            self.drop()
            raise SessionLost(told(error)) from None
        return None if reply.kind == 2 else reply

    def push(self, mail: Mail, following: Mail | None = None) -> None:
        """Send a message that was announced and not refused; `settle` tells its fate.

        `following` is announced in the same write where the server allows that; `announcing`
        tells its fate. Raises SessionLost or AnswerLost, and then the session is over.
        """
        self._begun = None
        group = b""
        if following is not None and self._pipelines and self._can_carry(following):
            group = self._announced(following)
        try:
            self._wire.send(mail.message, b".\r\n" + group, seconds=self._timeouts.block)
        except OSError as error:
            self.drop()
            # A server that has not got the dot has not got the message.
            lost = SessionLost if self._wire.sent < len(mail.message) else AnswerLost
            raise lost(told(error)) from None
        self._end = time.monotonic() + self._timeouts.final

    def settle(self) -> Reply:
        """Return the answer to the final dot; raises AnswerLost, and then the session is over.

        Its time runs from the dot, so that many lines that are silent are waited for as one.
        """
        seconds = max(AT_LEAST, self._end - time.monotonic())
        try:
            reply = self._wire.reply(".", seconds=seconds)
            if reply.kind == 3:
                raise Nonsense(f"the answer makes no sense: {reply}")
        except OSError as error:
            self.drop()
            raise AnswerLost(told(error)) from None
        self.is_new &= reply.ends_session
        return reply

    def close(self, *, wait: bool = True) -> bool:
        """Say QUIT and hang up; whatever happens here changes nothing (T6).

        Without `wait` nobody waits for the answer. Returns whether one came, or none was wanted.
        """
        # A server that waits for a body takes no command, and a dot would be an empty message to
        # somebody: the way out of an open transaction is to hang up.
        answered = True
        if self._begun is None:
            answered = False
            with contextlib.suppress(OSError):
                self._wire.send(b"QUIT\r\n", seconds=self._timeouts.goodbye)
                if wait:
                    self._wire.reply("QUIT", seconds=self._timeouts.goodbye)
                    answered = True
        self.drop()
        return answered

    def drop(self) -> None:
        """Hang up."""
        self._wire.close()

    def _can_carry(self, mail: Mail) -> bool:
        return self._takes_utf8 or mail.recipient.isascii()

    def _begin(self, mail: Mail) -> None:
        group = self._announced(mail)
        if self._pipelines:
            self._wire.send(group, seconds=self._timeouts.command)

    def _announced(self, mail: Mail) -> bytes:
        """Begin a mail's transaction, and return its commands as one group."""
        if self._begun is not None:
            raise Nonsense("another message was announced")
        said = f" SIZE={len(mail.message)}" if self._tells_sizes else ""
        if not mail.recipient.isascii():
            said += " SMTPUTF8"
        self._commands = [f"MAIL FROM:<{mail.sender}>{said}", f"RCPT TO:<{mail.recipient}>", "DATA"]
        if self._needs_reset:
            self._commands.insert(0, "RSET")
            self._needs_reset = False
        self._begun = mail
        return "\r\n".join([*self._commands, ""]).encode()

    def _asked(self, stage: str, command: str) -> Reply:
        self._wire.send(f"{command}\r\n".encode("ascii"), seconds=self._timeouts.command)
        return self._wire.reply(stage, seconds=self._timeouts.command)

    def _answers(self) -> Steps:
        if self._pipelines and len(self._commands) == len(GROUP) and self._wire.took_all():
            return None
        if self._pipelines:
            yield
        refusal = None
        for command in self._commands:
            stage = command[:4]
            seconds = self._timeouts.data if stage == "DATA" else self._timeouts.command
            if not self._pipelines:
                self._wire.send(f"{command}\r\n".encode(), seconds=seconds)
                yield
            reply = self._wire.reply(stage, seconds=seconds)
            is_as_wanted = reply.kind == (3 if stage == "DATA" else 2)
            # Where a reset is refused, nobody knows in which transaction the rest was said.
            if not is_as_wanted and (reply.kind < 4 or stage == "RSET"):
                raise Nonsense(f"the answer makes no sense: {reply}")
            if not is_as_wanted and refusal is None:
                refusal = reply
            if refusal is not None and (reply.ends_session or not self._pipelines):
                return refusal
        if refusal is not None and is_as_wanted:
            # DATA was taken all the same: an end at once is a message to nobody (RFC 2920 §3.1).
            self._wire.send(b".\r\n", seconds=self._timeouts.block)
            self._wire.reply(".", seconds=self._timeouts.final)
        return refusal
