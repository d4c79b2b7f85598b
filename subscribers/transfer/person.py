"""A row of a file as a person, or the reason why not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from subscribers.address import parse
from subscribers.errors import AddressRefused
from subscribers.names import tidy
from subscribers.transfer.formulas import armed
from subscribers.transfer.table import Row

# How the systems people come from call somebody who is not to be mailed.
NOT_MAILED = frozenset({
    "archived", "blocked", "blacklisted", "blocklisted", "bounce", "bounced", "canceled",
    "cancelled", "cleaned", "complained", "complaint", "deleted", "disabled", "erased",
    "inactive", "left", "nonsubscribed", "paused", "pending", "removed", "spam", "suppressed",
    "unactivated", "unconfirmed", "unsubscribe", "unsubscribed",
})  # fmt: skip


class Person(NamedTuple):
    """Somebody a file wants on a list; `proof` is when they confirmed, as far as it knows."""

    line: int
    email: str
    key: str
    name: str
    joined_at: datetime | None
    proof: datetime | None


@dataclass(frozen=True, slots=True)
class Unfit:
    """A row that makes nobody a subscriber: broken (`kept_out` is False), or of one who left."""

    line: int
    typed: str
    reason: str
    kept_out: bool = False


class People:
    """Reads rows by where the fields stand; without `consent` each row must bring its proof."""

    def __init__(self, places: Mapping[str, int], *, consent: bool, now: datetime) -> None:
        self._email = places["email"]
        self._names = [places[one] for one in ("first_name", "last_name") if one in places]
        if "name" in places:
            self._names = [places["name"]]
        self._joined = places.get("joined_at")
        self._proof = places.get("confirmed_at")
        self._state = places.get("state")
        self._consent = consent
        self._now = now

    def read(self, rows: list[Row]) -> Iterator[Person | Unfit]:
        """Yield each row as a person, or as unfit with the reason."""
        for row in rows:
            if row.problem:
                yield Unfit(row.line, "", row.problem)
            else:
                yield self._one(row)

    def _one(self, row: Row) -> Person | Unfit:
        cells = row.cells
        typed = armed(cells[self._email].strip())
        try:
            address = parse(typed)
        except AddressRefused as error:
            return Unfit(row.line, typed, str(error))
        if self._state is not None and cells[self._state].strip().lower() in NOT_MAILED:
            state = cells[self._state].strip()
            return Unfit(row.line, typed, f"is {state} in the file", kept_out=True)
        proof = None
        if self._proof is not None:
            proof = self._moment(cells[self._proof])
        if proof is None and not self._consent:
            return Unfit(row.line, typed, "has no moment of confirmation that can be read")
        joined = self._moment(cells[self._joined]) if self._joined is not None else None
        name = tidy(armed(" ".join(cells[place] for place in self._names))) if self._names else ""
        return Person(row.line, address.email, address.key, name, joined, proof)

    def _moment(self, written: str) -> datetime | None:
        """Return a moment in the past; one without a zone is taken as UTC."""
        written = written.strip().removesuffix(" UTC")
        if not written:
            return None
        try:
            moment = datetime.fromisoformat(written)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return moment.astimezone(UTC) if moment <= self._now else None
        except (ValueError, OverflowError):
            return None
