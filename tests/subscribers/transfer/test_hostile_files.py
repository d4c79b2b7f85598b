"""Files as they come: odd, broken, or made to do harm. Nothing is lost without a word."""

import csv
import gzip
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from subscribers.database import Base, Database
from subscribers.errors import FileRefused
from subscribers.models import Subscriber
from subscribers.transfer import ImportReport, bringing_in, encoding, import_csv
from tests.factories import NOON, make_list
from tests.fuzzing import examples

WORDS = "signed up on paper at the fair of 3 May 2026"


@pytest.fixture
def embedded(sqlite_url: str) -> Iterator[Database]:
    """Give a SQLite database with one list: how a file is read differs on none."""
    opened = Database(sqlite_url)
    with opened.begin() as session:
        make_list(session)
    yield opened
    opened.close()


def take(
    database: Database,
    folder: Path,
    content: bytes | str,
    *,
    words: str | None = WORDS,
    dry_run: bool = False,
    report: Path | None = None,
) -> ImportReport:
    path = folder / "people.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return import_csv(
        database, path, consent_text=words, dry_run=dry_run, report_path=report, now=NOON
    )


def names(database: Database) -> dict[str | None, str]:
    with database.read() as session:
        return {row.email: row.name for row in session.scalars(select(Subscriber))}


def counts(database: Database) -> dict[str, int | None]:
    with database.read() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("EMAIL", "ann@example.com"),
        ("  E-Mail  ,Town", "ann@example.com,Rome"),
        ("Town,email_address", "Rome,ann@example.com"),
        ('"Email Address"', '"ann@example.com"'),
        ('\ufeff"email","name"', '"ann@example.com",""'),
        ("\n\nemail", "ann@example.com"),
        ("email,email", "ann@example.com,other@example.com"),
        ("email,,", "ann@example.com,,"),
    ],
)
def test_the_column_of_addresses_is_found(
    embedded: Database, tmp_path: Path, head: str, row: str
) -> None:
    assert take(embedded, tmp_path, f"{head}\n{row}\n").added == 1
    assert list(names(embedded)) == ["ann@example.com"]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("name", "Ann Lee"),
        ("Full Name", "  Ann   Lee "),
        ("First Name,Last Name", "Ann,Lee"),
        ("last_name,first_name", "Lee,Ann"),
        ("name,first name,last name", "Ann Lee,Bob,Smith"),
        ("name", '"Ann\nLee"'),
        ("first name", "Ann Lee"),
    ],
)
def test_names_come_from_one_column_or_two(
    embedded: Database, tmp_path: Path, head: str, row: str
) -> None:
    take(embedded, tmp_path, f"email,{head}\nann@example.com,{row}\n")
    assert names(embedded) == {"ann@example.com": "Ann Lee"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(embedded: Database, tmp_path: Path, end: str) -> None:
    report = take(embedded, tmp_path, end.join(["email,name", "a@example.com,A", "no,B", ""]))
    assert (report.added, report.refused) == (1, 1)
    assert report.examples[0].startswith("line 3:")


def test_a_line_separator_inside_a_name_ends_no_line(embedded: Database, tmp_path: Path) -> None:
    """Only what ends a line in a CSV does: not U+2028, U+0085 or a form feed."""
    rows = "email,name\na@example.com,Ann\u2028Lee\nb@example.com,Bob\x85Fox\n"
    assert take(embedded, tmp_path, rows).added == 2
    assert names(embedded) == {"a@example.com": "Ann Lee", "b@example.com": "Bob Fox"}


@pytest.mark.parametrize("mark", ['"', '""'])
def test_a_quotation_mark_that_is_never_closed_swallows_nobody(
    embedded: Database, tmp_path: Path, mark: str
) -> None:
    rows = "".join(f"reader{number}@example.com,x\n" for number in range(200))
    report = take(
        embedded, tmp_path, f'email,name\nann@example.com,{mark}Ann\n{rows}bob@example.com,"Bob\n'
    )
    assert (report.read, report.added, report.refused) == (202, 200, 2)
    assert report.report_path is not None
    with report.report_path.open(encoding="utf-8", newline="") as file:
        assert [row["line"] for row in csv.DictReader(file)] == ["2", "203"]


def test_two_forgotten_quotation_marks_far_apart_swallow_nobody_between(
    embedded: Database, tmp_path: Path
) -> None:
    between = "".join(f"reader{number}@example.com,x\n" for number in range(100))
    rows = f'email,name\na@example.com,"A\n{between}b@example.com,"B\n'
    assert take(embedded, tmp_path, rows).added == 100


def test_each_row_with_a_nul_is_refused_and_its_neighbours_come_in(
    embedded: Database, tmp_path: Path
) -> None:
    rows = "email,name\na@example.com,A\nb@example.com,B\0\nc\0@example.com,C\nd@example.com,D\n"
    report = take(embedded, tmp_path, rows)
    assert (report.added, report.refused) == (2, 2)
    assert all("NUL" in one for one in report.examples)


def test_a_cell_of_a_megabyte_costs_its_row_and_no_other(
    embedded: Database, tmp_path: Path
) -> None:
    big = "x" * 1_000_000
    report = take(
        embedded,
        tmp_path,
        f'email,name\na@example.com,A\n{big},B\nc@example.com,"{big}"\nd@e.io,\n',
    )
    assert (report.read, report.refused) == (4, 2)
    assert all(len(one) < 300 for one in report.examples)


def test_what_a_spreadsheet_would_run_is_harmless_in_the_report(
    embedded: Database, tmp_path: Path
) -> None:
    """# S-15"""
    evil = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", '"=HYPERLINK(""https://evil.example"")"')
    report = take(embedded, tmp_path, "email\n" + "\n".join(evil) + "\n")
    assert report.refused == len(evil)
    assert report.report_path is not None
    with report.report_path.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_report_goes_where_it_is_wanted(embedded: Database, tmp_path: Path) -> None:
    wanted = tmp_path / "refused rows.csv"
    report = take(embedded, tmp_path, "email\nno\n", report=wanted)
    assert report.report_path == wanted
    assert wanted.is_file()
    assert not (tmp_path / "people.refused.csv").exists()


def test_where_no_report_can_be_written_nothing_is_taken(
    embedded: Database, tmp_path: Path
) -> None:
    with pytest.raises(FileRefused):
        take(embedded, tmp_path, "email\na@example.com\n", report=tmp_path / "no" / "report.csv")
    assert names(embedded) == {}


def test_a_second_import_adds_nobody_and_no_line(embedded: Database, tmp_path: Path) -> None:
    rows = "email,name\nann@example.com,Ann\nBOB@example.com,Bob\n"
    take(embedded, tmp_path, rows)
    before = counts(embedded)
    again = take(embedded, tmp_path, rows.swapcase())
    assert (again.read, again.added, again.already) == (2, 0, 2)
    assert counts(embedded) == before | {"import": 2}
    assert names(embedded) == {"ann@example.com": "Ann", "BOB@example.com": "Bob"}


def test_the_same_person_twice_in_a_file_comes_in_once(embedded: Database, tmp_path: Path) -> None:
    rows = "email\nann@bücher.example\nANN@xn--bcher-kva.example\nann@example.com\n"
    report = take(embedded, tmp_path, rows)
    assert (report.added, report.already) == (2, 1)


@pytest.mark.parametrize("words", [None, "", "   "])
def test_words_that_say_nothing_are_no_proof(
    embedded: Database, tmp_path: Path, words: str | None
) -> None:
    """# S-15"""
    before = counts(embedded)
    with pytest.raises(FileRefused, match="no proof"):
        take(embedded, tmp_path, "email\nann@example.com\n", words=words)
    assert counts(embedded) == before
    assert [path.name for path in tmp_path.glob("*.csv")] == ["people.csv"]


def test_a_dry_run_leaves_every_table_as_it_was(embedded: Database, tmp_path: Path) -> None:
    before = counts(embedded)
    report = take(embedded, tmp_path, "email\nann@example.com\nno\n", dry_run=True)
    assert (report.added, report.refused) == (1, 1)
    assert counts(embedded) == before
    assert report.report_path is None
    assert list(report.lines())[:3] == ["2 rows read", "1 would be added", "1 refused"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (gzip.compress(b"email\nann@example.com\n"), "an archive or a workbook"),
        (b"PK\x03\x04\x14\0\6\0" + b"xl/workbook.xml" * 9, "an archive or a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "an archive or a workbook"),
        (b"%PDF-1.7\nemail\nann@example.com\n", "an archive or a workbook"),
        (bytes(range(256)) * 9, "a binary file"),
        (bytes(4096), "a binary file"),
        (b"\xff\xfe", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        ("\ufeff\n\n".encode("utf-16-le"), "empty"),
    ],
    ids=["gzip", "xlsx", "xls", "pdf", "bytes", "zeros", "mark16", "mark8", "blank16"],
)
def test_what_is_no_text_is_refused_whole(
    embedded: Database, tmp_path: Path, content: bytes, reason: str
) -> None:
    """S-15: no archives, no workbooks; the sentence names the file and is one line."""
    before = counts(embedded)
    with pytest.raises(FileRefused, match=f"people.csv: is {reason}") as refused:
        take(embedded, tmp_path, content)
    assert str(refused.value).isprintable()
    assert counts(embedded) == before


@pytest.mark.parametrize(
    ("limit", "reason"),
    [("LARGEST", "is larger than"), ("LONGEST_LINE", "has a line of more than")],
)
def test_what_is_too_large_is_refused_whole_and_at_once(
    embedded: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, reason: str
) -> None:
    """# S-15"""
    monkeypatch.setattr(encoding, limit, 100_000)
    with pytest.raises(FileRefused, match=f"people.csv: {reason}") as refused:
        take(embedded, tmp_path, "email\n" + "x" * 2_200_000)
    assert refused.value.mend
    assert names(embedded) == {}


def test_half_a_letter_at_the_end_of_a_utf_16_file_costs_its_row_alone(
    embedded: Database, tmp_path: Path
) -> None:
    content = "email,name\na@example.com,A\nb@example.com,".encode("utf-16") + b"\xd8"
    report = take(embedded, tmp_path, content)
    assert "a@example.com" in names(embedded)
    assert report.read == report.added + report.refused == 2


@pytest.mark.parametrize("end", [b"\xc3", b"\xff\nd@example.com,D\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_wrong_byte_spoils_no_other_name_of_a_file_in_utf_8(
    embedded: Database, tmp_path: Path, mark: bytes, end: bytes
) -> None:
    """Half a letter where a download was cut off, or one byte of Latin-1 among the others."""
    rows = "email,name\na@example.com,Müller\nb@example.com,Çelik\nc@example.com,M".encode()
    assert take(embedded, tmp_path, mark + rows + end).refused == 0
    found = names(embedded)
    assert (found["a@example.com"], found["b@example.com"]) == ("Müller", "Çelik")
    assert found["c@example.com"] == ""


def test_excels_line_before_the_head_tells_the_separator(
    embedded: Database, tmp_path: Path
) -> None:
    rows = b"sep=;\r\nname, first;email\r\nAnn;ann@example.com\r\n"
    assert take(embedded, tmp_path, rows).added == 1


def test_rows_of_nothing_before_the_head_are_passed_over(
    embedded: Database, tmp_path: Path
) -> None:
    assert take(embedded, tmp_path, b'\n;;\n"";""\nemail;name\nann@example.com;Ann\n').added == 1


def test_a_full_disk_loses_nothing_and_the_same_command_goes_on(
    embedded: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the operating system refuses at a size is what it refuses on a full disk."""
    monkeypatch.setattr(bringing_in, "CHUNK", 100)
    rows = "email\n" + "".join(f"reader{number}@example.com\n" for number in range(1000))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    full = (tmp_path / "newsletter.db-wal").stat().st_size + 200_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (full, hard))
    try:
        with pytest.raises(OperationalError):
            take(embedded, tmp_path, rows)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    report = take(embedded, tmp_path, rows)
    assert report.resumed_at > 2
    assert (report.read, report.added, report.already) == (1000, 1000, 0)
    assert len(names(embedded)) == 1000


CELL = st.one_of(
    st.sampled_from(
        ["ann@example.com", "bob@example.com", "x@straße.de", "no", "", '"', '""', "\0", "=1", "'"]
    ),
    st.text(max_size=6),
)
LINE = st.lists(CELL, max_size=4).map(",".join)
CONTENT = st.one_of(
    st.binary(max_size=200),
    st.lists(LINE, max_size=12).map(lambda lines: "\n".join(["email,name", *lines]).encode()),
    st.lists(LINE, max_size=9).map(lambda lines: "\n".join(["email", *lines]).encode("utf-16")),
)


@settings(
    max_examples=examples(300, 10_000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(CONTENT)
@example(b"email\n" + b"\xff\n" * 9)
def test_whatever_the_file_every_row_is_counted_once_or_the_file_is_refused(
    embedded: Database, tmp_path: Path, content: bytes
) -> None:
    try:
        report = take(embedded, tmp_path, content, dry_run=True)
    except FileRefused as refused:
        report = ImportReport(examples=[str(refused)])
    assert report.read == (
        report.added
        + report.already
        + sum(report.kept.values())
        + report.kept_out
        + report.suppressed
        + report.refused
    )
    assert all(line.isprintable() for line in (*report.lines(), *report.examples))
