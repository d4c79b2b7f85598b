"""The journal of goodbyes: safe before the commit, and naming nobody."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.app import App
from newsletter.app.goodbye_book import FILE, read_book
from subscribers import store
from subscribers.errors import NotFound
from subscribers.goodbyes import Note, NoteKind, standing
from subscribers.models import Subscriber, SuppressionReason
from tests.factories import READER
from tests.newsletter.house import NOON, add_people, address, open_house, subscriber_id
from tests.newsletter.receiver import Receiver


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[App]:
    opened = open_house(database_url, tmp_path, Receiver(tmp_path / "book"))
    yield opened
    opened.database.close()


def book(app: App) -> Path:
    return app.settings.state_folder / FILE


def test_each_goodbye_is_written_down_and_names_nobody(app: App) -> None:
    list_id = add_people(app, 3)
    one, two, three = (subscriber_id(app, number) for number in (1, 2, 3))
    with app.database.begin() as session:
        store.unsubscribe(session, list_id, one, visit=READER, now=NOON)
        store.suppress(session, address(2), SuppressionReason.COMPLAINED, now=NOON)
    with app.database.begin() as session:
        store.erase(session, session.get_one(Subscriber, three), actor="self", now=NOON)

    notes = list(read_book(book(app)))
    assert [(note.kind, note.subscriber_id) for note in notes if note.kind != "suppressed"] == [
        ("left", one),
        ("erased", three),
    ]
    assert [note.reason for note in notes if note.subscriber_id == two] == ["complained"]
    assert "readers.example" not in book(app).read_text()
    assert book(app).stat().st_mode & 0o077 == 0


def test_a_line_that_a_power_cut_tore_does_not_take_the_next_goodbye_with_it(app: App) -> None:
    list_id = add_people(app, 2)
    one, two = (subscriber_id(app, number) for number in (1, 2))
    for person in (one, two):
        with app.database.begin() as session:
            store.unsubscribe(session, list_id, person, visit=READER, now=NOON)
        if person == one:
            os.truncate(book(app), book(app).stat().st_size - 9)

    assert [note.subscriber_id for note in read_book(book(app))] == [two]


def test_what_is_undone_is_not_written_down(app: App) -> None:
    list_id = add_people(app, 1)
    person = subscriber_id(app, 1)

    def leave_and_fail() -> None:
        with app.database.begin() as session:
            for who in (person, person + 1):
                store.unsubscribe(session, list_id, who, visit=READER, now=NOON)

    with pytest.raises(NotFound):
        leave_and_fail()

    assert list(read_book(book(app))) == []


def test_without_the_book_nothing_is_committed(app: App) -> None:
    list_id = add_people(app, 1)
    person = subscriber_id(app, 1)
    book(app).parent.mkdir(exist_ok=True)
    book(app).mkdir()

    with pytest.raises(OSError, match="directory"), app.database.begin() as session:
        store.unsubscribe(session, list_id, person, visit=READER, now=NOON)

    with app.database.read() as session:
        assert store.count_audience(session, list_id) == 1


def test_a_torn_line_costs_no_other(app: App) -> None:
    list_id = add_people(app, 2)
    for number in (1, 2):
        with app.database.begin() as session:
            store.unsubscribe(session, list_id, subscriber_id(app, number), visit=READER, now=NOON)
    lines = book(app).read_bytes().splitlines(keepends=True)
    book(app).write_bytes(lines[0][:20] + b"\n" + b"[]\n\xff\n" + lines[1] + b'{"kind"')

    assert [note.subscriber_id for note in read_book(book(app))] == [subscriber_id(app, 2)]


def test_the_last_word_counts() -> None:
    left, back = (Note(kind, NOON, 1, 7) for kind in (NoteKind.LEFT, NoteKind.BACK))
    other = Note(NoteKind.LEFT, NOON, 2, 7)
    on, off = (Note(kind, NOON, key="#a") for kind in (NoteKind.SUPPRESSED, NoteKind.UNSUPPRESSED))

    assert standing([left, other, on, back, off]) == [back, other, off]


def test_who_moved_and_was_erased_is_meant_by_each_earlier_address() -> None:
    def moved(old: str, new: str) -> Note:
        return Note(NoteKind.MOVED, NOON, subscriber_id=7, key=old, reason=new)

    erased = Note(NoteKind.ERASED, NOON, subscriber_id=7, key="#c")
    bounced = Note(NoteKind.SUPPRESSED, NOON, subscriber_id=7, key="#c", reason="bounced")
    notes = standing([moved("#a", "#b"), moved("#b", "#c"), moved("#c", "#b"), erased, bounced])
    assert [note.key for note in notes if note.kind == NoteKind.ERASED] == ["#c", "#b"]
    straight = standing([moved("#a", "#b"), moved("#b", "#c"), erased, bounced])
    assert [note.key for note in straight] == ["#c", "#b", "#a", "#c"]
