"""What an export's columns and words mean here: plain data of one shape for every system."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

# What `Mark.cell` says for whatever is written, for all that is neither nothing nor a no, for a no.
ANYTHING, YES, NO = "*", "yes", "no"
_NOES = frozenset(("0", "f", "false", "n", "no"))
# How databases write that nothing is there.
_NOTHING = frozenset(
    ("", "-", "0000-00-00", "0000-00-00 00:00:00", "n/a", "nan", "nil", "none", "null", "\\n")
)


class Fate(StrEnum):
    """What becomes of a row's person; the later ones win where a row says several."""

    ACTIVE = "active"
    PENDING = "pending"
    PAUSED = "paused"
    UNSUBSCRIBED = "unsubscribed"
    BLOCKED = "blocked"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class Mark(NamedTuple):
    """A cell that settles a row's fate: its column, and what is written in small letters."""

    column: str
    cell: str
    fate: Fate

    def is_on(self, cell: str) -> bool:
        """Say whether a cell bears this mark."""
        written = cell.strip().lower()
        match self.cell:
            case "*":
                return bool(written)
            case "yes":
                return not (is_nothing(written) or written in _NOES)
            case "no":
                return written in _NOES
        return written == self.cell


@dataclass(frozen=True, slots=True)
class Origin:
    """A system that people come from. Names of columns are as `plain_name` writes them.

    `signs`: a file is of this system when its head holds all names of one of them.
    `fields`: a field of ours → its columns, the surest first; `attributes`: columns whose cells
    are taken along as attributes under their own names. `words`: what the column of the state
    says; one that is not among them refuses the row, but for two letters where there are `regions`. `files`: how a file's
    name begins, for exports that tell by nothing else. `proof_needs`: the column without which
    a moment of confirmation is no proof.
    """

    name: str
    fields: Mapping[str, tuple[str, ...]]
    signs: tuple[frozenset[str], ...] = ()
    words: Mapping[str, Fate] = field(default_factory=lambda: MappingProxyType({}))
    regions: bool = False
    marks: tuple[Mark, ...] = ()
    files: Mapping[str, Fate] = field(default_factory=lambda: MappingProxyType({}))
    attributes: tuple[str, ...] = ()
    proof_needs: str = ""


def is_nothing(written: str) -> bool:
    """Say whether a cell holds nothing, or a database's word for it."""
    return written.strip().lower() in _NOTHING


def plain_name(written: str) -> str:
    """Return a column's name as names are compared: small, single blanks for `_`, `-` and runs."""
    return " ".join(written.replace("_", " ").replace("-", " ").split()).lower()


def head(*names: str) -> frozenset[str]:
    """Return a sign: the names that a head must hold."""
    return frozenset(names)
