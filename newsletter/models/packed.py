"""Rows of closed issues: who got one, with nothing else to say, as bits in a few rows (ENGINE §2, D)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, and_, case, false, func
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.database import Base

# So many subscriber numbers in a row: 13 bits of each say where in the block it is.
BLOCK = 1 << 13
# The digits in which each of the four bits is set, lowest first.
SET = ("13579bdf", "2367abef", "4567cdef", "89abcdef")
# The same for a view: p is a row of ours, s one of subscriber.
IS_PACKED = "p.block = s.id >> 13 AND CASE s.id & 3 {} END".format(
    " ".join(
        f"WHEN {bit} THEN substr(p.members, ((s.id & 8191) >> 2) + 1, 1) IN ({digits})"
        for bit, digits in enumerate(", ".join(f"'{one}'" for one in some) for some in SET)
    )
)


class PackedDelivery(Base):
    """Those of a block of subscribers to whom a closed issue was submitted: a bit each.

    Block 0 is the subscribers 0 to 8191. `members` is written in hexadecimal digits, four
    subscribers each, the lowest number in the lowest bit of the first digit, so that both
    databases read it without a function of our own. Who is in here is in no `Delivery` any more.
    """

    __tablename__ = "packed_delivery"
    __table_args__ = (Index("ix_packed_delivery_issue_id", "issue_id"),)

    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), primary_key=True)
    members: Mapped[str]


def is_packed(person: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return whether a row of PackedDelivery holds this subscriber's number."""
    place = person.bitwise_and(BLOCK - 1).bitwise_rshift(2) + 1
    digit = func.substr(PackedDelivery.members, place, 1)
    bit = person.bitwise_and(3)
    bits = [(bit == number, digit.in_(list(digits))) for number, digits in enumerate(SET)]
    return and_(PackedDelivery.block == person.bitwise_rshift(13), case(*bits, else_=false()))


def pack(people: Iterable[int]) -> str:
    """Return the digits for these numbers, all of one block."""
    bits = sum(1 << (person & BLOCK - 1) for person in people)
    # Numbers are written highest digit first, and read here from the lowest.
    return f"{bits:0{BLOCK // 4}x}"[::-1]
