"""One line to a mail server: a session that is opened again when it ends between two messages."""

from collections.abc import Callable

from newsletter.errors import ProviderUnavailable
from newsletter.providers.smtp_session import Mail, Session, SessionLost, Steps
from newsletter.providers.smtp_verdict import WAIT
from newsletter.providers.smtp_wire import Reply


class Line:
    """A session where there is one, and a message on its way over it; for one thread.

    `announcing`, then `push` and `settle`, once a message. A session that ends before a message's
    final dot was taken is opened again, once a message, and not where `again` is false.
    """

    def __init__(self, opens: Callable[[], Session]) -> None:
        """Take what opens a session, raising ProviderError; nothing is opened yet."""
        self._opens = opens
        self._session: Session | None = None

    def open(self) -> None:
        """Open a session where there is none; raises ProviderError."""
        if self._session is None:
            self._session = self._opens()

    def announcing(self, mail: Mail, again: Callable[[], bool]) -> Steps:
        """Name a message's sender and recipient; return what refuses them. Raises ProviderError.

        Stops before each answer that is waited for; `again` is asked whether to open once more.
        """
        while True:
            self.open()
            try:
                refusal = yield from self._there.announcing(mail)
            except SessionLost as error:
                self._give_up(f"the mail server hung up: {error}", again=again())
                continue
            if refusal is None or not refusal.ends_session:
                return refusal
            self._give_up(f"the mail server takes no more: {refusal}", again=again())

    def push(
        self, mail: Mail, following: Mail | None = None, *, again: bool = True
    ) -> Reply | None:
        """Send a message that was announced, and announce the one after it in the same write.

        Returns what refuses it after all. Raises AnswerLost, and ProviderError when it was surely
        not accepted.
        """
        while True:
            try:
                self._there.push(mail, following)
            except SessionLost as error:
                self._give_up(f"the mail server hung up: {error}", again=again)
            else:
                return None
            refusal = self._announce(mail)
            if refusal is not None:
                return refusal

    def settle(self, mail: Mail, *, again: bool = True) -> Reply:
        """Return the answer to the message that was sent last. Raises as `push`."""
        while True:
            reply = self._there.settle()
            if not reply.ends_session:
                return reply
            self._give_up(f"the mail server takes no more: {reply}", again=again)
            refusal = self._announce(mail) or self.push(mail)
            if refusal is not None:
                return refusal

    def close(self, *, wait: bool = True) -> bool:
        """Say goodbye, if there is a session; return whether the server answered, or none was."""
        session, self._session = self._session, None
        return session is None or session.close(wait=wait)

    def forget(self) -> None:
        """Let go of a session that is over."""
        self._session = None

    def _announce(self, mail: Mail) -> Reply | None:
        steps = self.announcing(mail, lambda: True)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                refusal: Reply | None = end.value
                return refusal

    @property
    def _there(self) -> Session:
        if self._session is None:
            raise AssertionError("a mail that was not announced")
        return self._session

    def _give_up(self, why: str, *, again: bool = True) -> None:
        """Let a session go: an old one may have come to its end, a new one is an outage."""
        session, self._session = self._session, None
        if session is not None:
            session.close()
            if session.is_new or not again:
                raise ProviderUnavailable(why, WAIT)
