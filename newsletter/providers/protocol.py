"""The contract of every provider; `tests/newsletter/providers/contract.py` proves it of each."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from newsletter.message import Envelope, Mailbox, RenderedEmail, SendResult


class Mailing(Protocol):
    """One email on its way through one provider: compiled once, kept by one thread."""

    def send(
        self, envelopes: Sequence[Envelope], *, reference: str = ""
    ) -> Iterator[Sequence[SendResult]]:
        """Yield each recipient's result in the order given: together those that came together.

        `reference` is the sealed name of the batch. A ProviderError raised after k results says
        that the rest was surely not accepted; what may have been is yielded as IN_DOUBT before
        it is raised, and whom it hit before others that were answered as UNTRIED. An address or
        header that no mail can carry is FAILED, whoever finds out. While results are handed
        over nothing is on its way.
        """
        ...

    def close(self) -> None:
        """Let go of connections; harmless twice, raises nothing and changes no result."""
        ...


class Provider(Protocol):
    """Carries one RenderedEmail to many Envelopes; shared by threads.

    `at_once`: of how many messages in the order given it waits for the answers, each message with
    an answer of its own, so that a death leaves at most those in doubt; 0 where a whole call has
    one. `lanes`: how many mailings it is good to have under way at once, each in a thread of its
    own. `reports`: tells later, by webhook, what became of a message. `counts`:
    counts clicks and opens itself where an email's `to_count` asks for it, and never else.
    """

    @property
    def name(self) -> str:
        """The word of the setting PROVIDER."""
        ...

    @property
    def at_once(self) -> int:
        """How many messages may be without their answer in one mailing; 0: all of a call."""
        ...

    @property
    def lanes(self) -> int:
        """How many mailings at once."""
        ...

    @property
    def reports(self) -> bool:
        """Whether events tell later what became of a message."""
        ...

    @property
    def counts(self) -> bool:
        """Whether it can count clicks and opens itself."""
        ...

    def check(self, sender: Mailbox | None = None) -> None:
        """Look whether mail could leave, from this sender if one is named, without sending any.

        Raises ProviderMisused or ProviderRefused for what a person has to mend,
        ProviderUnavailable when the provider cannot be reached.
        """
        ...

    def prepare(self, email: RenderedEmail) -> Mailing:
        """Compile an addressed email (holes, no slots) for this provider.

        Raises ProviderMisused for a setting that is missing or makes no sense and Unmailable for
        a sender or header that no mail can carry.
        """
        ...
