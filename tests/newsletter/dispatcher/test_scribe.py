"""Acknowledgements of many threads in few transactions."""

import threading
from datetime import UTC, datetime

import pytest

from newsletter.dispatcher.claim import Claim
from newsletter.dispatcher.fence import LeaseLost
from newsletter.dispatcher.scribe import Note, Scribe
from subscribers.database import Database

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
THREADS, NOTES = 4, 8


def test_each_of_many_who_write_at_once_has_their_own_answer(database: Database) -> None:
    one = Scribe(database)
    lost = []
    together = threading.Barrier(THREADS)

    def work(number: int) -> None:
        with one.sending():
            together.wait(20)
            for _ in range(NOTES):
                try:
                    one.write(Note(Claim(1, number, 1, "nobody"), b""), NOW)
                except LeaseLost:
                    lost.append(number)

    threads = [
        threading.Thread(target=work, args=(number,), daemon=True) for number in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    assert sorted(lost) == sorted(list(range(THREADS)) * NOTES)


def test_nobody_who_sends_no_more_keeps_a_connection(database: Database) -> None:
    one = Scribe(database)
    with one.sending(), pytest.raises(LeaseLost):
        one.write(Note(Claim(1, 1, 1, "nobody"), b""), NOW)
    with pytest.raises(LeaseLost):
        one.write(Note(Claim(1, 1, 1, "nobody"), b""), NOW)
    assert database.engine.pool.status().endswith("Current Checked out connections: 0")
