"""People of a batch into the tables: one statement for each, however many they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    ColumnElement,
    bindparam,
    func,
    literal,
    literal_column,
    null,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from subscribers.database import insert_into
from subscribers.models import (
    KEY,
    Consent,
    ConsentKind,
    List,
    Subscriber,
    SubscriberTag,
    Subscription,
    SubscriptionState,
)
from subscribers.rows import MOMENT, NUMBER, TEXT, Column, as_table
from subscribers.transfer.batch import Batch
from subscribers.transfer.origins import Fate
from subscribers.transfer.person import AGREED
from subscribers.transfer.standing import UNKNOWN

# SQLite cannot tell ON CONFLICT from the ON of a join without a WHERE before it.
EVERY = literal_column("1") == literal_column("1")
MAILED = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where and when people come: the list, and the import that brings them."""

    session: Session
    list_: List
    import_id: int
    now: datetime

    def take_in(self, people: Batch) -> Sequence[int]:
        """Make subscribers of people; their ids come in their order, UNKNOWN for who is known already."""
        columns: dict[str, Column] = {"key": (KEY, people.keys)}
        if any(people.addresses):
            columns["email"] = (TEXT, people.addresses)
        if any(people.names):
            columns["name"] = (TEXT, people.names)
        if any(people.extras):
            columns["attributes"] = (
                JSON(),
                [_json(one.attributes if one else None) for one in people.extras],
            )
            columns["engaged"] = (MOMENT, [one and one.engaged_at for one in people.extras])
        first = 0
        if self._on_sqlite:
            # Nobody else writes meanwhile, and no number is given twice.
            first = _next_id(self.session)
            columns["id"] = (NUMBER, range(first, first + len(people)))
        rows = as_table(self.session, columns).c
        values: dict[str, ColumnElement[Any]] = {
            "email": func.coalesce(rows.email, rows.key) if "email" in rows else rows.key,
            "email_key": rows.key,
            "name": rows.name if "name" in rows else literal(""),
            "attributes": rows.attributes if "attributes" in rows else literal({}, JSON()),
            "created_at": literal(self.now, MOMENT),
            "last_engaged_at": rows.engaged if "engaged" in rows else null(),
        }
        if self._on_sqlite:
            values["id"] = rows.id
        statement = self._rows_into(Subscriber, values)
        statement = statement.on_conflict_do_nothing(index_elements=["email_key"])
        if not self._on_sqlite:
            made = statement.returning(Subscriber.email_key, Subscriber.id)
            found = {key: number for key, number in self.session.execute(made)}
            return [found.get(key, UNKNOWN) for key in people.keys]
        self.session.execute(statement)
        return self._given(range(first, first + len(people)))

    def _given(self, ids: range) -> Sequence[int]:
        """Return the numbers that were given to somebody, UNKNOWN for those that were not."""
        if self.session.scalar(select(func.changes())) == len(ids):
            return ids
        # As one value: row by row the thread that reads ahead takes its turn after each.
        there = select(func.json_group_array(Subscriber.id)).where(Subscriber.id >= ids.start)
        given = {*orjson.loads(self.session.scalar(there) or "[]")}
        return [number if number in given else UNKNOWN for number in ids]

    def join(self, people: Batch, ids: Sequence[int], fate: Fate, *, new: bool = False) -> None:
        """Put people on the list as what they were elsewhere, with evidence, and their tags.

        Who is `new` was taken in by this transaction: nobody else can have put them on a list.
        """
        self._add_evidence(people, ids, fate)
        self._add_subscriptions(people, ids, SubscriptionState(fate.value), new=new)
        self._add_tags(people, ids)

    def fill_in(self, people: Batch, ids: Sequence[int]) -> None:
        """Give people who are here what they lack: a name, attributes, tags; nothing is replaced."""
        named = [at for at, name in enumerate(people.names) if name]
        if named:
            rows = as_table(
                self.session,
                {
                    "id": (NUMBER, [ids[at] for at in named]),
                    "name": (TEXT, [people.names[at] for at in named]),
                },
            ).c
            self.session.execute(
                update(Subscriber)
                .where(Subscriber.id == rows.id, Subscriber.name == "")
                .values(name=rows.name)
                .execution_options(synchronize_session=False)
            )
        self._fill_in_attributes(people, ids)
        self._add_tags(people, ids)

    @property
    def _on_sqlite(self) -> bool:
        return self.session.get_bind().dialect.name == "sqlite"

    def _add_evidence(self, people: Batch, ids: Sequence[int], fate: Fate) -> None:
        agreed = fate in AGREED
        columns: dict[str, Column] = {"id": (NUMBER, ids), "line": (NUMBER, people.lines)}
        if any(people.extras):
            columns["told"] = (TEXT, [one.told if one else "" for one in people.extras])
        rows = as_table(self.session, columns).c
        source: ColumnElement[Any] = literal("" if agreed else f" · {fate} there", TEXT)
        values = {
            "list_id": literal(self.list_.id),
            "subscriber_id": rows.id,
            "kind": literal((ConsentKind.IMPORTED if agreed else ConsentKind.KEPT).value),
            "at": literal(self.now, MOMENT),
            "actor": literal("import"),
            "via": literal("csv"),
            "source": source + rows.told if "told" in rows else source,
            "import_id": literal(self.import_id),
            "import_line": rows.line,
        }
        self.session.execute(self._rows_into(Consent, values))

    def _add_subscriptions(
        self, people: Batch, ids: Sequence[int], state: SubscriptionState, *, new: bool
    ) -> None:
        columns: dict[str, Column] = {"id": (NUMBER, ids)}
        if any(people.joined):
            columns["joined"] = (MOMENT, people.joined)
        rows = as_table(self.session, columns).c
        today = literal(self.now, MOMENT)
        joined: ColumnElement[Any] = rows.joined if "joined" in rows else null()
        if state in MAILED:
            joined = func.coalesce(joined, today) if "joined" in rows else today
        values = {
            "list_id": literal(self.list_.id),
            "subscriber_id": rows.id,
            "state": literal(state.value),
            # Who never confirmed never joined.
            "joined_at": null() if state == SubscriptionState.PENDING else joined,
            "changed_at": today,
        }
        statement = self._rows_into(Subscription, values)
        if not new:
            told = statement.excluded
            # Only one that is still pending is taken further: who left meanwhile stays away.
            statement = statement.on_conflict_do_update(
                index_elements=["list_id", "subscriber_id"],
                set_={
                    "state": told.state,
                    "joined_at": func.coalesce(Subscription.joined_at, told.joined_at),
                    "changed_at": told.changed_at,
                },
                where=(Subscription.state == SubscriptionState.PENDING) & told.state.in_(MAILED),
            )
        self.session.execute(statement)

    def _add_tags(self, people: Batch, ids: Sequence[int]) -> None:
        tagged = [
            (number, tag)
            for number, one in zip(ids, people.extras, strict=True)
            if one is not None
            for tag in one.tags
        ]
        if not tagged:
            return
        numbers, tags = zip(*tagged, strict=True)
        rows = as_table(self.session, {"id": (NUMBER, numbers), "tag": (KEY, tags)}).c
        statement = self._rows_into(SubscriberTag, {"subscriber_id": rows.id, "tag": rows.tag})
        self.session.execute(statement.on_conflict_do_nothing())

    def _fill_in_attributes(self, people: Batch, ids: Sequence[int]) -> None:
        told = {
            number: one
            for number, one in zip(ids, people.extras, strict=True)
            if one is not None and (one.attributes or one.engaged_at)
        }
        if not told:
            return
        wanted = as_table(self.session, {"id": (NUMBER, [*told])})
        row = Subscriber.__table__.c
        here = select(row.id, row.attributes, row.last_engaged_at).join_from(
            wanted, Subscriber, Subscriber.id == wanted.c.id
        )
        changed = []
        for number, attributes, engaged_at in self.session.execute(here).all():
            one = told[number]
            filled = (one.attributes or {}) | attributes
            latest = max((at for at in (engaged_at, one.engaged_at) if at), default=None)
            if (filled, latest) != (attributes, engaged_at):
                changed.append({"number": number, "attributes": filled, "last_engaged_at": latest})
        if changed:
            self.session.connection().execute(
                update(Subscriber).where(row.id == bindparam("number")), changed
            )

    def _rows_into(
        self, table: Any, values: Mapping[str, ColumnElement[Any]]
    ) -> postgresql.Insert | sqlite.Insert:
        rows = select(*values.values()).where(EVERY)
        return insert_into(self.session, table).from_select(list(values), rows)


def _json(value: Mapping[str, Any] | None) -> str:
    return orjson.dumps(value or {}).decode()


def _next_id(session: Session) -> int:
    """Return the number that SQLite would give to the next subscriber."""
    given = text("SELECT seq FROM sqlite_sequence WHERE name = 'subscriber'")
    return int(session.scalar(given) or 0) + 1
