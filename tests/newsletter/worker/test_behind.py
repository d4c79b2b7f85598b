"""A database of yesterday put in place by hand sends nothing until a person says so (RULES R-5)."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from newsletter.app import App, build
from newsletter.app.sidecar import Mark, read_mark
from newsletter.models import Instance, Issue
from newsletter.worker.behind import hold_what_is_behind
from newsletter.worker.local import run
from subscribers.database import now
from tests.newsletter.house import add_people, open_house, schedule, settings_for, state
from tests.newsletter.receiver import Receiver


@pytest.fixture
def receiver(tmp_path: Path) -> Receiver:
    return Receiver(tmp_path / "book")


@pytest.fixture
def app(tmp_path: Path, receiver: Receiver) -> Iterator[App]:
    url = f"sqlite:///{tmp_path / 'newsletter.db'}"
    opened = open_house(url, tmp_path, receiver, batch_size=10)
    yield opened
    opened.database.close()


def test_a_file_of_yesterday_put_back_by_hand_is_found_out(
    app: App, receiver: Receiver, tmp_path: Path
) -> None:
    """# R-5: everybody would be mailed a second time."""
    issue = schedule(app, add_people(app, 30), now=now())
    with app.database.begin() as session:
        session.execute(text("SELECT 1"))
    app.database.close()
    yesterday = tmp_path / "yesterday.db"
    _copy(tmp_path / "newsletter.db", yesterday)
    run(app, until_idle=True)
    assert sum(receiver.book().values()) == 30

    app.database.close()
    _copy(yesterday, tmp_path / "newsletter.db")
    again = build(app.settings, choose=lambda _: receiver)
    run(again, until_idle=True)

    assert state(again, issue) == "paused"
    assert sum(receiver.book().values()) == 30
    with again.database.read() as session:
        assert session.get_one(Issue, issue).hold_reason == "restored"
    again.database.close()


def _copy(source: Path, target: Path) -> None:
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    shutil.copy(source, target)


def test_another_database_in_its_place_is_found_out(app: App) -> None:
    issue = schedule(app, add_people(app, 3), now=now())
    app.mark(1)
    with app.database.begin() as session:
        session.execute(update(Instance).values(name="another", claims=9))
    again = build(app.settings, choose=app.choose)

    assert hold_what_is_behind(again, now()) == 1
    assert state(again, issue) == "paused"
    assert read_mark(again.sidecar) == Mark("another", 9)
    assert hold_what_is_behind(again, now()) == 0
    again.database.close()


def test_a_database_that_is_not_behind_goes_on(app: App, receiver: Receiver) -> None:
    for key in ("one", "two"):
        schedule(
            app, add_people(app, 3, slug=key, first=len(key) * 10 + ord(key[0])), key=key, now=now()
        )
        run(app, until_idle=True)

    assert len(receiver.book()) == 6
    mark = read_mark(app.sidecar)
    assert mark is not None
    assert mark.claims == 2


def test_a_send_that_stood_still_for_more_than_an_hour_waits_for_a_person(
    app: App, receiver: Receiver
) -> None:
    """A whole machine put back from a snapshot: its sidecar is as old as its database."""
    issue = schedule(app, add_people(app, 30), now=now())
    with app.database.begin() as session:
        row = session.get_one(Issue, issue)
        row.state, row.started_at = "sending", now() - timedelta(hours=2)
        row.updated_at = row.started_at

    assert hold_what_is_behind(app, now()) == 1
    with app.database.read() as session:
        row = session.get_one(Issue, issue)
        assert (row.state, row.hold_reason) == ("paused", "late")


def test_a_sidecar_that_cannot_be_read_is_none(app: App) -> None:
    app.sidecar.write_text("{")

    assert read_mark(app.sidecar) is None
    assert hold_what_is_behind(app, now()) == 0
    assert read_mark(app.sidecar) == Mark(app.instance, 0)


def test_the_state_lies_beside_the_database_unless_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a' / 'newsletter.db'}"
    assert (
        settings_for(url, tmp_path, state_dir=None).state_folder == tmp_path / "a" / ".newsletter"
    )
