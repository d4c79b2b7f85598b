"""SMTP: any mail server that takes our mail, one message after the other on a kept connection."""

import ssl
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, pairwise

from newsletter.compose import Composer
from newsletter.compose.headers import address
from newsletter.errors import ProviderUnavailable, Unmailable
from newsletter.message import Envelope, Mailbox, RenderedEmail, SendResult, SendStatus
from newsletter.providers.return_path import ReturnPath
from newsletter.providers.signing import Signers
from newsletter.providers.smtp_opening import Timeouts
from newsletter.providers.smtp_session import AnswerLost, Mail, Session, SessionLost
from newsletter.providers.smtp_url import Server, read
from newsletter.providers.smtp_verdict import WAIT, condemned, is_suspect, judge
from newsletter.providers.smtp_wire import Reply

# So many refusals in a row that may be about us, and nobody between them taken.
SUSPECTS = 10


class Smtp:
    """Provider `smtp`: the server of SMTP_URL, TLS and its certificate by default."""

    name = "smtp"
    stepwise = True
    reports = False
    counts = False

    def __init__(
        self,
        url: str,
        *,
        lanes: int = 1,
        timeouts: Timeouts | None = None,
        context: ssl.SSLContext | None = None,
        signers: Signers | None = None,
        bounces: ReturnPath | None = None,
        smtputf8: bool = False,
    ) -> None:
        """Take SMTP_URL; `context` is for a server whose authority is not the system's.

        `bounces`: where they go; without it to whom a mail is from. `smtputf8`: recipients may
        have letters beyond ASCII before the @, where the server says that it takes them.
        """
        self.bounces = bounces
        self.smtputf8 = smtputf8
        self._signers = signers or Signers()
        self._url = url
        self.lanes = lanes
        self._timeouts = timeouts or Timeouts()
        self._context = context

    def check(self, sender: Mailbox | None = None) -> None:
        """Connect, secure, log in, name the sender and say goodbye; raises ProviderError."""
        self._signers.check()
        own = address(sender.address) if sender else ""
        session = self.open(own.rpartition("@")[2] or "localhost.localdomain", self._timeouts.look)
        try:
            sender_of_all = self.bounces.address if self.bounces else own
            reply = session.sender_refusal(sender_of_all) if own else None
        except SessionLost as error:
            raise ProviderUnavailable(f"the mail server hung up: {error}", WAIT) from None
        finally:
            session.close()
        if reply is not None:
            judge(reply)

    def prepare(self, email: RenderedEmail) -> "SmtpMailing":
        """Compile an email; the connection opens with the first recipient."""
        read(self._url)
        sender = address(email.sender.address)
        composer = Composer(
            email,
            domain=sender.rpartition("@")[2],
            signer=self._signers.of(sender),
            smtputf8=self.smtputf8,
        )
        return SmtpMailing(self, composer, sender)

    def open(self, greeting: str, timeouts: Timeouts | None = None) -> Session:
        """Open a session; raises ProviderError."""
        server: Server = read(self._url)
        # Reading the system's authorities takes longer than a whole session without TLS.
        if self._context is None and (server.is_tls or server.has_starttls):
            self._context = ssl.create_default_context()
        timeouts = timeouts or self._timeouts
        return Session(server, greeting=greeting, timeouts=timeouts, context=self._context)


class SmtpMailing:
    """One email on its way over one connection, which is kept until `close`."""

    def __init__(self, provider: Smtp, composer: Composer, sender: str) -> None:
        self._provider = provider
        self._sender = sender
        self._domain = sender.rpartition("@")[2]
        self._composer = composer
        self._session: Session | None = None
        self._suspects = 0

    def send(self, envelopes: Sequence[Envelope], *, reference: str = "") -> Iterator[SendResult]:
        """Send each message and yield its result as the server acknowledges it.

        A session that ends before a final dot is opened again, once a message. An answer lost
        after it is IN_DOUBT, and then ProviderUnavailable. No message leaves before the results
        of all before it were taken.
        """
        held: list[SendResult] = []
        for mail, following in pairwise(chain(self._mails(envelopes), (None,))):
            if isinstance(mail, Mail):
                reply = self._refusal(mail)
                if reply is None:
                    yield from held
                    held.clear()
                    try:
                        reply = self._deliver(mail, following)
                    except AnswerLost as error:
                        self._session = None
                        yield SendResult(
                            SendStatus.IN_DOUBT, f"no answer to the final dot: {error}"
                        )
                        raise ProviderUnavailable(
                            "the mail server left without an answer", WAIT
                        ) from None
                held.append(self._judged(reply))
            elif mail is not None:
                held.append(mail)
            if not self._suspects:
                yield from held
                held.clear()
        yield from held

    def close(self) -> None:
        """Say goodbye to the server, if there is one."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def _mails(self, envelopes: Iterable[Envelope]) -> Iterator[Mail | SendResult]:
        for envelope in envelopes:
            try:
                recipient = address(envelope.address, smtputf8=self._provider.smtputf8)
                message = self._composer.message(envelope, date=datetime.now(UTC))
                bounces = self._provider.bounces
                sender = bounces.of(envelope.token) if bounces else self._sender
                yield Mail(sender, recipient, message)
            except Unmailable as error:
                yield SendResult(SendStatus.FAILED, str(error))

    def _refusal(self, mail: Mail) -> Reply | None:
        """Announce a mail and return what refuses it, or None."""
        while True:
            if self._session is None:
                self._session = self._provider.open(self._domain)
            try:
                refusal = self._session.refusal(mail)
            except SessionLost as error:
                self._give_up(f"the mail server hung up: {error}")
                continue
            if refusal is None or not refusal.ends_session:
                return refusal
            self._give_up(f"the mail server takes no more: {refusal}")

    def _deliver(self, mail: Mail, following: Mail | SendResult | None) -> Reply:
        """Send a mail that was announced; raises AnswerLost."""
        after = following if isinstance(following, Mail) else None
        while self._session is not None:
            try:
                reply = self._session.deliver(mail, after)
            except SessionLost as error:
                self._give_up(f"the mail server hung up: {error}")
            else:
                if not reply.ends_session:
                    return reply
                self._give_up(f"the mail server takes no more: {reply}")
            refusal = self._refusal(mail)
            if refusal is not None:
                return refusal
        raise AssertionError("a mail that was not announced")

    def _give_up(self, why: str) -> None:
        """Let a session go: an old one may have come to its end, a new one is an outage."""
        session, self._session = self._session, None
        if session is not None:
            session.close()
            if session.is_new:
                raise ProviderUnavailable(why, WAIT)

    def _judged(self, reply: Reply) -> SendResult:
        result = judge(reply)
        self._suspects = self._suspects + 1 if is_suspect(reply) else 0
        if self._suspects >= SUSPECTS:
            raise condemned(reply)
        return result
