"""One round: a message on each line, all of them on their way before an answer is waited for."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from newsletter.errors import ProviderError, ProviderUnavailable
from newsletter.message import SendResult, SendStatus
from newsletter.providers.smtp_line import Line
from newsletter.providers.smtp_session import AnswerLost, Mail, Steps
from newsletter.providers.smtp_verdict import WAIT
from newsletter.providers.smtp_wire import Reply

# What no mail can carry has its result before it is sent.
Prepared = Mail | SendResult
# None: nothing is known yet, or it was never sent.
Fate = Reply | SendResult | None


class Round:
    """Messages in their order, each on the line of its place."""

    def __init__(
        self, lines: Sequence[Line], mails: Sequence[Prepared], following: Sequence[Prepared]
    ) -> None:
        """Take the messages of this round, and those of the next, to be announced behind them."""
        self._lines = lines
        self._mails = [(at, mail) for at, mail in enumerate(mails) if isinstance(mail, Mail)]
        self._following = {at: mail for at, mail in enumerate(following) if isinstance(mail, Mail)}
        self.fates: list[Fate] = [None if isinstance(mail, Mail) else mail for mail in mails]
        self._errors: list[ProviderError] = []

    @property
    def error(self) -> ProviderError | None:
        """The first that says that nobody more is to be called; then no session is opened again."""
        return self._errors[0] if self._errors else None

    def announce(self) -> bool:
        """Name senders and recipients until one brings an error; return whether any may be sent.

        On all lines side by side: a server without PIPELINING answers each command by itself.
        """
        begun: dict[int, Steps] = {}
        ready: set[int] = set()
        for at, mail in self._mails:
            begun[at] = self._lines[at].announcing(mail, lambda: not self._errors)
            self._go_on(at, begun, ready)
            if self._errors:
                break
        while begun:
            for at in list(begun):
                self._go_on(at, begun, ready)
        self._mails = [(at, mail) for at, mail in self._mails if at in ready]
        return bool(ready)

    def _go_on(self, at: int, begun: dict[int, Steps], ready: set[int]) -> None:
        """Take one step of an announcement, and take it out of those begun with its last."""
        with self._watched(at):
            try:
                next(begun[at])
            except StopIteration as end:
                self.fates[at] = end.value
                ready |= {at} if end.value is None else set()
            else:
                return
        del begun[at]

    def push(self) -> None:
        """Send what was announced, until one brings an error."""
        sent, before = [], len(self._errors)
        for at, mail in self._mails:
            with self._watched(at):
                following = self._following.get(at)
                self.fates[at] = self._lines[at].push(mail, following, again=not self._errors)
                if self.fates[at] is None:
                    sent.append((at, mail))
            if len(self._errors) > before:
                break
        self._mails = sent

    def settle(self) -> None:
        """Wait for the answer to each message that was sent."""
        for at, mail in self._mails:
            with self._watched(at):
                self.fates[at] = self._lines[at].settle(mail, again=not self._errors)

    @contextmanager
    def _watched(self, at: int) -> Iterator[None]:
        """Keep what says that nobody more is to be called, and whose answer was lost."""
        try:
            yield
        except AnswerLost as error:
            self._lines[at].forget()
            self.fates[at] = SendResult(SendStatus.IN_DOUBT, f"no answer to the final dot: {error}")
            self._errors.append(ProviderUnavailable("the mail server left without an answer", WAIT))
        except ProviderError as error:
            self._errors.append(error)
