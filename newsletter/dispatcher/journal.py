"""The results of one claim as they come: each durable by itself, or all together at its end."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from newsletter.dispatcher.claim import Claim, Claimed
from newsletter.dispatcher.scribe import Note, Scribe
from newsletter.message import SendResult, SendStatus
from newsletter.models import DeliveryState

OWN_STATE = {
    SendStatus.FAILED: DeliveryState.FAILED,
    SendStatus.IN_DOUBT: DeliveryState.IN_DOUBT,
    # Until the batch ends: then whoever the provider wants later moves into a new one.
    SendStatus.LATER: DeliveryState.PENDING,
}
STATUS = {state: status for status, state in OWN_STATE.items()}
# Whoever was in doubt may have been settled before the batch ended.
STATUS[DeliveryState.SUBMITTED] = SendStatus.SUBMITTED


class Journal:
    """What is known so far of the recipients of one claim."""

    def __init__(
        self, scribe: Scribe, claimed: Claimed, *, stepwise: bool, clock: Callable[[], datetime]
    ) -> None:
        self._scribe = scribe
        self._claimed = claimed
        self._stepwise = stepwise
        self._clock = clock
        self._bits = bytearray((claimed.size + 7) // 8)
        self.results: list[SendResult] = []

    def note(self, results: Sequence[SendResult]) -> bool:
        """Take the results of the next recipients; raises LeaseLost, or what the database said.

        Returns whether more may be asked for: not when the issue was stopped.
        A provider that goes step by step is asked for more only when these are durable: a death
        then leaves nobody in doubt but who was on the wire.
        """
        # Kept first: what is known stays known when it cannot be written down yet.
        place = len(self.results)
        self.results += results
        if not self._stepwise:
            return True
        claim, now = self._claimed.claim, self._clock()
        rows = []
        people = self._claimed.people[place : len(self.results)]
        for person, result in zip(people, results, strict=False):
            if result.status is SendStatus.SUBMITTED:
                self._bits[person.place >> 3] |= 1 << (person.place & 7)
            elif result.status is not SendStatus.UNTRIED:
                rows.append(exception_row(claim, person.id, result, now))
        return self._scribe.write(Note(claim, bytes(self._bits), rows), now)


def exception_row(claim: Claim, person: int, result: SendResult, now: datetime) -> dict[str, Any]:
    """Return the row that says what is true of this recipient alone."""
    return {
        "issue_id": claim.issue_id,
        "subscriber_id": person,
        "state": str(OWN_STATE[result.status]),
        "detail": result.detail,
        "at": now,
    }
