"""A backup put back: nobody who left since is mailed, and yesterday's links work."""

import threading
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from newsletter import access, issues
from newsletter.app import App, build
from newsletter.backup import back_up, restore
from newsletter.errors import BackupError, IssueError
from newsletter.links import Goodbye
from newsletter.models import NEVER_BACKED_UP, Issue
from newsletter.rights import erase_person
from newsletter.settings import Settings
from newsletter.worker.local import run
from subscribers import store
from subscribers.address import parse
from subscribers.database import now
from subscribers.models import List, Subscriber, Subscription, SuppressionReason
from tests.factories import READER
from tests.newsletter.house import (
    NOON,
    add_people,
    address,
    open_house,
    progress,
    schedule,
    settings_for,
    state,
    subscriber_id,
)
from tests.newsletter.receiver import Receiver

LATER = timedelta(hours=3)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[App]:
    opened = open_house(database_url, tmp_path, Receiver(tmp_path / "book"), batch_size=100)
    yield opened
    opened.database.close()


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Settings:
    """Give settings of a new database of the same kind, on the same machine."""
    if database_url.startswith("sqlite"):
        return settings_for(f"sqlite:///{tmp_path / 'again.db'}", tmp_path)
    return settings_for(request.getfixturevalue("another_postgres_url"), tmp_path)


@pytest.fixture
def another_postgres_url(postgres_cluster: Any) -> str:
    url: str = postgres_cluster.url(postgres_cluster.create())
    return url


def put_back(settings: Settings, file: Path, receiver: Receiver) -> App:
    restore(settings, file, now=now())
    return build(settings, choose=lambda _: receiver)


def everything(app: App) -> dict[str, list[str]]:
    """Return every row of every table, in order, as text; keepers of machines apart."""
    with app.database.read() as session:
        tables = [
            name
            for name in store_tables(session)
            if name not in ("worker_seen", "instance", "alembic_version")
        ]
        return {
            name: sorted(str(tuple(row)) for row in session.execute(text(f"SELECT * FROM {name}")))  # noqa: S608
            for name in tables
        }


def store_tables(session: Any) -> list[str]:
    from sqlalchemy import inspect

    return sorted(inspect(session.connection()).get_table_names())


def test_everything_comes_back_as_it_was(app: App, elsewhere: Settings, tmp_path: Path) -> None:
    list_id = add_people(app, 30)
    schedule(app, list_id, now=now())
    run(app, until_idle=True)
    with app.database.begin() as session:
        store.suppress(session, address(3), SuppressionReason.BOUNCED, now=now())
        store.tag(session, subscriber_id(app, 4), ["vip"])
    before = everything(app)

    back_up(app, tmp_path / "b.zip", now=now())
    again = put_back(elsewhere, tmp_path / "b.zip", Receiver(tmp_path / "book2"))

    try:
        assert everything(again) == before
    finally:
        again.database.close()


def test_270_people_who_left_complained_or_were_erased_since_are_not_mailed(
    app: App, elsewhere: Settings, tmp_path: Path
) -> None:
    """# R-5"""
    list_id = add_people(app, 300)
    tokens = {
        number: app.links.goodbye_token(Goodbye(list_id, subscriber_id(app, number), 1))
        for number in (1, 280)
    }
    back_up(app, tmp_path / "b.zip", now=now())
    with app.database.begin() as session:
        everybody = session.execute(select(Subscriber.email, Subscriber.id))
        ids = {email: number for email, number in everybody}
    for number in range(1, 91):
        with app.database.begin() as session:
            store.unsubscribe(session, list_id, ids[address(number)], visit=READER, now=now())
    with app.database.begin() as session:
        for number in range(91, 181):
            store.suppress(session, address(number), SuppressionReason.COMPLAINED, now=now())
    for number in range(181, 271):
        erase_person(
            app.database, app.links, ids[address(number)],
            outbox=tmp_path / "outbox", actor="self", now=now(),
        )  # fmt: skip

    receiver = Receiver(tmp_path / "book2")
    again = put_back(elsewhere, tmp_path / "b.zip", receiver)
    try:
        issue = schedule(again, list_id, now=now())
        run(again, until_idle=True)

        book = receiver.book()
        assert progress(again, issue).submitted == 30
        assert book.keys() == {address(number) for number in range(271, 301)}
        assert set(book.values()) == {1}
        assert again.links.read_goodbye(tokens[280]).subscriber_id == ids[address(280)]
        with again.database.read() as session:
            assert session.get_one(Subscriber, ids[address(200)]).email is None
    finally:
        again.database.close()


def test_who_moved_and_was_erased_since_is_erased_again(
    app: App, elsewhere: Settings, tmp_path: Path
) -> None:
    """R-5: the backup has the address of before, by which nobody noted anything."""
    list_id = add_people(app, 3)
    back_up(app, tmp_path / "b.zip", now=now())
    ids = [subscriber_id(app, number) for number in (1, 2)]
    for number, new in zip(
        ids, ("moved@readers.example", "complains@readers.example"), strict=True
    ):
        with app.database.begin() as session:
            person = session.get_one(Subscriber, number)
            store.correct_address(session, person, parse(new), now=now())
    erase_person(
        app.database, app.links, ids[0],
        outbox=tmp_path / "outbox", actor="self", now=now(),
    )  # fmt: skip
    with app.database.begin() as session:
        store.suppress(
            session, "complains@readers.example", SuppressionReason.COMPLAINED, now=now()
        )

    receiver = Receiver(tmp_path / "book2")
    again = put_back(elsewhere, tmp_path / "b.zip", receiver)
    try:
        schedule(again, list_id, now=now())
        run(again, until_idle=True)
        assert receiver.book().keys() == {address(3)}
    finally:
        again.database.close()


def erase_and_come_back(app: App, list_id: int, tmp_path: Path, *, between: Path) -> None:
    """Erase the first of a list, make a backup, and let them sign up and confirm anew."""
    erase_person(
        app.database, app.links, subscriber_id(app, 1),
        outbox=tmp_path / "outbox", actor="self", now=now(),
    )  # fmt: skip
    back_up(app, between, now=now())
    with app.database.begin() as session:
        list_ = session.get_one(List, list_id)
        signed = store.sign_up(session, list_, parse(address(1)), visit=READER, now=now())
        assert signed
        assert signed.request
        store.confirm(session, signed.request.id, visit=READER, now=now())


def test_who_was_erased_and_came_back_just_before_the_backup_is_no_erased_one(
    app: App, elsewhere: Settings, tmp_path: Path
) -> None:
    list_id = add_people(app, 2)
    erase_and_come_back(app, list_id, tmp_path, between=tmp_path / "a.zip")
    back_up(app, tmp_path / "b.zip", now=now())

    again = put_back(elsewhere, tmp_path / "b.zip", Receiver(tmp_path / "book2"))
    try:
        with again.database.read() as session:
            assert not store.was_erased(session, address(1))
            assert store.count_audience(session, list_id) == 2
    finally:
        again.database.close()


@pytest.mark.parametrize("knows_them", [True, False])
def test_who_came_back_after_the_backup_is_still_erased_in_it(
    app: App, elsewhere: Settings, tmp_path: Path, knows_them: bool
) -> None:
    """R-5: their new consent is not in it, and no import may take its place."""
    list_id = add_people(app, 1 if knows_them else 0)
    before, after = tmp_path / "before.zip", tmp_path / "after.zip"
    back_up(app, before, now=now())
    with app.database.begin() as session:
        list_ = session.get_one(List, list_id)
        store.add(session, list_, parse(address(1)), visit=READER, now=now())
    erase_and_come_back(app, list_id, tmp_path, between=after)

    file = after if knows_them else before
    again = put_back(elsewhere, file, Receiver(tmp_path / "book2"))
    try:
        with again.database.read() as session:
            assert store.was_erased(session, address(1))
    finally:
        again.database.close()


def test_who_left_and_came_back_since_is_left_as_the_backup_has_them(
    app: App, elsewhere: Settings, tmp_path: Path
) -> None:
    list_id = add_people(app, 1)
    person = subscriber_id(app, 1)
    with app.database.begin() as session:
        session.get_one(Subscription, (list_id, person)).joined_at = NOON
    back_up(app, tmp_path / "b.zip", now=now())
    with app.database.begin() as session:
        store.unsubscribe(session, list_id, person, visit=READER, now=now())
    with app.database.begin() as session:
        store.undo_unsubscribe(session, list_id, person, visit=READER, now=now())

    again = put_back(elsewhere, tmp_path / "b.zip", Receiver(tmp_path / "book2"))
    try:
        with again.database.read() as session:
            assert session.get_one(Subscription, (list_id, person)).state == "active"
    finally:
        again.database.close()


def test_what_was_to_leave_waits_for_a_person(
    app: App, elsewhere: Settings, tmp_path: Path
) -> None:
    """# R-5"""
    issue = schedule(app, add_people(app, 5), now=now(), at=now() + timedelta(minutes=1))
    back_up(app, tmp_path / "b.zip", now=now())

    receiver = Receiver(tmp_path / "book2")
    again = put_back(elsewhere, tmp_path / "b.zip", receiver)
    try:
        assert state(again, issue) == "paused"
        run(again, until_idle=True)
        assert receiver.book() == {}
        with again.database.begin() as session:
            row = session.get_one(Issue, issue)
            assert row.hold_reason == "restored"
            issues.resume(session, row, who="editor", now=now())
        assert state(again, issue) == "scheduled"
    finally:
        again.database.close()


def test_a_number_given_out_after_the_backup_is_given_to_nobody_else(
    app: App, elsewhere: Settings, tmp_path: Path
) -> None:
    """Its links are out: they would open another person's page."""
    list_id = add_people(app, 2)
    back_up(app, tmp_path / "b.zip", now=now())
    add_people(app, 1, slug="other", first=3)
    taken = subscriber_id(app, 3)

    again = put_back(elsewhere, tmp_path / "b.zip", Receiver(tmp_path / "book2"))
    try:
        add_people(again, 1, slug="new", first=9)
        assert subscriber_id(again, 9) > taken
        with again.database.read() as session:
            assert session.get(List, list_id) is not None
    finally:
        again.database.close()


def test_a_backup_taken_while_an_issue_is_sent_is_of_one_moment(
    app: App, elsewhere: Settings, tmp_path: Path
) -> None:
    issue = schedule(app, add_people(app, 600), now=now())
    worker = threading.Thread(target=run, args=(app,), kwargs={"until_idle": True})
    worker.start()
    try:
        back_up(app, tmp_path / "b.zip", now=now())
    finally:
        worker.join()

    again = put_back(elsewhere, tmp_path / "b.zip", Receiver(tmp_path / "book2"))
    try:
        with again.database.read() as session:
            counted = session.scalar(text("SELECT count(*) FROM delivery"))
            said = session.scalar(select(func.coalesce(func.sum(Issue.recipients), 0)))
        assert counted == said
        if counted:
            assert state(again, issue) in ("paused", "sent")
    finally:
        again.database.close()


@pytest.mark.parametrize("spoil", ["no zip", "no manifest", "half a table", "torn"])
def test_what_is_no_whole_backup_is_refused(
    app: App, elsewhere: Settings, tmp_path: Path, spoil: str
) -> None:
    add_people(app, 3)
    file = tmp_path / "b.zip"
    back_up(app, file, now=now())
    if spoil == "no zip":
        file.write_text("hello")
    elif spoil == "torn":
        file.write_bytes(file.read_bytes()[:-200])
    else:
        _rewrite(file, spoil)

    with pytest.raises(BackupError) as refused:
        restore(elsewhere, file, now=now())

    assert refused.value.mend


def test_a_backup_that_is_not_there_is_said_to_be_missing(
    elsewhere: Settings, tmp_path: Path
) -> None:
    with pytest.raises(BackupError) as refused:
        restore(elsewhere, tmp_path / "b.zip", now=now())
    assert str(refused.value) == f"{tmp_path / 'b.zip'}: No such file or directory"


def _rewrite(file: Path, spoil: str) -> None:
    with zipfile.ZipFile(file) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    if spoil == "no manifest":
        del parts["manifest.json"]
    else:
        parts["tables/subscriber.jsonl"] = parts["tables/subscriber.jsonl"].split(b"\n")[0] + b"\n"
    with zipfile.ZipFile(file, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)


def test_nothing_is_written_over_a_database(app: App, tmp_path: Path) -> None:
    back_up(app, tmp_path / "b.zip", now=now())

    with pytest.raises(BackupError, match=r"there already|not empty"):
        restore(app.settings, tmp_path / "b.zip", now=now())


def test_a_backup_is_read_by_its_owner_alone(app: App, tmp_path: Path) -> None:
    back_up(app, tmp_path / "b.zip", now=now())

    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0


def test_a_resumed_issue_is_not_started_twice(app: App) -> None:
    issue = schedule(app, add_people(app, 1), now=now())
    with app.database.begin() as session:
        issues.hold_restored(session, detail="x", who="restore", now=now())
        with pytest.raises(IssueError):
            issues.start(session, session.get_one(Issue, issue), who="worker", now=now())


def test_no_key_to_the_house_comes_back_with_a_backup(
    app: App, elsewhere: Settings, tmp_path: Path
) -> None:
    """What was taken away since must not open again (decision 0020)."""
    add_people(app, 1)
    with app.database.begin() as session:
        access.add_admin(session, "ada", "a good long password", now=NOON)
        token = access.make_token(session, "ci", expires_at=None, now=NOON)
    access.sign_in(app.database, "ada", "a good long password", ip="192.0.2.1", now=NOON)
    file = tmp_path / "backup.zip"
    back_up(app, file, now=now())
    with zipfile.ZipFile(file) as archive:
        kept = b"".join(archive.read(name) for name in archive.namelist() if "tables/" in name)
        names = {Path(name).stem for name in archive.namelist()}
    assert token[-20:].encode() not in kept
    assert NEVER_BACKED_UP.isdisjoint(names)
    again = put_back(elsewhere, file, Receiver(tmp_path / "book"))
    with again.database.read() as session:
        assert not access.has_admins(session)
        assert not access.has_tokens(session)
    again.database.close()
