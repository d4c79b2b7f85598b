"""What a filter means, as a tree of plain values."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Value = str | float | bool | date


class Operator(StrEnum):
    """How a field is compared."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    CONTAINS = "contains"
    STARTS = "starts"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Tagged:
    """Who bears a tag."""

    tag: str


@dataclass(frozen=True, slots=True)
class Has:
    """Whose field is set at all."""

    field: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Whose field compares so with a value; `at` is where the field stands in the text."""

    field: str
    operator: Operator
    value: Value
    at: int = 0


@dataclass(frozen=True, slots=True)
class Among:
    """Whose field is one of the values."""

    field: str
    values: tuple[Value, ...]
    at: int = 0


@dataclass(frozen=True, slots=True)
class Called:
    """Whom a predicate names that another package hands in, such as `opened(last 3)`."""

    name: str
    arguments: tuple[Value, ...] = ()
    at: int = 0


@dataclass(frozen=True, slots=True)
class Negated:
    """Everybody but those."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Every:
    """Who is in all the parts."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Who is in at least one of the parts."""

    parts: tuple["Node", ...]


Node = Tagged | Has | Compared | Among | Called | Negated | Every | Either


@dataclass(frozen=True, slots=True)
class Segment:
    """A filter as somebody wrote it, and what it means."""

    text: str
    root: Node
