"""An import that was cut off goes on where it was: a kill, a full disk, two at once."""

import csv
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from subscribers.database import Database
from subscribers.errors import FileRefused
from subscribers.models import Consent, Import, Subscription
from subscribers.transfer import ImportReport, bringing_in, import_csv
from tests.factories import NOON, make_list

WORDS = "they agreed at the fair"
BATCH = 100
ROWS = 1_000
# Imports, and dies by its own hand after so many batches; as hard as by anybody else's.
DOOMED = f"""
import os, signal, sys
from pathlib import Path
from subscribers.database import Database
from subscribers.transfer import bringing_in, import_csv
from tests.factories import NOON

bringing_in.CHUNK = {BATCH}
left = int(sys.argv[3])

def count_down(done, size):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

import_csv(Database(sys.argv[1]), Path(sys.argv[2]), consent_text={WORDS!r}, progress=count_down, now=NOON)
"""


@pytest.fixture
def file(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a file of a thousand rows, every tenth of which is no address, and a list for it."""
    monkeypatch.setattr(bringing_in, "CHUNK", BATCH)
    with database.begin() as session:
        make_list(session)
    rows = (f"reader{at}{'@' if at % 10 else ' at '}example.com,Ann" for at in range(ROWS))
    file = tmp_path / "people.csv"
    file.write_text("\n".join(["email,name", *rows, ""]), encoding="utf-8")
    return file


def take(database: Database, file: Path, **options: object) -> ImportReport:
    given: dict[str, object] = {"consent_text": WORDS, "now": NOON} | options
    return import_csv(database, file, **given)  # type: ignore[arg-type]


def is_whole(database: Database, report: ImportReport) -> None:
    """Check that each row was counted once, and each refused row is listed once."""
    assert (report.read, report.added, report.already, report.refused) == (ROWS, 900, 0, 100)
    with database.read() as session:
        for table in (Subscription, Consent):
            assert session.scalar(select(func.count()).select_from(table)) == 900
        row = session.scalars(select(Import)).one()
        assert row.finished_at == NOON
        assert row.counts == report.counts()
    assert report.report_path
    with report.report_path.open(encoding="utf-8", newline="") as listed:
        assert [int(row["line"]) for row in csv.DictReader(listed)] == [*range(2, ROWS + 2, 10)]


@pytest.mark.parametrize("batches", [1, 4])
def test_an_import_killed_in_the_middle_goes_on_and_counts_each_row_once(
    database: Database, file: Path, batches: int
) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    ended = subprocess.run(
        (sys.executable, "-c", DOOMED, url, str(file), str(batches)),
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert ended.returncode == -signal.SIGKILL
    report = take(database, file)
    assert report.resumed_at == 2 + batches * BATCH
    is_whole(database, report)


def test_refused_rows_of_a_batch_that_was_lost_are_listed_once(
    database: Database, file: Path
) -> None:
    def give_up(_done: int, _all: int) -> None:
        with (file.parent / "people.refused.csv").open("a", encoding="utf-8") as listed:
            listed.write("999,written before the kill,and not kept\n")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(database, file, progress=give_up)
    is_whole(database, take(database, file))


def test_who_threw_the_list_of_refused_rows_away_gets_the_rest_of_it(
    database: Database, file: Path
) -> None:
    def give_up(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(database, file, progress=give_up)
    (file.parent / "people.refused.csv").unlink()
    report = take(database, file)
    assert report.refused == 100
    assert report.report_path
    listed = report.report_path.read_text(encoding="utf-8").splitlines()
    assert listed[0] == "line,email,reason"
    assert 50 < len(listed) < 101


@pytest.mark.parametrize(
    "other", [{"consent_text": "other words"}, {"column_map": {"name": "first_name"}}]
)
def test_the_same_file_with_other_words_is_another_import(
    database: Database, file: Path, other: dict[str, object]
) -> None:
    def give_up(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(database, file, progress=give_up)
    report = take(database, file, **other)
    assert report.resumed_at == 0
    assert (report.read, report.added + report.already) == (ROWS, 900)
    assert report.already > 0


def test_two_at_once_do_not_count_twice(database: Database, file: Path) -> None:
    def take_another(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(database, file, progress=take_another)
    told: list[ImportReport] = []

    def finish_elsewhere(_done: int, _all: int) -> None:
        if not told:
            told.append(take(database, file))

    with pytest.raises(FileRefused, match="another process is importing it just now"):
        take(database, file, progress=finish_elsewhere)
    is_whole(database, told[0])
