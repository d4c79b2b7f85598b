"""The real parts: found, missing, and demanded by CI."""

import os
import struct
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser
from sqlalchemy import create_engine, text

from tests.browser import screenshot
from tests.parts import PARTS, ROOT, find

NEEDS_CHROMIUM = """
import pytest

@pytest.mark.part("chromium")
def test_that_needs_a_browser():
    pass

def test_that_needs_a_browsers_path(chromium):
    pass

def test_that_needs_nothing():
    pass
"""


def run_without_chromium(folder: Path, *, ci: bool) -> subprocess.CompletedProcess[str]:
    module = folder / "test_needs_chromium.py"
    module.write_text(NEEDS_CHROMIUM)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    part(name): a real part\n")
    # PATH is where the browser is looked for: an empty one is a machine without it.
    environment = {"PATH": str(folder), "CI": "true" if ci else "", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        (sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", module),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_missing_part_skips_its_tests_and_the_summary_says_how_to_get_it(tmp_path: Path) -> None:
    done = run_without_chromium(tmp_path, ci=False)
    assert done.returncode == 0, done.stdout
    assert f"chromium (2 tests): {PARTS['chromium'].how}" in done.stdout
    assert "1 passed, 2 skipped" in done.stdout.splitlines()[-1]


def test_a_missing_part_fails_the_run_of_ci(tmp_path: Path) -> None:
    done = run_without_chromium(tmp_path, ci=True)
    assert done.returncode == 1
    assert f"chromium (2 tests): {PARTS['chromium'].how}" in done.stdout
    assert "1 passed, 2 errors" in done.stdout.splitlines()[-1]


def test_any_skip_fails_the_run_of_ci(tmp_path: Path) -> None:
    module = tmp_path / "test_skips.py"
    module.write_text("import pytest\n\ndef test_nothing():\n    pytest.skip('another day')\n")
    done = subprocess.run(
        (sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", module),
        cwd=tmp_path,
        env={**os.environ, "CI": "true", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "a skipped test fails the run" in done.stdout


def test_a_part_that_nobody_declared_is_no_part() -> None:
    with pytest.raises(KeyError):
        find("a fax machine")


@pytest.mark.parametrize("time", [1, 2])
def test_what_one_test_wrote_is_not_there_in_the_next(database_url: str, time: int) -> None:
    engine = create_engine(database_url)
    write = text(
        "INSERT INTO subscriber (email_key, name, attributes, created_at)"
        " VALUES ('ada@readers.example', '', '{}', '2026-11-25 00:00:00+00:00')"
    )
    with engine.begin() as connection:
        connection.execute(write)
        assert connection.scalar(text("SELECT max(id) FROM subscriber")) == 1
    engine.dispose()


@pytest.mark.parametrize("time", [1, 2])
def test_a_table_of_one_test_is_not_there_in_the_next(postgres_url: str, time: int) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE only_here (id integer)")


def test_a_screenshot_is_as_wide_as_asked(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><title>x</title><p>A page")
    png = screenshot(browser, page, tmp_path / "page.png", width=375).read_bytes()
    assert struct.unpack(">I", png[16:20]) == (375,)


@pytest.mark.part("smtp-sink")
def test_the_sink_starts_although_no_mail_server_is_installed() -> None:
    programs = find("smtp-sink")
    assert programs
    told = subprocess.run(
        (programs["smtp-sink"], "-?"), capture_output=True, text=True, check=False
    )
    assert "usage:" in told.stderr
