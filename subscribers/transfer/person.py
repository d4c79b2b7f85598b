"""A row of a file as a person, or the reason why not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from subscribers.address import parse
from subscribers.errors import AddressRefused
from subscribers.evidence import network
from subscribers.names import tidy
from subscribers.transfer.formulas import armed
from subscribers.transfer.origins import Fate, Reading
from subscribers.transfer.table import Row

AGREED = (Fate.ACTIVE, Fate.PAUSED)


class Person(NamedTuple):
    """Somebody a file tells of; `proof` is when they confirmed, as far as it knows.

    `told` is what else it says of how they came, or left, in words for the evidence.
    """

    line: int
    email: str
    key: str
    name: str
    joined_at: datetime | None
    proof: datetime | None
    fate: Fate = Fate.ACTIVE
    told: str = ""


@dataclass(frozen=True, slots=True)
class Unfit:
    """A row that cannot be taken, and why."""

    line: int
    typed: str
    reason: str


class People:
    """Reads rows; without `consent` each row of who is to be mailed must bring its proof."""

    def __init__(self, reading: Reading, *, consent: bool, now: datetime) -> None:
        self._reading = reading
        places = reading.places
        self._email = places["email"]
        self._names = [places[one] for one in ("first_name", "last_name") if one in places]
        if "name" in places:
            self._names = [places["name"]]
        self._joined = places.get("joined_at")
        self._proof = places.get("confirmed_at")
        self._needs = reading.proof_place
        # What is told besides, as evidence: a verb, the moment's column, the network's.
        self._tells = [
            (verb, places.get(f"{stem}_at"), places.get(f"{stem}_ip"))
            for verb, stem in (("asked", "asked"), ("confirmed", "confirmed"), ("left", "left"))
            if f"{stem}_at" in places
        ]
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
        fate = self._reading.fate(cells)
        if fate is None:
            state = cells[self._reading.places["state"]].strip()
            why = f"its state {state!r} is none of {self._reading.origin.name}'s"
            return Unfit(row.line, typed, why)
        proof = self._proven(cells)
        if proof is None and not self._consent and fate in AGREED:
            return Unfit(row.line, typed, "has no moment of confirmation that can be read")
        joined = self._moment(cells[self._joined]) if self._joined is not None else None
        name = tidy(armed(" ".join(cells[place] for place in self._names))) if self._names else ""
        told = self._told(cells) if self._tells else ""
        return Person(row.line, address.email, address.key, name, joined, proof, fate, told)

    def _proven(self, cells: Sequence[str]) -> datetime | None:
        """Return when the person confirmed, where the file shows that it was they who did."""
        if self._proof is None or (self._needs is not None and not cells[self._needs].strip()):
            return None
        return self._moment(cells[self._proof])

    def _told(self, cells: Sequence[str]) -> str:
        """Say when the person asked, confirmed and left, and from which network."""
        said = []
        for verb, at, ip in self._tells:
            moment = self._moment(cells[at]) if at is not None else None
            if moment is not None:
                where = network(cells[ip].strip()) if ip is not None else ""
                said.append(f" · {verb} {moment.isoformat()}{f' from {where}' if where else ''}")
        return "".join(said)

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
