"""SMTP: any mail server that takes our mail, one message at a time on a kept connection."""

import re
import ssl
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from newsletter.compose import Composer
from newsletter.compose.headers import address
from newsletter.errors import ProviderRefused, ProviderUnavailable, Unmailable
from newsletter.message import Envelope, RenderedEmail, SendResult, SendStatus
from newsletter.providers.smtp_session import AnswerLost, Reply, Session, SessionLost, Timeouts
from newsletter.providers.smtp_url import Server, read

# Refusals of us and not of a recipient: a login is wanted, or we may not relay here.
_LOGIN = frozenset({530, 534, 535, 538})
_RELAY = re.compile(r"\brelay", re.IGNORECASE)
# Our allowance is used up (RFC 3463 X.4.5 as large providers use it): nobody is to bounce for it.
_QUOTA = re.compile(r"[45]\.4\.5\b")
_QUEUED = re.compile(r"queued as (\S+)|\bid=(\S+)", re.IGNORECASE)


class Smtp:
    """Provider `smtp`: the server of SMTP_URL, TLS and its certificate by default."""

    name = "smtp"
    stepwise = True
    reports = False

    def __init__(
        self, url: str, *, timeouts: Timeouts | None = None, context: ssl.SSLContext | None = None
    ) -> None:
        """Take SMTP_URL; `context` is for a server whose authority is not the system's."""
        self._url = url
        self._timeouts = timeouts or Timeouts()
        self._context = context

    def check(self) -> None:
        """Connect, secure, log in and say goodbye; raises ProviderError."""
        self.open("localhost.localdomain").close()

    def prepare(self, email: RenderedEmail) -> "SmtpMailing":
        """Compile an email; the connection opens with the first recipient."""
        read(self._url)
        return SmtpMailing(self, email)

    def open(self, greeting: str) -> Session:
        """Open a session; raises ProviderError."""
        server: Server = read(self._url)
        # Reading the system's authorities takes longer than a whole session without TLS.
        if self._context is None and (server.is_tls or server.has_starttls):
            self._context = ssl.create_default_context()
        return Session(server, greeting=greeting, timeouts=self._timeouts, context=self._context)


class SmtpMailing:
    """One email on its way over one connection, which is kept until `close`."""

    def __init__(self, provider: Smtp, email: RenderedEmail) -> None:
        self._provider = provider
        self._sender = address(email.sender.address)
        self._domain = self._sender.rpartition("@")[2]
        self._composer = Composer(email, domain=self._domain)
        self._session: Session | None = None

    def send(self, envelopes: Sequence[Envelope], *, reference: str = "") -> Iterator[SendResult]:
        """Send each message and yield its result as the server acknowledges it.

        A session that ends before a final dot is opened again, once a message. An answer lost
        after it is IN_DOUBT, and then ProviderUnavailable.
        """
        for envelope in envelopes:
            try:
                recipient = address(envelope.address)
                message = self._composer.message(envelope, date=datetime.now(UTC))
            except Unmailable as error:
                yield SendResult(SendStatus.FAILED, str(error))
                continue
            try:
                reply = self._deliver(recipient, message)
            except AnswerLost as error:
                yield SendResult(SendStatus.IN_DOUBT, f"no answer to the final dot: {error}")
                raise ProviderUnavailable(
                    "the mail server left without an answer", "wait, then go on"
                ) from None
            yield _result(reply)

    def close(self) -> None:
        """Say goodbye to the server, if there is one."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def _deliver(self, recipient: str, message: bytes) -> Reply:
        while True:
            # Out of reach while in use: after any exception it is not used again.
            kept, self._session = self._session, None
            session = kept or self._provider.open(self._domain)
            try:
                reply = session.deliver(self._sender, recipient, message)
            except SessionLost as error:
                why = f"the mail server hung up: {error}"
            else:
                if not reply.is_closing:
                    self._session = session
                    return reply
                session.close()
                why = f"the mail server takes no more: {reply}"
            # An old session may have come to its end; a new one that ends so is an outage.
            if kept is None:
                raise ProviderUnavailable(why, "wait, then go on")


def _result(reply: Reply) -> SendResult:
    kind = reply.code // 100
    if kind == 2:
        found = _QUEUED.search(reply.text)
        queued = (found[1] or found[2]).rstrip(".,;)") if found else ""
        return SendResult(SendStatus.SUBMITTED, str(reply), queued)
    if _QUOTA.match(reply.text):
        raise ProviderUnavailable(f"our allowance is used up: {reply}", "it goes on later")
    if reply.code in _LOGIN or (kind == 5 and _RELAY.search(reply.text)):
        raise ProviderRefused(
            f"the mail server refuses us: {reply}", "look at user and password in SMTP_URL"
        )
    if reply.stage == "MAIL" and kind == 5:
        raise ProviderRefused(
            f"the mail server refuses our sender: {reply}", "send from an address it lets you use"
        )
    if reply.stage == "MAIL" or kind not in (4, 5):
        raise ProviderUnavailable(f"the mail server takes no mail now: {reply}", "wait, then go on")
    return SendResult(SendStatus.FAILED if kind == 5 else SendStatus.LATER, str(reply))
