"""The benchmarks: they measure what they say, and what they guard stays light."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from benchmarks import (
    audience,
    compose,
    databases,
    events,
    freezing,
    growth,
    help,
    importing,
    ledger,
    letters,
    memory,
    paging,
    render,
    searching,
    sendgrid,
    smtp,
    tracking,
)
from benchmarks.measuring import Seconds, compare, summed_up

HEAVY = {"PIL", "alembic", "fastapi", "mjml", "premailer", "pydantic", "sqlalchemy", "uvicorn"}


def taking(*seconds: float) -> Callable[[], Seconds]:
    """Return something that takes these times, one after the other, and one more beforehand."""
    times: Iterator[float] = iter((99.0, *seconds))
    return lambda: next(times)


def test_the_ratio_is_the_median_of_the_rounds() -> None:
    told = compare("x", taking(2, 6, 4), taking(1, 1, 2), target=3, rounds=3)
    assert (told.ratio, told.low, told.high) == (2, 2, 6)
    assert (told.subject_ms, told.yardstick_ms) == (4000, 1000)
    assert told.held


def test_a_ratio_above_its_target_does_not_hold() -> None:
    assert not compare("x", taking(4), taking(1), target=3, rounds=1).held


def test_a_speed_holds_when_its_worst_likely_one_reaches_the_target() -> None:
    """The 95 % interval of a median of nine lies between the second and the last but one."""
    subject = taking(*(10 / share for share in (6, 7, 8, 8, 8, 8, 9, 9, 10)))
    told = compare("x", subject, taking(*[10] * 9), target=7, rounds=9, at_least=True)
    assert (told.ratio, told.low, told.high) == (8, 7, 9)
    assert told.held
    assert not summed_up("x", [(2, 1), (1, 1), (1, 1)], target=1, at_least=True).held


@pytest.mark.parametrize(
    ("main", "small"),
    [
        (compose.main, ["--messages", "40"]),
        (help.main, []),
        (render.main, []),
        (tracking.main, ["--requests", "320"]),
        (events.main, []),
    ],
    ids=["compose", "help", "render", "tracking", "events"],
)
def test_a_benchmark_prints_a_json_line_for_each_ratio(
    main: Callable[[list[str]], int], small: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--rounds", "1", *small])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines
    for line in lines:
        assert {"name", "ratio", "low", "high", "target"} <= line.keys()
        assert line["subject_ms"] > 0
        assert line["yardstick_ms"] > 0


@pytest.mark.part("smtp-sink")
def test_the_pipelines_send_to_everybody_and_print_their_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    smtp.main(["--rounds", "1", "--people", "20"])
    sendgrid.main(["--rounds", "1", "--people", "20", "--latency-people", "20"])
    memory.main(["--people", "20"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 7
    assert all(line["ratio"] > 0 for line in lines)


@pytest.mark.parametrize(
    ("main", "small"),
    [
        (audience.main, ["--people", "200", "--rounds", "1"]),
        (freezing.main, ["--people", "200", "--rounds", "1"]),
        (growth.main, ["--people", "40", "--few", "20", "--rounds", "1"]),
        (importing.main, ["--rows", "200", "--rounds", "1"]),
        (ledger.main, ["--people", "2000"]),
        (paging.main, ["--people", "200", "--rounds", "1"]),
        (searching.main, ["--people", "200", "--rounds", "1"]),
    ],
    ids=["audience", "freezing", "growth", "importing", "ledger", "paging", "searching"],
)
def test_a_benchmark_of_the_store_prints_its_lines(
    main: Callable[[list[str]], int],
    small: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On SQLite alone: what PostgreSQL does otherwise is not the benchmark's."""
    monkeypatch.setattr(databases, "KINDS", ("sqlite",))
    main(small)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines
    assert all("sqlite" in line["name"] for line in lines)


def test_help_loads_none_of_the_heavy_libraries() -> None:
    told = subprocess.run(
        (sys.executable, "-X", "importtime", "-m", "newsletter", "--help"),
        check=True,
        capture_output=True,
        text=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()}
    assert "typer" in loaded
    assert HEAVY.isdisjoint(loaded)


@pytest.mark.part("smtp-sink")
def test_letters_are_written_while_an_issue_is_sent(capsys: pytest.CaptureFixture[str]) -> None:
    told = "--provider smtp --database sqlite --rate 200 --seconds 1 --people 2000"
    letters.main(told.split())
    line = json.loads(capsys.readouterr().out)
    assert line["letters"] >= 1
    assert {"name", "p99_s", "target", "bulk_a_second"} <= line.keys()
