"""A file's columns as our fields, and what becomes of each row's person."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from subscribers.errors import FileRefused
from subscribers.transfer.marks import OF_ONE, attribute_name, columns_of
from subscribers.transfer.origins.generic import GENERIC
from subscribers.transfer.origins.origin import YES, Fate, Mark, is_nothing, plain_name
from subscribers.transfer.origins.recognition import Recognised

FIELDS = (*GENERIC.fields, "asked_at", "asked_ip")
_REGION = re.compile("[a-z]{2}")
STRICTNESS = {fate: at for at, fate in enumerate(Fate)}


class Reading:
    """Says where a file's fields stand (`places`), and each row's fate."""

    def __init__(
        self,
        head: Sequence[str],
        recognised: Recognised,
        path: Path,
        *,
        column_map: Mapping[str, str] | None = None,
        all_are: Fate | None = None,
    ) -> None:
        """Match a head with an origin; `column_map` (column → field) and `all_are` are a person's.

        Raises FileRefused for a column or a field of the map that does not exist, and for a head
        that names no e-mail column.
        """
        self.origin, self.why = recognised.origin, recognised.why
        self._names = [plain_name(one) for one in head]
        self._all_are = all_are
        self.places = self._found(column_map or {}, head)
        if "email" not in self.places:
            raise _no_email_column(head, path)
        self.attributes = {
            **{
                attribute_name(name): self._names.index(name)
                for name in self.origin.attributes
                if name in self._names
            },
            **columns_of(head),
            **{
                attribute_name(to[len(OF_ONE) :]): self._names.index(plain_name(name))
                for name, to in (column_map or {}).items()
                if to.startswith(OF_ONE)
            },
        }
        self.proof_place = self._place(self.origin.proof_needs)
        self._floor = self._lowest(path)
        self._marks = [
            (self._names.index(mark.column), mark)
            for mark in self.origin.marks
            if mark.column in self._names
        ]
        self._state = self.places.get("state")
        # Of no system that is known: who has a moment of leaving has left.
        if not self.origin.signs and "left_at" in self.places:
            self._marks.append((self.places["left_at"], Mark("left at", YES, Fate.UNSUBSCRIBED)))
        taken = {*self.places.values(), *self.attributes.values(), *(at for at, _ in self._marks)}
        self.passed_over = [one for at, one in enumerate(head) if one.strip() and at not in taken]

    @property
    def tells_fates(self) -> bool:
        """Whether the file can hold anybody but people to be mailed."""
        return self._state is not None or bool(self._marks) or self._floor is not Fate.ACTIVE

    def fate(self, cells: Sequence[str]) -> Fate | None:
        """Return what becomes of a row's person; None for a state of no known meaning."""
        fate = self._floor
        if self._state is not None:
            word = plain_name(cells[self._state])
            if word in self.origin.words:
                fate = _stricter(fate, self.origin.words[word])
            elif word and not (self.origin.regions and _says_nothing(word)):
                return None
        for place, mark in self._marks:
            if mark.is_on(cells[place]):
                fate = _stricter(fate, mark.fate)
        return fate

    def unknown(self, cells: Sequence[str]) -> str:
        """Say of a row without a fate what it is that is not known."""
        state = cells[self.places["state"]].strip()
        if self.origin.name:
            return f"its state {state!r} is none of {self.origin.name}'s"
        column = self._names[self.places["state"]]
        other = f'--map "{column}=attr.{attribute_name(column)}"'
        return f"its {column} {state!r} is not known; if that is no state of subscribing: {other}"

    def _place(self, name: str) -> int | None:
        return self._names.index(name) if name and name in self._names else None

    def _lowest(self, path: Path) -> Fate:
        """Return what everybody in the file is at least."""
        if self._all_are is not None:
            return self._all_are
        name = path.name.lower()
        for start, fate in self.origin.files.items():
            if name.startswith(start):
                return fate
        return Fate.ACTIVE

    def _found(self, column_map: Mapping[str, str], head: Sequence[str]) -> Mapping[str, int]:
        """Find the column of each field; what the person maps comes before what the names say."""
        mapped = {plain_name(name): to for name, to in column_map.items()}
        for name, field in mapped.items():
            if field not in FIELDS and not field.startswith(OF_ONE):
                raise FileRefused(
                    f"--map {name}={field}: there is no field {field}",
                    ", ".join((*FIELDS, f"{OF_ONE}NAME")),
                )
            if name not in self._names:
                raise FileRefused(
                    f"--map {name}={field}: no column is called {name}", ", ".join(head)
                )
        places = {
            field: self._names.index(name)
            for name, field in mapped.items()
            if not field.startswith(OF_ONE)
        }
        for field, name in self._known(mapped):
            places.setdefault(field, self._names.index(name))
        return places

    def _known(self, mapped: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for field, names in self.origin.fields.items():
            for name in names:
                if name in self._names and name not in mapped:
                    yield field, name


def _stricter(one: Fate, other: Fate) -> Fate:
    return one if STRICTNESS[one] >= STRICTNESS[other] else other


def _says_nothing(word: str) -> bool:
    return is_nothing(word) or _REGION.fullmatch(word) is not None


def _no_email_column(head: Sequence[str], path: Path) -> FileRefused:
    if any(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", cell.strip()) for cell in head):
        return FileRefused(
            f"{path}: the first line is a person and names no columns",
            "write a head line before it, such as email,name",
        )
    shown = ", ".join(cell if cell.isprintable() else ascii(cell) for cell in head)[:200]
    return FileRefused(
        f"{path}: no column is called e-mail ({shown})",
        "say which one it is: --map COLUMN=email",
    )
