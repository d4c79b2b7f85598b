"""A chunk of people onto a list: first what each row means, then all of it at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    ColumnElement,
    FromClause,
    String,
    any_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute, Session

from subscribers.database import Instant, insert_into
from subscribers.evidence import Visit
from subscribers.membership import unsubscribe
from subscribers.models import (
    KEY,
    Consent,
    ConsentKind,
    List,
    Subscriber,
    Subscription,
    SubscriptionState,
    Suppression,
    SuppressionReason,
)
from subscribers.suppressions import HASHED, hidden, suppress_many
from subscribers.transfer.origins import Fate
from subscribers.transfer.person import AGREED, Person
from subscribers.transfer.report import ImportReport

# SQLite cannot tell ON CONFLICT from the ON of a join without a WHERE before it.
EVERY = literal_column("1") == literal_column("1")
SUPPRESSED_FOR = {
    Fate.BLOCKED: SuppressionReason.MANUAL,
    Fate.BOUNCED: SuppressionReason.BOUNCED,
    Fate.COMPLAINED: SuppressionReason.COMPLAINED,
}
ON_IT = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an import can show: the words of whoever brings the file, its name and its hash.

    `origin` is the system it comes from; empty for any CSV.
    """

    wording: str
    file: str
    sha256: str
    origin: str = ""

    @property
    def file_and_hash(self) -> str:
        """Say which file people come from."""
        return f"{self.file[:200]} · sha256 {self.sha256} · line "

    def place(self, person: Person) -> str:
        """Say where in the file a person stands, and when they confirmed."""
        what = "" if person.fate in AGREED else f" · {person.fate} there"
        return f"{person.line}{what}{person.told}"

    def origin_of(self, person: Person) -> str:
        """Say where a suppression comes from."""
        return f"imported from {self.origin or 'CSV'} ({self.file[:200]}, line {person.line})"


@dataclass(slots=True)
class Plan:
    """What becomes of a chunk.

    `joining`: who gets a subscription, of whatever state. `leaving`: the ids of those who are on
    the list and said goodbye elsewhere. `suppressing`: who bounced or complained elsewhere, with
    their ids where they are known. `names`: new names by the id of whoever has none.
    """

    joining: list[Person] = field(default_factory=list)
    leaving: dict[int, Person] = field(default_factory=dict)
    suppressing: list[tuple[Person, int]] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)


def plan(session: Session, list_: List, people: Sequence[Person], report: ImportReport) -> Plan:
    """Look up everybody of a chunk and count what would become of them; writes nothing.

    `people` holds each key once.
    """
    made = Plan()
    keys = [person.key for person in people]
    domains = {key[key.rfind("@") :] for key in keys}
    suppressed = set(
        session.scalars(
            select(Suppression.email_key).where(
                _among(session, Suppression.email_key, [*keys, *domains])
            )
        )
    )
    found = session.execute(
        select(Subscriber.email_key, Subscriber.id, Subscriber.name, Subscription.state)
        .outerjoin(
            Subscription,
            (Subscription.subscriber_id == Subscriber.id) & (Subscription.list_id == list_.id),
        )
        .where(_among(session, Subscriber.email_key, keys))
    )
    erased = _erased(session, keys)
    known = {key: (number, name, state) for key, number, name, state in found}
    saying_goodbye = [
        known[one.key][0]
        for one in people
        if one.fate is Fate.UNSUBSCRIBED and one.key in known and known[one.key][2] in ON_IT
    ]
    by_themselves = _joined_by_themselves(session, list_, saying_goodbye)
    for person in people:
        number, name, state = known.get(person.key, (0, "", None))
        if person.key in erased:
            report.kept_out += 1
        elif not suppressed.isdisjoint((person.key, person.key[person.key.rfind("@") :])):
            report.suppressed += 1
        elif person.fate in SUPPRESSED_FOR:
            made.suppressing.append((person, number))
            report.keep(person.fate)
        elif state == SubscriptionState.UNSUBSCRIBED:
            report.kept_out += 1
        elif person.fate is Fate.UNSUBSCRIBED and state in ON_IT and number not in by_themselves:
            made.leaving[number] = person
            report.keep(person.fate)
        else:
            _join(person, (number, name, state), made, report)
    return made


def _join(
    person: Person, here: tuple[int, str, str | None], made: Plan, report: ImportReport
) -> None:
    """Plan for somebody who is on the list, or comes onto it."""
    number, name, state = here
    fills = bool(number and person.name and not name)
    if fills:
        made.names[number] = person.name
    if state is None or (state == SubscriptionState.PENDING and person.fate in AGREED):
        made.joining.append(person)
        if person.fate is Fate.ACTIVE:
            report.added += 1
        else:
            report.keep(person.fate)
    elif fills:
        report.updated += 1
    else:
        report.already += 1


def _joined_by_themselves(session: Session, list_: List, ids: Sequence[int]) -> set[int]:
    """Return who confirmed here: what they said to another system before does not count."""
    if not ids:
        return set()
    own = (ConsentKind.CONFIRMED, ConsentKind.CAME_BACK)
    return set(
        session.scalars(
            select(Consent.subscriber_id).where(
                Consent.list_id == list_.id,
                Consent.kind.in_(own),
                _among(session, Consent.subscriber_id, ids),
            )
        )
    )


def _erased(session: Session, keys: Sequence[str]) -> set[str]:
    """Return those of the keys whose owners had everything erased; hashed only if there are any."""
    is_of_erased = Suppression.email_key.startswith(HASHED)
    if session.scalar(select(Suppression.id).where(is_of_erased).limit(1)) is None:
        return set()
    by_hash = {hidden(session, key): key for key in keys}
    found = session.scalars(
        select(Suppression.email_key).where(_among(session, Suppression.email_key, [*by_hash]))
    )
    return {by_hash[one] for one in found}


def write(session: Session, list_: List, plan: Plan, evidence: Evidence, now: datetime) -> None:
    """Carry out a plan: people, evidence, subscriptions, names; one statement for each table."""
    for fate in sorted({person.fate for person in plan.joining}):
        people = [person for person in plan.joining if person.fate is fate]
        state = SubscriptionState(fate.value)
        incoming = _incoming(session, people, evidence, now)
        _insert_people(session, incoming, now)
        _insert_evidence(session, incoming, list_, evidence.wording if fate in AGREED else "", now)
        _insert_subscriptions(session, incoming, list_, state, now)
    for number, person in plan.leaving.items():
        visit = Visit(
            actor="import", via="csv", source=evidence.file_and_hash + evidence.place(person)
        )
        unsubscribe(session, list_.id, number, visit=visit, now=now)
    for reason in SUPPRESSED_FOR.values():
        suppress_many(
            session,
            [
                (person.key, evidence.origin_of(person), number)
                for person, number in plan.suppressing
                if SUPPRESSED_FOR[person.fate] is reason
            ],
            reason,
            now=now,
        )
    if plan.names:
        row = Subscriber.__table__.c
        session.connection().execute(
            update(Subscriber)
            .where(row.id == bindparam("number"), row.name == "")
            .values(name=bindparam("new")),
            [{"number": number, "new": name} for number, name in plan.names.items()],
        )


def _insert_people(session: Session, incoming: FromClause, now: datetime) -> None:
    values = {
        "email": incoming.c.email,
        "email_key": incoming.c.key,
        "name": incoming.c.name,
        "attributes": literal({}, JSON()),
        "created_at": literal(now, Instant()),
    }
    rows = select(*values.values()).where(EVERY)
    # Whom somebody else made meanwhile stays as they are.
    session.execute(
        insert_into(session, Subscriber)
        .from_select(list(values), rows, include_defaults=False)
        .on_conflict_do_nothing(index_elements=["email_key"])
    )


def _insert_evidence(
    session: Session, incoming: FromClause, list_: List, wording: str, now: datetime
) -> None:
    values = {
        "list_id": literal(list_.id),
        "subscriber_id": Subscriber.id,
        "kind": literal(ConsentKind.IMPORTED.value),
        "at": literal(now, Instant()),
        "actor": literal("import"),
        "via": literal("csv"),
        "wording": literal(wording),
        "source": incoming.c.source,
        "ip": literal(""),
        "user_agent": literal(""),
    }
    rows = select(*values.values()).join_from(
        incoming, Subscriber, Subscriber.email_key == incoming.c.key
    )
    session.execute(
        insert_into(session, Consent).from_select(list(values), rows, include_defaults=False)
    )


def _insert_subscriptions(
    session: Session, incoming: FromClause, list_: List, state: SubscriptionState, now: datetime
) -> None:
    values = {
        "list_id": literal(list_.id),
        "subscriber_id": Subscriber.id,
        "state": literal(state.value),
        # Who never confirmed never joined.
        "joined_at": null() if state == SubscriptionState.PENDING else incoming.c.joined_at,
        "changed_at": literal(now, Instant()),
    }
    rows = (
        select(*values.values())
        .join_from(incoming, Subscriber, Subscriber.email_key == incoming.c.key)
        .where(EVERY)
    )
    statement = insert_into(session, Subscription).from_select(
        list(values), rows, include_defaults=False
    )
    new = statement.excluded
    if state not in (SubscriptionState.ACTIVE, SubscriptionState.PAUSED):
        session.execute(statement.on_conflict_do_nothing())
        return
    # Only one that is still pending is taken further: who left meanwhile stays away.
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["list_id", "subscriber_id"],
            set_={
                "state": new.state,
                "joined_at": func.coalesce(Subscription.joined_at, new.joined_at),
                "changed_at": new.changed_at,
            },
            where=Subscription.state == SubscriptionState.PENDING,
        )
    )


def _incoming(
    session: Session, people: Sequence[Person], evidence: Evidence, now: datetime
) -> FromClause:
    """Return the people as a table of the database: one value, read as JSON there."""
    postgres = session.get_bind().dialect.name == "postgresql"
    # As Instant is kept: SQLite compares moments as text.
    form = "%Y-%m-%d %H:%M:%S.%f+00" if postgres else "%Y-%m-%d %H:%M:%S.%f"
    today = now.strftime(form)
    rows = []
    # By key: the index grows at one place, and two imports lock the rows in one order.
    for one in sorted(people, key=lambda one: one.key):
        joined = one.joined_at or one.proof
        rows.append(
            (
                None if one.email == one.key else one.email,
                one.key,
                one.name,
                evidence.place(one),
                joined.strftime(form) if joined else today,
            )
        )
    written = orjson.dumps(rows).decode()
    if postgres:
        each = func.json_array_elements(cast(literal(written, String()), JSON()))
        value = each.table_valued("value").c.value
        cells = [func.json_array_element_text(value, number) for number in range(5)]
    else:
        value = func.json_each(literal(written, String())).table_valued("value").c.value
        cells = [func.json_extract(value, f"$[{number}]") for number in range(5)]
    email, key, name, place, joined_at = cells
    return select(
        func.coalesce(email, key).label("email"),
        cast(key, KEY).label("key") if postgres else key.label("key"),
        name.label("name"),
        (literal(evidence.file_and_hash) + place).label("source"),
        (cast(joined_at, Instant()) if postgres else joined_at).label("joined_at"),
    ).subquery()


def _among(
    session: Session, column: InstrumentedAttribute[Any], keys: Sequence[str] | Sequence[int]
) -> ColumnElement[bool]:
    """Compare with many keys as one value: neither database has a limit then."""
    if session.get_bind().dialect.name == "postgresql":
        return column == any_(literal(list(keys), postgresql.ARRAY(column.type)))
    return column.in_(
        select(func.json_each(orjson.dumps(list(keys)).decode()).table_valued("value").c.value)
    )
