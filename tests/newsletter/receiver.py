"""A provider for tests that keeps its own book of what it accepted, apart from our ledger."""

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from newsletter.errors import ProviderError
from newsletter.message import Envelope, Mailbox, RenderedEmail, SendResult, SendStatus

Answer = Callable[[Envelope], SendResult]
SUBMITTED = SendResult(SendStatus.SUBMITTED)
UNTRIED = SendResult(SendStatus.UNTRIED)


def accept(envelope: Envelope) -> SendResult:
    """Answer that this mail was taken."""
    return SUBMITTED


class Receiver:
    """Accepts every mail unless `answer` says otherwise; its book is a file, one line a mail.

    A line is written before the answer is given, as a mail server does. Several processes may
    write into one book.
    """

    name = "receiver"
    lanes = 1
    reports = False
    counts = False

    def __init__(self, book: Path, *, stepwise: bool = True, answer: Answer = accept) -> None:
        self.at_once = int(stepwise)
        self.answer = answer
        self.calls: list[str] = []
        self.emails: list[RenderedEmail] = []
        self.envelopes: list[Envelope] = []
        self._lock = threading.Lock()
        self._path = book
        book.touch()
        self._book = os.open(book, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def check(self, sender: Mailbox | None = None) -> None:
        """Nothing can be wrong here."""

    def prepare(self, email: RenderedEmail) -> "Receiver":
        """Keep the email for the test to look at."""
        self.emails.append(email)
        return self

    def send(
        self, envelopes: Sequence[Envelope], *, reference: str = ""
    ) -> Iterator[Sequence[SendResult]]:
        """Answer for each envelope; what is accepted or in doubt is in the book first.

        Whom an error hits in a round of `at_once` is untried, and it is raised behind the round.
        """
        self.calls.append(reference)
        size = self.at_once or 1
        for first in range(0, len(envelopes), size):
            results, error = [], None
            for envelope in envelopes[first : first + size]:
                try:
                    result = self.answer(envelope)
                except ProviderError as refusal:
                    result, error = UNTRIED, refusal
                if result.status in (SendStatus.SUBMITTED, SendStatus.IN_DOUBT):
                    self.accepted(envelope)
                results.append(result)
            if error is None or set(results) != {UNTRIED}:
                yield results
            if error is not None:
                raise error

    def accepted(self, envelope: Envelope) -> None:
        """Write one mail into the book."""
        with self._lock:
            self.envelopes.append(envelope)
            os.write(self._book, f"{envelope.address}\n".encode())

    def close(self) -> None:
        """Nothing is kept open between calls."""

    def book(self) -> Counter[str]:
        """Return how many mails each address got, over all processes."""
        return Counter(self._path.read_text().splitlines())
