"""Segments of the log into rows: each line once, for (segment, offset) is committed with them.

Hits of nobody in particular become counts (`Tally`), hits of people who agreed become events; of
who took that back since, nothing is kept (RULES L-1).
"""

import fcntl
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from newsletter.hits.hit import HOUR_MS, WAITING, Hit, Line, Says, read
from newsletter.hits.log import SUFFIX
from newsletter.issues import agreed
from newsletter.links import NOBODY
from newsletter.message import EventType, Visitor
from newsletter.models import HitSegment, Issue, StoredEvent, Tally
from newsletter.visitors import EARLY_MS, PIXEL
from subscribers import store
from subscribers.database import Database, insert_into

SOURCE = "own"
AT_ONCE = 1_000_000
# As a line writes them.
HIT, NAMELESS = str(Says.HIT).encode(), str(NOBODY).encode()
EVENT: Table = StoredEvent.__table__  # type: ignore[assignment]

Key = tuple[int, int, int, str, str]


def ingest(database: Database, folder: Path, *, now: datetime) -> int:
    """Move what is new in every segment of a folder into the database; return how many lines.

    A segment whose writer is dead is removed once it was read to its end.
    """
    lines = 0
    for segment in sorted(folder.glob(f"*{SUFFIX}")):
        while taken := _take(database, segment, now):
            lines += taken
        _remove_dead(database, segment, now)
    return lines


def _take(database: Database, segment: Path, now: datetime) -> int:
    with database.begin() as session:
        row = _row(session, segment.stem, now)
        chunk = _read(segment, row.offset)
        found = chunk[: chunk.rfind(b"\n") + 1].splitlines()
        if not found:
            return 0
        _store(session, segment.stem, *_sorted(found), now)
        row.offset += chunk.rfind(b"\n") + 1
        row.at = now
        return len(found)


def _row(session: Session, name: str, now: datetime) -> HitSegment:
    session.execute(
        insert_into(session, HitSegment)
        .values(name=name, offset=0, at=now)
        .on_conflict_do_nothing()
    )
    return session.get_one(HitSegment, name, with_for_update=True)


def _read(segment: Path, offset: int) -> bytes:
    try:
        with segment.open("rb") as file:
            file.seek(offset)
            return file.read(AT_ONCE)
    except FileNotFoundError:
        return b""


def _remove_dead(database: Database, segment: Path, now: datetime) -> None:
    try:
        handle = os.open(segment, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        # Once more: it may have written between our reading and its death.
        while _take(database, segment, now):
            pass
        segment.unlink(missing_ok=True)
    finally:
        os.close(handle)


def _sorted(lines: Iterable[bytes]) -> tuple[list[tuple[Line, int]], list[Line]]:
    """Return the lines that name nobody, alike ones once and counted, and those that name people.

    Nearly all are hits of nobody in particular: to read each of them whole costs more than to
    answer it does.
    """
    alike: Counter[tuple[int, bytes]] = Counter()
    others: list[bytes] = []
    for line in lines:
        try:
            says, _, at, rest = line.split(b" ", 3)
            if says == HIT and rest.split(b" ", 3)[2] == NAMELESS:
                alike[int(at) // HOUR_MS, rest] += 1
                continue
        except (ValueError, IndexError):
            pass
        others.append(line)
    read_ones = [line for line in map(read, others) if line]
    told = [
        (read(b"%b 0 %d %b" % (HIT, hour * HOUR_MS, rest)), count)
        for (hour, rest), count in alike.items()
    ]
    nameless = [(line, count) for line, count in told if line is not None]
    nameless += [(line, 1) for line in read_ones if line.hit.subscriber_id == NOBODY]
    return nameless, [line for line in read_ones if line.hit.subscriber_id != NOBODY]


def _store(
    session: Session,
    segment: str,
    nameless: list[tuple[Line, int]],
    named: list[Line],
    now: datetime,
) -> None:
    wanted = {line.hit.issue_id for line, _ in nameless} | {line.hit.issue_id for line in named}
    known = set(session.scalars(select(Issue.id).where(Issue.id.in_(wanted))))
    counts = _counts(one for one in nameless if one[0].hit.issue_id in known)
    if counts:
        _add(session, counts)
    named = [line for line in named if line.hit.issue_id in known]
    if named:
        _record(session, segment.partition("-")[0], named, now)


def _counts(lines: Iterable[tuple[Line, int]]) -> Counter[Key]:
    """Return what changes in the counts; verdicts move hits from waiting to what they are."""
    counts: Counter[Key] = Counter()
    for (says, hit), alike in lines:
        if says is Says.HIT:
            counts[_key(hit, hit.visitor, hit.reason)] += alike
        else:
            counts[_key(hit, Visitor.UNKNOWN, WAITING)] -= hit.number
            counts[_key(hit, hit.visitor, hit.reason)] += hit.number
    return counts


def _key(hit: Hit, visitor: Visitor, reason: str) -> Key:
    return hit.issue_id, hit.link, hit.at - hit.at % HOUR_MS, str(visitor), reason


def _add(session: Session, counts: Mapping[Key, int]) -> None:
    rows = [
        {
            "issue_id": issue_id,
            "link": link,
            "hour": _moment(hour),
            "visitor": visitor,
            "reason": reason,
            "n": n,
        }
        for (issue_id, link, hour, visitor, reason), n in sorted(counts.items())
    ]
    adding = insert_into(session, Tally)
    session.execute(
        adding.on_conflict_do_update(
            index_elements=list(Tally.__table__.primary_key),
            set_={"n": Tally.n + adding.excluded.n},
        ),
        rows,
    )


def _record(session: Session, process: str, lines: list[Line], now: datetime) -> None:
    named = {(line.hit.issue_id, line.hit.subscriber_id) for line in lines}
    left = {one: _ms(at) for one, at in agreed(session, named).items()}
    hits, verdicts = [], []
    for says, hit in lines:
        at = left.get((hit.issue_id, hit.subscriber_id))
        if at is None:
            continue
        early = 0 <= hit.at - at < EARLY_MS
        judged = (Visitor.MACHINE, "early") if early else (hit.visitor, hit.reason)
        number = f"{process}.{hit.number}"
        if says is Says.VERDICT:
            verdicts.append({"number": number, "visitor": judged[0], "detail": judged[1]})
        else:
            hits.append(_event(hit, number, *judged, now))
    if hits:
        session.execute(insert_into(session, StoredEvent).on_conflict_do_nothing(), hits)
    store.engaged(session, _followed(lines, left))
    if verdicts:
        session.connection().execute(
            update(EVENT)
            .where(EVENT.c.source == SOURCE, EVENT.c.source_id == bindparam("number"))
            .values(visitor=bindparam("visitor"), detail=bindparam("detail")),
            verdicts,
        )


def _followed(lines: Iterable[Line], left: Mapping[tuple[int, int], int]) -> dict[int, datetime]:
    """Return when people last followed a link, as far as it was no machine: a sign of life."""
    found: dict[int, int] = {}
    for says, hit in lines:
        began = left.get((hit.issue_id, hit.subscriber_id))
        if began is None or says is not Says.VERDICT or hit.link == PIXEL:
            continue
        if hit.visitor is not Visitor.MACHINE and hit.at - began >= EARLY_MS:
            found[hit.subscriber_id] = max(hit.at, found.get(hit.subscriber_id, 0))
    return {person: _moment(at) for person, at in found.items()}


def _event(hit: Hit, number: str, visitor: Visitor, reason: str, now: datetime) -> dict[str, Any]:
    return {
        "source": SOURCE,
        "source_id": number,
        "type": EventType.OPENED if hit.link == PIXEL else EventType.CLICKED,
        "issue_id": hit.issue_id,
        "subscriber_id": hit.subscriber_id,
        "at": _moment(hit.at),
        "received_at": now,
        "detail": reason,
        "link": hit.link,
        "visitor": visitor,
    }


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
