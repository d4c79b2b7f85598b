"""People of a batch into the tables: one statement for each, however many they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    bindparam,
    func,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.orm import Session

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
from subscribers.rows import MOMENT, NUMBER, TEXT, Column, as_table, insert_from
from subscribers.transfer.batch import Batch
from subscribers.transfer.origins import Fate
from subscribers.transfer.person import AGREED

MAILED = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where and when people come: the list, and the import that brings them."""

    session: Session
    list_: List
    import_id: int
    now: datetime

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
        self.session.execute(insert_from(self.session, Consent, values))

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
        statement = insert_from(self.session, Subscription, values)
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
        statement = insert_from(
            self.session, SubscriberTag, {"subscriber_id": rows.id, "tag": rows.tag}
        )
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
