"""Fixtures and options that every test may use; the rules of the real parts."""

import gc
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import dialects, parts
from tests.fuzzing import is_long

if TYPE_CHECKING:
    # Both cost time to import, and most tests need neither.
    from playwright.sync_api import Browser

    from tests.postgresql import Cluster

# How a report says which part it missed; the summary reads it back, also across processes.
MISSING = "missing part: "
# What a machine does not let its user do is nobody's fault, and fails no run.
IMPOSSIBLE = "not possible here: "


def need(name: str) -> dict[str, Path]:
    """Return the programs of a real part; skip this test without it, or fail with CI=true."""
    found = parts.find(name)
    if found is None:
        reason = f"{MISSING}{name}"
        if _in_ci():
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return dict(found)


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() == "true"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--goldens", action="store_true", help="write the expected files anew instead of comparing"
    )


def pytest_configure() -> None:
    dialects.share()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "golden" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.golden)
        for mark in item.iter_markers("part"):
            parts.PARTS[mark.args[0]]  # a name that is none fails the collection, not one test
        # A fuzz that was asked to look for long is not stopped in the middle, as if it had failed.
        if is_long() and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(0))
    # Some of the longest files lie beside this one: begun last, they leave the other processes idle.
    items.sort(key=lambda item: item.path.parent != Path(__file__).parent)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Take what was collected out of the garbage collector's sight: it stays until the end.

    Otherwise each full collection walks all tests and modules again, a tenth of a run's CPU.
    """
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("part"):
        need(mark.args[0])


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and _in_ci() and exitstatus == 0 and _avoidable(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    told = [
        str(report.longrepr)
        for outcome in ("skipped", "failed", "error")
        for report in terminalreporter.stats.get(outcome, ())
    ]
    missing = [part for part in parts.PARTS.values() if any(_names(part.name, why) for why in told)]
    if missing:
        terminalreporter.section("missing parts")
        for part in missing:
            number = sum(_names(part.name, why) for why in told)
            terminalreporter.line(f"{part.name} ({number} tests): {part.how}")
    if _in_ci() and _avoidable(terminalreporter):
        terminalreporter.line("With CI=true a skipped test fails the run.", red=True)


def _avoidable(reporter: pytest.TerminalReporter) -> bool:
    skipped = reporter.stats.get("skipped", ())
    return any(IMPOSSIBLE not in str(report.longrepr) for report in skipped)


def _names(part: str, why: str) -> bool:
    _, found, rest = why.partition(MISSING)
    return bool(found) and rest.split("'")[0].strip() == part


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """Leave what signals do as it was: commands run here change it for their whole process."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        if signal.getsignal(number) is not handler:
            signal.signal(number, handler)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator["Cluster"]:
    """Run one throwaway PostgreSQL server for each test process."""
    from tests.postgresql import Cluster

    cluster = Cluster(need("postgresql"))
    yield cluster
    cluster.stop()


@pytest.fixture
def postgres_url(postgres_cluster: "Cluster") -> Iterator[str]:
    """Give the URL of a new PostgreSQL database without any table."""
    name = postgres_cluster.create()
    yield postgres_cluster.url(name)
    postgres_cluster.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a new database without any table: the test runs once on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'newsletter.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def certificate_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with a key and the certificate of `localhost` that it signed itself."""
    from tests.certificate import write

    return write(tmp_path_factory.mktemp("tls") / "localhost.pem")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite file with the newest schema, to copy."""
    from newsletter import schema

    file = tmp_path_factory.mktemp("migrated") / "newsletter.db"
    schema.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_name(postgres_cluster: "Cluster") -> str:
    """Give the name of a PostgreSQL database with the newest schema, to empty: a copy costs more."""
    from newsletter import schema

    name = postgres_cluster.create()
    schema.upgrade(postgres_cluster.url(name))
    return name


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """Give the URL of an empty SQLite database with the newest schema."""
    file = tmp_path / "newsletter.db"
    shutil.copy(migrated_file, file)
    return f"sqlite:///{file}"


@pytest.fixture
def migrated_postgres_url(postgres_cluster: "Cluster", migrated_name: str) -> str:
    """Give the URL of an empty PostgreSQL database with the newest schema: one for all tests."""
    postgres_cluster.empty(migrated_name)
    return postgres_cluster.url(migrated_name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the URL of an empty database with the newest schema: the test runs once on each kind."""
    kind = "sqlite_url" if request.param == "sqlite" else "migrated_postgres_url"
    return str(request.getfixturevalue(kind))


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Give the path of Chromium."""
    return need("chromium")["chromium"]


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator["Browser"]:
    """Run one headless Chromium for each test process; a test opens pages or contexts of its own."""
    from tests.browser import launched

    with launched(chromium) as browser:
        yield browser


@pytest.fixture(scope="session")
def axe() -> str:
    """Give axe-core as a script, to be evaluated in a page."""
    folder = need("meters")["html-validate"].parents[1]
    return (folder / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with an expected file, which `make goldens` writes anew."""

    def compare(expected: Path, text: str) -> None:
        if request.config.getoption("--goldens"):
            expected.parent.mkdir(parents=True, exist_ok=True)
            expected.write_text(text, encoding="utf-8", newline="\n")
        if not expected.is_file():
            pytest.fail(f"{expected} is not there; make goldens writes it", pytrace=False)
        assert text == expected.read_text(encoding="utf-8")

    return compare
