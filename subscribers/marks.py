"""What is known of a person besides the address: attributes with a type, and tags."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from subscribers.database import insert_into
from subscribers.errors import MarkRefused
from subscribers.models import Subscriber, SubscriberTag
from subscribers.segment.compiler import FIELDS

NAME = re.compile(r"[^\W\d][\w-]{0,63}")
LONGEST_TAG = 64
LONGEST_VALUE = 1_000
MOST = 100


def clean_tag(written: str) -> str:
    """Return a tag as it is kept, in small letters on one line; raises MarkRefused."""
    tag = " ".join(written.split()).lower()
    if not tag or len(tag) > LONGEST_TAG or not tag.isprintable():
        raise MarkRefused(f"{written[:60]!r} is no tag", f"1 to {LONGEST_TAG} characters")
    return tag


def tag(session: Session, subscriber_id: int, tags: Iterable[str]) -> None:
    """Put tags on a person; those that are there stay. Raises MarkRefused."""
    rows = [{"subscriber_id": subscriber_id, "tag": clean_tag(one)} for one in tags]
    if rows:
        session.execute(insert_into(session, SubscriberTag).on_conflict_do_nothing(), rows)


def untag(session: Session, subscriber_id: int, tags: Iterable[str]) -> None:
    """Take tags off a person; those that are not there do no harm."""
    session.execute(
        delete(SubscriberTag).where(
            SubscriberTag.subscriber_id == subscriber_id,
            SubscriberTag.tag.in_([clean_tag(one) for one in tags]),
        )
    )


def tags_of(session: Session, subscriber_id: int) -> Sequence[str]:
    """Return a person's tags in their order."""
    return session.scalars(
        select(SubscriberTag.tag)
        .where(SubscriberTag.subscriber_id == subscriber_id)
        .order_by(SubscriberTag.tag)
    ).all()


def set_attributes(session: Session, person: Subscriber, values: Mapping[str, Any]) -> None:
    """Set attributes of a person; None takes one away. Raises MarkRefused, and sets nothing then."""
    checked = {name: attribute(name, value) for name, value in values.items()}
    together = person.attributes | checked
    kept = {name: value for name, value in together.items() if value is not None}
    if len(kept) > MOST:
        raise MarkRefused(f"a person has at most {MOST} attributes", "take some away")
    person.attributes = kept
    session.flush()


def attribute(name: str, value: Any) -> str | float | bool | None:
    """Return a value as it is kept: words, a number, yes or no; raises MarkRefused."""
    if not NAME.fullmatch(name) or reserved(name):
        raise MarkRefused(
            f"{name[:60]!r} is no name of an attribute", "a word; not email, name, joined …"
        )
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str) and len(value) <= LONGEST_VALUE:
        return value
    if isinstance(value, str):
        raise MarkRefused(f"{name} has more than {LONGEST_VALUE:,} characters", "keep it short")
    raise MarkRefused(f"{name} is neither words, a number nor yes or no", "such as Pune, 41, true")


def reserved(name: str) -> bool:
    """Say whether a word means something else in a filter than an attribute of this name."""
    return name in FIELDS or name == "tag"


def read_value(written: str) -> str | float | bool:
    """Return what somebody typed as the value it looks like: `true`, `12.5`, or words."""
    lowered = written.strip().lower()
    if lowered in ("true", "false"):
        return lowered == "true"
    if re.fullmatch(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?", lowered):
        number = float(lowered)
        return int(number) if number.is_integer() else number
    return written.strip()
