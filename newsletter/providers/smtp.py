"""SMTP: any mail server that takes our mail, over a few connections that are kept."""

import ssl
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from newsletter.compose import Composer
from newsletter.compose.headers import address
from newsletter.errors import ProviderUnavailable, Unmailable
from newsletter.message import Envelope, Mailbox, RenderedEmail, SendResult, SendStatus
from newsletter.providers.return_path import ReturnPath
from newsletter.providers.signing import Signers
from newsletter.providers.smtp_jury import Jury
from newsletter.providers.smtp_line import Line
from newsletter.providers.smtp_opening import Timeouts
from newsletter.providers.smtp_round import Prepared, Round
from newsletter.providers.smtp_session import Mail, Session, SessionLost
from newsletter.providers.smtp_url import Server, read
from newsletter.providers.smtp_verdict import WAIT, judge


class Smtp:
    """Provider `smtp`: the server of SMTP_URL, TLS and its certificate by default."""

    name = "smtp"
    reports = False
    counts = False

    def __init__(
        self,
        url: str,
        *,
        connections: int = 1,
        lanes: int = 1,
        timeouts: Timeouts | None = None,
        context: ssl.SSLContext | None = None,
        signers: Signers | None = None,
        bounces: ReturnPath | None = None,
        smtputf8: bool = False,
    ) -> None:
        """Take SMTP_URL; `context` is for a server whose authority is not the system's.

        `connections`: how many a mailing keeps at once.
        `bounces`: where they go; without it to whom a mail is from. `smtputf8`: recipients may
        have letters beyond ASCII before the @, where the server says that it takes them.
        """
        self.bounces = bounces
        self.smtputf8 = smtputf8
        self._signers = signers or Signers()
        self._url = url
        self.at_once = connections
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
    """One email on its way over a few connections, which are kept until `close`.

    A round is a message on each of them: all are sent before the first answer is waited for.
    """

    def __init__(self, provider: Smtp, composer: Composer, sender: str) -> None:
        self._provider = provider
        self._sender = sender
        self._composer = composer
        self._jury = Jury()
        domain = sender.rpartition("@")[2]
        self._all = [Line(lambda: provider.open(domain)) for _ in range(provider.at_once)]
        # Fewer where the server lets in fewer.
        self._lines = self._all

    def send(
        self, envelopes: Sequence[Envelope], *, reference: str = ""
    ) -> Iterator[Sequence[SendResult]]:
        """Send round after round, and yield the results of each.

        An answer lost after the final dot is IN_DOUBT, and then ProviderUnavailable. No message
        leaves before the results of all rounds before it were taken.
        """
        try:
            yield from self._rounds(envelopes)
        except BaseException:
            # What is announced is not to come, whatever is on its way has no reader any more, and
            # what is held is nobody's answer in another call.
            self.close()
            self._jury.forget()
            raise

    def close(self) -> None:
        """Say goodbye to the server on each line; where it is silent it is waited for once."""
        waits = True
        for line in self._all:
            waits = line.close(wait=waits) and waits
        self._lines = self._all

    def _rounds(self, envelopes: Sequence[Envelope]) -> Iterator[Sequence[SendResult]]:
        self._open(len(envelopes))
        mails, size = self._mails(envelopes), len(self._lines)
        due, following = list(islice(mails, size)), list(islice(mails, size))
        while due:
            this = Round(self._lines, due, following)
            if this.announce():
                yield from self._told()
            this.push()
            # Composed while the server is at work.
            due, following = following, list(islice(mails, size))
            this.settle()
            error = self._jury.hear(this.fates, this.error)
            if self._jury.is_sure or error is not None or not due:
                yield from self._told()
            if error is not None:
                raise error

    def _open(self, wanted: int) -> None:
        """Open so many lines, if there are; raises ProviderError when not even one can be."""
        for at, line in enumerate(self._lines[:wanted]):
            try:
                line.open()
            except ProviderUnavailable:
                if not at:
                    raise
                self._lines = self._lines[:at]
                return

    def _told(self) -> Iterator[Sequence[SendResult]]:
        """Yield what is held, if anything is."""
        results = self._jury.results()
        if results:
            yield results

    def _mails(self, envelopes: Iterable[Envelope]) -> Iterator[Prepared]:
        for envelope in envelopes:
            try:
                recipient = address(envelope.address, smtputf8=self._provider.smtputf8)
                message = self._composer.message(envelope, date=datetime.now(UTC))
                bounces = self._provider.bounces
                sender = bounces.of(envelope.token) if bounces else self._sender
                yield Mail(sender, recipient, message)
            except Unmailable as error:
                yield SendResult(SendStatus.FAILED, str(error))
