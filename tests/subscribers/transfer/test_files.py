"""Files as they come: encodings, delimiters, columns, and what is no file of people at all."""

from pathlib import Path

import pytest

from subscribers.database import Database
from subscribers.errors import FileRefused, NotFound
from subscribers.transfer import import_csv
from tests.factories import NOON
from tests.subscribers.transfer.taking import WORDS, active, take


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_found_out(
    database: Database, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    """# S-15"""
    rows = [("name", "e-mail"), ("Jörg Müller", "j@example.com"), ("Ann", "ann@example.com")]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    assert take(database, tmp_path, text.encode(encoding)).added == 2
    assert active(database)["j@example.com"] == "Jörg Müller"


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"PK\x03\x04abc", "workbook"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(32)) * 4, "binary"),
        (b"name,town\nAnn,Rome\n", "no column is called e-mail"),
        (b"ann@example.com,Ann\n", "first line is a person"),
        (b'"email\nann@example.com\n', "no CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_mend(
    database: Database, tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(FileRefused, match=words) as refused:
        take(database, tmp_path, content)
    assert "people.csv" in str(refused.value)
    assert refused.value.mend
    assert active(database) == {}


@pytest.mark.usefixtures("ledger")
def test_what_is_no_file_is_refused(database: Database, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere.csv"):
        with pytest.raises(FileRefused):
            import_csv(database, path, "ledger", consent_text=WORDS, now=NOON)


def test_an_unknown_list_is_refused_first(database: Database, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        take(database, tmp_path, "email\na@example.com\n")


@pytest.mark.usefixtures("ledger")
def test_a_column_can_be_named(database: Database, tmp_path: Path) -> None:
    rows = "Address,Kontakt\n12 Quay Street,ann@example.com\n"
    assert take(database, tmp_path, rows, column_map={"Kontakt": "email"}).added == 1
    for wrong in ({"Kontakte": "email"}, {"Kontakt": "e-post"}):
        with pytest.raises(FileRefused, match="--map"):
            take(database, tmp_path, rows, column_map=wrong)


@pytest.mark.usefixtures("ledger")
def test_a_postal_address_is_no_email_beside_a_better_column(
    database: Database, tmp_path: Path
) -> None:
    rows = "Address,Email\n12 Quay Street,ann@example.com\n"
    assert take(database, tmp_path, rows).added == 1
