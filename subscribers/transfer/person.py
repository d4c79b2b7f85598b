"""A row of a file as a person, or the reason why not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from subscribers.address import parse
from subscribers.errors import AddressRefused, MarkRefused
from subscribers.evidence import network
from subscribers.names import tidy
from subscribers.transfer.formulas import armed
from subscribers.transfer.marks import checked, read_attribute, read_attributes, read_tags
from subscribers.transfer.origins import Fate, Reading
from subscribers.transfer.origins.origin import is_nothing
from subscribers.transfer.table import Row

AGREED = (Fate.ACTIVE, Fate.PAUSED)


@dataclass(frozen=True, slots=True)
class Extras:
    """What few files tell of somebody: how they came, or left, in words for the evidence; marks."""

    told: str = ""
    engaged_at: datetime | None = None
    tags: tuple[str, ...] = ()
    attributes: dict[str, Any] | None = None

    def filled(self, later: "Extras") -> "Extras":
        """Return these with what a later row knows besides."""
        return replace(
            self,
            engaged_at=max(
                (one for one in (self.engaged_at, later.engaged_at) if one), default=None
            ),
            tags=tuple(dict.fromkeys((*self.tags, *later.tags))),
            attributes=(later.attributes or {}) | (self.attributes or {}) or None,
        )


class Person(NamedTuple):
    """Somebody a file tells of; `joined_at` is when, as far as it knows."""

    line: int
    email: str
    key: str
    name: str
    joined_at: datetime | None
    fate: Fate = Fate.ACTIVE
    extras: Extras | None = None


@dataclass(frozen=True, slots=True)
class Unfit:
    """A row that cannot be taken, and why."""

    line: int
    typed: str
    reason: str


class People:
    """Reads rows; without `consent` each row of who is to be mailed must bring its proof."""

    def __init__(
        self, reading: Reading, *, consent: bool, smtputf8: bool = False, now: datetime
    ) -> None:
        self.reading = reading
        self._smtputf8 = smtputf8
        places = reading.places
        self.email = places["email"]
        self.names = [places[one] for one in ("first_name", "last_name") if one in places]
        if "name" in places:
            self.names = [places["name"]]
        self.joined = places.get("joined_at")
        self._engaged = places.get("last_engaged_at")
        self._tags, self._attributes = places.get("tags"), places.get("attributes")
        self._proof = places.get("confirmed_at")
        self._needs = reading.proof_place
        # What is told besides, as evidence: a verb, the moment's column, the network's.
        self._tells = [
            (verb, places[f"{verb}_at"], places.get(f"{verb}_ip"))
            for verb in ("asked", "confirmed", "left")
            if f"{verb}_at" in places
        ]
        self._consent = consent
        self._now = now

        # Rows with a date that cannot be read since they were last counted, and what one says.
        self.unread, self.unread_example = 0, ""
        self._dates = [place for field, place in places.items() if field.endswith("_at")]
        self.need_only_names = self._need_only_names()

    def _need_only_names(self) -> bool:
        """Whether rows hold nothing for us but an address, a name and a moment of joining."""
        places, reading = self.reading.places, self.reading
        known = {"email", "name", "first_name", "last_name", "joined_at"}
        return not (reading.tells_fates or reading.attributes or places.keys() - known)

    def one(self, row: Row) -> Person | Unfit:
        """Return a row as a person, or as unfit with the reason."""
        if row.problem:
            return Unfit(row.line, "", row.problem)
        cells = row.cells
        typed = armed(cells[self.email].strip())
        try:
            address = parse(typed, smtputf8=self._smtputf8)
        except AddressRefused as error:
            return Unfit(row.line, typed, str(error))
        fate = self.reading.fate(cells)
        if fate is None:
            return Unfit(row.line, typed, self.reading.unknown(cells))
        proof = self._proven(cells)
        if proof is None and not self._consent and fate in AGREED:
            return Unfit(row.line, typed, self._unproven(cells))
        try:
            extras = None if self.need_only_names else self._extras(cells)
        except MarkRefused as error:
            return Unfit(row.line, typed, f"{error} ({error.mend})")
        joined = self._moment_of(self.joined, cells)
        if odd := next(filter(self._is_odd, [cells[place] for place in self._dates]), ""):
            self.unread += 1
            self.unread_example = self.unread_example or odd.strip()
        name = tidy(" ".join(armed(cells[place]) for place in self.names))
        return Person(row.line, address.email, address.key, name, joined or proof, fate, extras)

    def _proven(self, cells: Sequence[str]) -> datetime | None:
        """Return when the person confirmed, where the file shows that it was they who did."""
        if self._proof is None or (self._needs is not None and not cells[self._needs].strip()):
            return None
        return self.moment(cells[self._proof])

    def _unproven(self, cells: Sequence[str]) -> str:
        """Return why a row shows no agreement, and what would."""
        lacks = "no moment of confirmation that can be read"
        if self._proof is not None and self.moment(cells[self._proof]) is not None:
            needs = self.reading.origin.proof_needs.replace(" ", "_").upper()
            lacks = f"a moment of confirmation without {needs}, which is no proof"
        return f"has {lacks}; --i-have-consent says how they agreed"

    def _extras(self, cells: Sequence[str]) -> Extras | None:
        attributes = (
            read_attributes(cells[self._attributes]) if self._attributes is not None else {}
        )
        columns = {
            name: read_attribute(armed(cells[place]))
            for name, place in self.reading.attributes.items()
        }
        found = Extras(
            self._told(cells),
            self._moment_of(self._engaged, cells),
            read_tags(armed(cells[self._tags])) if self._tags is not None else (),
            checked((attributes | columns).items()) or None,
        )
        return found if found != NOTHING else None

    def _told(self, cells: Sequence[str]) -> str:
        """Say when the person asked, confirmed and left, and from which network."""
        said = []
        for verb, at, ip in self._tells:
            moment = self.moment(cells[at])
            if moment is not None:
                where = network(cells[ip].strip()) if ip is not None else ""
                said.append(f" · {verb} {moment.isoformat()}{f' from {where}' if where else ''}")
        return "".join(said)

    def _moment_of(self, place: int | None, cells: Sequence[str]) -> datetime | None:
        return None if place is None else self.moment(cells[place])

    def moments(self, column: Sequence[str]) -> list[datetime | None]:
        """Return what `moment` says of each cell of a column."""
        try:
            found = [datetime.fromisoformat(one) if one else None for one in column]
        except ValueError:
            return self._with_care(column)
        told = [one for one in found if one]
        if any(one.tzinfo is not UTC for one in told) or max(told, default=self._now) > self._now:
            return self._with_care(column)
        return found

    def _with_care(self, column: Sequence[str]) -> list[datetime | None]:
        odd = [one for one in column if self._is_odd(one)]
        self.unread += len(odd)
        self.unread_example = self.unread_example or next(iter(odd), "").strip()
        return [*map(self.moment, column)]

    def _is_odd(self, written: str) -> bool:
        return not is_nothing(written) and self.moment(written) is None

    def moment(self, written: str) -> datetime | None:
        """Return a moment in the past; one without a zone is taken as UTC."""
        written = written.strip().removesuffix(" UTC")
        if not written:
            return None
        try:
            moment = datetime.fromisoformat(written)
            if moment.tzinfo is not UTC:
                moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
            return moment if moment <= self._now else None
        except (ValueError, OverflowError):
            return None


NOTHING = Extras()
