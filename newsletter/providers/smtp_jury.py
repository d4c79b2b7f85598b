"""Refusals that may be about us and not about a recipient, held back until that is known."""

from collections.abc import Sequence

from newsletter.errors import ProviderError
from newsletter.message import SendResult, SendStatus
from newsletter.providers.smtp_round import Fate
from newsletter.providers.smtp_verdict import condemned, is_suspect, judge
from newsletter.providers.smtp_wire import Reply

# So many refusals in a row that may be about us, and nobody between them taken.
SUSPECTS = 10
UNTRIED = SendResult(SendStatus.UNTRIED)


class Jury:
    """Makes results of fates, in their order; one for all rounds of a mailing."""

    def __init__(self) -> None:
        self._suspects = 0
        # So many of them have their result; the others are tried again, and count again then.
        self._told = 0
        self._held: list[SendResult] = []
        # From here on they hang on whether another is taken.
        self._certain = 0

    @property
    def is_sure(self) -> bool:
        """Whether nothing that is held hangs on another message."""
        return not self._suspects

    def hear(self, fates: Sequence[Fate], error: ProviderError | None) -> ProviderError | None:
        """Judge what is known of some messages; return what says that nobody more is to be called.

        `error` is what was heard of that before. After it, who hung on another message is untried.
        """
        for fate in fates:
            result = fate or UNTRIED
            if isinstance(result, Reply):
                result, refusal = self._judged(result)
                error = error or refusal
            self._held.append(result)
            if not self._suspects:
                self._certain, self._told = len(self._held), 0
        if error is not None:
            self._let_go()
        return error

    def results(self) -> list[SendResult]:
        """Hand over what is held, without those at its end whom nobody tried."""
        held, self._held, self._certain = self._held, [], 0
        self._told = self._suspects
        while held and held[-1] is UNTRIED:
            held.pop()
        return held

    def forget(self) -> None:
        """Drop what is held, where nobody is left to hear it."""
        self._let_go()
        self.results()

    def _judged(self, reply: Reply) -> tuple[SendResult, ProviderError | None]:
        try:
            result = judge(reply)
        except ProviderError as error:
            return UNTRIED, error
        self._suspects = self._suspects + 1 if is_suspect(reply) else 0
        if self._suspects < SUSPECTS:
            return result, None
        self._let_go()
        return UNTRIED, condemned(reply)

    def _let_go(self) -> None:
        """Make untried who hangs on another message; whose answer was lost may have their mail."""
        self._held[self._certain :] = [
            one if one.status is SendStatus.IN_DOUBT else UNTRIED
            for one in self._held[self._certain :]
        ]
        self._suspects = self._told
