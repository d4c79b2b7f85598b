"""Says at the end of a run that the shared posts were not there to be measured."""

import pytest

from tests.meters.posts import SHARED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not SHARED.is_dir():
        terminalreporter.line(f"tests/meters: only our examples; there are no posts in {SHARED}")
