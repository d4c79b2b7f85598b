"""Dates are read in every form that generators take, and never guessed."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.digest.dates import dated_name, is_moving, parse_date

EAST = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ("2026-07-29", date(2026, 7, 29)),
        ("2026/7/29", date(2026, 7, 29)),
        ("2026年7月29日", date(2026, 7, 29)),
        ("07-29-2026", date(2026, 7, 29)),
        ("7/29/2026", date(2026, 7, 29)),
        ("12/5/2026", date(2026, 12, 5)),
        ("29/7/2026", date(2026, 7, 29)),
        ("29.7.2026", date(2026, 7, 29)),
        ("July 29th, 2026", date(2026, 7, 29)),
        ("Wednesday, July 29, 2026", date(2026, 7, 29)),
        ("29 Jul 2026", date(2026, 7, 29)),
        ("July 2026", date(2026, 7, 1)),
        ("2026-07", date(2026, 7, 1)),
        ("2026-07-29 10:00", datetime(2026, 7, 29, 10)),
        ("2026-07-29 10:00 PM", datetime(2026, 7, 29, 22)),
        ("July 29, 2026 at 12:04 am", datetime(2026, 7, 29, 0, 4)),
        ("2026-07-29T10:00:00.000Z", datetime(2026, 7, 29, 10, tzinfo=UTC)),
        ("2026-07-29 10:00:00 +0200", datetime(2026, 7, 29, 10, tzinfo=EAST)),
        ("2026-07-29 10:00:00 UTC+02:00", datetime(2026, 7, 29, 10, tzinfo=EAST)),
        ("Wed, 29 Jul 2026 10:00:00 GMT", datetime(2026, 7, 29, 10, tzinfo=UTC)),
        ("Wed Jul 29 2026 10:00:00 GMT+0200 (CEST)", datetime(2026, 7, 29, 10, tzinfo=EAST)),
        ("29 Jul 2026 10:00 EDT", datetime(2026, 7, 29, 14, tzinfo=UTC)),
        (
            "2026-07-29 10:00:00 Europe/Berlin",
            datetime(2026, 7, 29, 10, tzinfo=ZoneInfo("Europe/Berlin")),
        ),
    ],
)
def test_a_date_is_read_in_whichever_form_its_author_wrote_it(
    written: str, when: date | datetime
) -> None:
    read = parse_date(written)

    assert read == when
    assert isinstance(read, datetime) is isinstance(when, datetime)
    if isinstance(read, datetime) and isinstance(when, datetime):
        assert read.utcoffset() == when.utcoffset() or "EDT" in written


@pytest.mark.parametrize(
    "written",
    ["", "soon", "2026", "13/13/2026", "2026-07-29 24:00", "2026-07-29 10:00 Atlantis", "1"],
)
def test_what_is_no_date_is_not_taken_for_one(written: str) -> None:
    assert parse_date(written) is None


@given(st.one_of(st.text(max_size=60), st.from_regex(r"[0-9/:., +TZ-]{1,40}", fullmatch=True)))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    """Rule T12: front matter is fuzzed."""
    assert parse_date(text) is None or isinstance(parse_date(text), date)


@pytest.mark.parametrize("written", ["today", "Last-Modified", "`r Sys.Date()`", "now"])
def test_a_date_made_at_each_build_is_told_from_one_that_stays(written: str) -> None:
    assert is_moving(written)
    assert not is_moving("2026-07-29")


@pytest.mark.parametrize(
    ("name", "when"),
    [
        ("2026-04-02-a.md", date(2026, 4, 2)),
        ("2026_04_02.md", date(2026, 4, 2)),
        ("2026-04-02-a/index.md", date(2026, 4, 2)),
        ("2026-13-02-a.md", None),
        ("v2026-04-02.md", None),
    ],
)
def test_a_file_or_its_folder_may_carry_the_date(name: str, when: date | None) -> None:
    assert dated_name(Path("posts") / name) == when
