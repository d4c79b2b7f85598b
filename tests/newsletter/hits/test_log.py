"""The log: what was taken is there, whoever dies; each line is moved into the database once."""

import os
import resource
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from newsletter.hits import PIXEL, Hit, Says, ingest
from newsletter.hits.hit import Line, read, written
from newsletter.hits.log import HitLog
from newsletter.message import Visitor
from newsletter.models import HitSegment, Tally
from subscribers.database import Database
from tests.factories import NOON
from tests.newsletter.hits.rows import issue_sent

AT = int(NOON.timestamp() * 1000) + 3_600_000


def hit(link: int = 1, **more: Any) -> Hit:
    return Hit(1, AT, 1, link, 0, Visitor.MACHINE, "head")._replace(**more)


def counts(database: Database) -> dict[tuple[int, str, str], int]:
    with database.read() as session:
        rows = session.scalars(select(Tally).where(Tally.n != 0))
        return {(row.link, row.visitor, row.reason): row.n for row in rows}


@pytest.mark.parametrize("says", list(Says))
def test_a_line_says_the_same_both_ways(says: Says) -> None:
    line = Line(says, hit(subscriber_id=9))
    assert read(written(line).rstrip(b"\n")) == line


@pytest.mark.parametrize(
    "line", [b"", b"+", b"+ 1 2 3 4 5 person", b"? 1 2 3 4 5 person x", b"+ a 2 3 4 5 person x",
             b"+ 1 2 3 4 5 ghost x", b"\xff\xfe 1 2 3 4 5 person x", b"+ 1 2 3 4 5 person x y"],
)  # fmt: skip
def test_what_is_no_line_is_passed_over(line: bytes) -> None:
    assert read(line) is None


def test_each_line_is_counted_once_however_often_it_is_read(
    database: Database, tmp_path: Path
) -> None:
    issue_sent(database)
    log = HitLog(tmp_path / "hits")
    for link in (1, 1, 2, PIXEL):
        log.append(hit(link))
    assert ingest(database, log.folder, now=NOON) == 4
    assert ingest(database, log.folder, now=NOON) == 0
    log.append(hit(2))
    assert ingest(database, log.folder, now=NOON) == 1
    assert counts(database) == {
        (1, "machine", "head"): 2,
        (2, "machine", "head"): 2,
        (PIXEL, "machine", "head"): 1,
    }


def test_a_living_segment_stays_and_a_dead_one_is_read_to_its_end_and_removed(
    database: Database, tmp_path: Path
) -> None:
    issue_sent(database)
    log = HitLog(tmp_path / "hits")
    log.append(hit())
    ingest(database, log.folder, now=NOON)
    assert len(list(log.folder.iterdir())) == 1
    log.append(hit())
    log.close()
    assert ingest(database, log.folder, now=NOON) == 1
    assert list(log.folder.iterdir()) == []
    with database.read() as session:
        # It stays, so that nobody who still has the file open reads it from its beginning.
        assert len(session.scalars(select(HitSegment)).all()) == 1


def test_a_line_that_was_cut_off_is_not_counted_and_those_around_it_are(
    database: Database, tmp_path: Path
) -> None:
    issue_sent(database)
    folder = tmp_path / "hits"
    folder.mkdir()
    whole = written(Line(Says.HIT, hit()))
    (folder / "0a-000001.hits").write_bytes(whole + whole[:9])
    (folder / "0a-000002.hits").write_bytes(b"rubbish\n" + whole)
    ingest(database, folder, now=NOON)
    assert counts(database) == {(1, "machine", "head"): 2}


def test_a_verdict_moves_its_hit_from_waiting_to_what_it_is(
    database: Database, tmp_path: Path
) -> None:
    issue_sent(database)
    log = HitLog(tmp_path / "hits")
    waiting = hit(visitor=Visitor.UNKNOWN, reason="waiting")
    log.append(waiting)
    log.append(waiting)
    ingest(database, log.folder, now=NOON)
    log.append(hit(visitor=Visitor.PERSON, reason="navigated"), Says.VERDICTS)
    ingest(database, log.folder, now=NOON)
    assert counts(database) == {(1, "unknown", "waiting"): 1, (1, "person", "navigated"): 1}


def test_a_hit_on_an_issue_that_is_not_there_is_dropped(database: Database, tmp_path: Path) -> None:
    log = HitLog(tmp_path / "hits")
    log.append(hit(issue_id=99))
    assert ingest(database, log.folder, now=NOON) == 1
    assert counts(database) == {}


def test_a_large_log_is_cut_into_segments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter.hits.log.LARGEST", 100)
    log = HitLog(tmp_path / "hits")
    for _ in range(10):
        log.append(hit())
    assert len(list(log.folder.iterdir())) > 2


def test_an_old_segment_is_ended_so_that_no_number_lies_about_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = HitLog(tmp_path / "hits")
    for expected, oldest in ((1, 600.0), (2, -1.0)):
        monkeypatch.setattr("newsletter.hits.log.OLDEST", oldest)
        log.append(hit())
        log.rotate()
        log.append(hit())
        assert len(list(log.folder.iterdir())) == expected


def test_a_full_disk_is_told_and_spoils_no_other_line(database: Database, tmp_path: Path) -> None:
    issue_sent(database)
    log = HitLog(tmp_path / "hits")
    log.append(hit())
    size = len(written(Line(Says.HIT, hit())))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10, before[1]))
    try:
        with pytest.raises(OSError, match="only a part"):
            log.append(hit())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    log.append(hit())
    log.close()
    ingest(database, log.folder, now=NOON)
    assert counts(database) == {(1, "machine", "head"): 2}


def test_the_log_is_for_its_owner_alone(tmp_path: Path) -> None:
    log = HitLog(tmp_path / "hits")
    log.append(hit())
    (segment,) = log.folder.iterdir()
    assert segment.stat().st_mode & 0o077 == 0
    assert os.stat(log.folder).st_mode & 0o077 == 0
    log.sync()
