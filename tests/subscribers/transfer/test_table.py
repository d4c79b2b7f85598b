"""Whatever is in a file: it is refused as a whole, or each of its rows is read or explained."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subscribers.errors import FileRefused
from subscribers.transfer.encoding import survey
from subscribers.transfer.origins import Reading, recognise
from subscribers.transfer.person import People, Person
from subscribers.transfer.table import LINES_IN_A_FIELD, Lines, Row, Table
from tests.factories import NOON
from tests.fuzzing import examples

ANYTHING = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(
        st.lists(
            st.sampled_from(
                ["a@b.example", "Ann", '"', '""', '"x', "\0", "\r", "\n", "", "é", "=1", ",", ";"]
            ),
            max_size=4,
        ).map(",".join),
        max_size=8,
    ).map(lambda rows: "\n".join(["email,name", *rows]).encode()),
)


def rows_of(path: Path) -> list[Row]:
    found = survey(path)
    with path.open(encoding=found.encoding, errors="replace", newline="") as file:
        return list(Table(Lines(file), path))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any") / "any.csv"


@settings(
    max_examples=examples(600),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=ANYTHING)
def test_no_file_is_too_strange(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        rows = rows_of(path)
    except FileRefused:
        return
    lines = [row.line for row in rows]
    assert lines == sorted(set(lines))
    reading = Reading(["email"], recognise(["email"]), path)
    people = People(reading, consent=True, now=NOON)
    for one in map(people.one, rows):
        assert isinstance(one, Person) or one.reason


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from("\r\n\t"))


@given(
    people=st.lists(st.tuples(st.emails(), NAMES), max_size=20), delimiter=st.sampled_from(",;\t")
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_csv_writer_wrote_is_read(
    path: Path, people: list[tuple[str, str]], delimiter: str
) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerows([("email", "name"), *people])
    if all(name.count("\n") + name.count("\r") < LINES_IN_A_FIELD for _, name in people):
        assert [tuple(row.cells) for row in rows_of(path)] == people


def test_a_forgotten_quotation_mark_costs_its_own_row_and_no_other(path: Path) -> None:
    rows = "".join(f"reader{number}@example.com,x\n" for number in range(40))
    path.write_text(f'email,name\n"lost@example.com,x\n{rows}', encoding="utf-8")
    read = rows_of(path)
    assert len(read) == 41
    assert [row.line for row in read if row.problem] == [2]


def test_a_field_may_go_over_several_lines(path: Path) -> None:
    path.write_text('email,name\na@example.com,"x\n""y"",\nz"\nb@example.com,b', encoding="utf-8")
    assert rows_of(path) == [
        Row(2, ["a@example.com", 'x\n"y",\nz']),
        Row(5, ["b@example.com", "b"]),
    ]
