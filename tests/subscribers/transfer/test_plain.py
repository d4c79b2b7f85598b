"""Lines read by one expression: it says what reading with care does, of any line whatever."""

import io
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from subscribers.transfer.batch import Batch, Told
from subscribers.transfer.origins import Reading, recognise
from subscribers.transfer.person import People, Unfit
from subscribers.transfer.reader import Reader
from subscribers.transfer.table import Lines, Table
from tests.factories import NOON
from tests.fuzzing import examples

CELL = st.one_of(
    st.sampled_from(
        [
            "ann@example.com", "Bob@Example.COM", "'+ann@example.com", "''=ann@example.com",
            "a'b@example.com", "ann@a--b.example", "ann@" + "x" * 60 + ".example", "ann@host.test",
            "jörg@example.com", "ann@bücher.example", "Ann Lee", "Ann  Lee", " Ann", "J.R. Lee",
            "O'Hara", "'=Ann", "अनीता", "a/b", "x@y.z", "x" * 101, "2024-02-03T04:05:06+00:00",
            "2024-02-30", "2039-01-01", "2024-02-03 04:05:06 UTC", '"', '""', '"Ann, Lee"',
            '"Ann ""x"" Lee"', '"Ann"', 'Ann"', '"Ann\nLee"', "\0", "", " ", "\u2028", "\x85",
        ]
    ),
    st.text(max_size=8),
)  # fmt: skip
ROW = st.lists(CELL, max_size=5)
HEADS = (
    ("email", "name", "joined_at"),
    ("name", "town", "email"),
    ("first name", "email", "last name"),
    ("email",),
)


def read(text: str, *, plainly: bool) -> tuple[Told, list[Unfit], int]:
    """Return who is in a file, which rows are refused, and how many rows there are."""
    lines = Lines(io.StringIO(text, newline=""))
    table = Table(lines, Path("people.csv"))
    reading = Reading(table.head, recognise(table.head), Path("people.csv"))
    reader = Reader(table, People(reading, consent=True, now=NOON))
    if plainly:
        assert reader._plain is not None
    else:
        reader._plain = None
    whole = Batch()
    for piece in reader._pieces(3):
        whole.extend(piece)
    return whole.told_apart(), reader._unfit, reader._read


@settings(max_examples=examples(400), deadline=None)
@given(
    head=st.sampled_from(HEADS),
    rows=st.lists(ROW, max_size=8),
    delimiter=st.sampled_from(",;\t"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
@example(HEADS[0], [['"Ann@example.com"', '"Ann, Lee"', '"2024-02-03"']] * 4, ",", "\n")
@example(HEADS[0], [["a@example.com", '"Ann', "x"], ["b@example.com", 'B"', ""]], ",", "\n")
@example(
    HEADS[0], [["a" * 65 + "@example.com", "Ann", ""], ["b@example.com", "Bob", ""]], ",", "\n"
)
def test_plain_lines_say_what_careful_reading_says(
    head: tuple[str, ...], rows: list[list[str]], delimiter: str, end: str
) -> None:
    text = end.join(delimiter.join(cells) for cells in [[*head], *rows])
    assert read(text, plainly=True) == read(text, plainly=False)


def test_most_lines_need_no_care() -> None:
    text = "email,name\n" + "".join(f"reader{at}@example.com,Ann Lee\n" for at in range(9))
    lines = Lines(io.StringIO(text))
    table = Table(lines, Path("people.csv"))
    reading = Reading(table.head, recognise(table.head), Path("people.csv"))
    reader = Reader(table, People(reading, consent=True, now=NOON))
    assert reader._plain is not None
    batch, careful = reader._plain.read(*lines.take(99))
    assert (len(batch), careful) == (9, [])
