"""What an export's columns and words mean here: plain data of one shape for every system."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

# What `Mark.cell` says for "whatever is written, if anything is".
ANYTHING = "*"


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


@dataclass(frozen=True, slots=True)
class Origin:
    """A system that people come from. Names of columns are as `plain_name` writes them.

    `signs`: a file is of this system when its head holds all names of one of them.
    `fields`: a field of ours → its columns, the surest first; `attributes`: columns whose cells
    are taken along as attributes under their own names. `words`: what the column of the state
    says; one that is not among them is `others`, and None refuses the row. `files`: how a file's
    name begins, for exports that tell by nothing else. `proof_needs`: the column without which
    a moment of confirmation is no proof.
    """

    name: str
    fields: Mapping[str, tuple[str, ...]]
    signs: tuple[frozenset[str], ...] = ()
    words: Mapping[str, Fate] = field(default_factory=lambda: MappingProxyType({}))
    others: Fate | None = None
    marks: tuple[Mark, ...] = ()
    files: Mapping[str, Fate] = field(default_factory=lambda: MappingProxyType({}))
    attributes: tuple[str, ...] = ()
    proof_needs: str = ""


def plain_name(written: str) -> str:
    """Return a column's name as names are compared: small, single blanks for `_`, `-` and runs."""
    return " ".join(written.replace("_", " ").replace("-", " ").split()).lower()


def head(*names: str) -> frozenset[str]:
    """Return a sign: the names that a head must hold."""
    return frozenset(names)
