"""What we stand on: locked with hashes, from nowhere in particular, and none known to be broken."""

import re

import pytest
from packaging.version import Version

from tests.parts import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
# The first version without a fault that its makers published.
MENDED = {
    "cryptography": "45.0.6",  # sendgrid's own floor; no ECDSA in Python (CVE-2024-23342)
    "h11": "0.16.0",  # CVE-2025-43859
    "jinja2": "3.1.6",  # CVE-2025-27516
    "python-multipart": "0.0.18",  # CVE-2024-53981
    "starlette": "0.49.1",  # CVE-2025-62727
}


def locked(name: str) -> dict[str, str]:
    """Return each requirement of a lock and what stands with it."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {re.split(r"[=\s;\[]", line, maxsplit=1)[0].lower(): line for line in lines}


@pytest.mark.parametrize("name", LOCKS)
def test_every_dependency_is_one_version_with_its_hashes(name: str) -> None:
    """RULES S-20"""
    found = locked(name)
    assert len(found) > 20
    for package, line in found.items():
        assert re.match(rf"{re.escape(package)}(\[[\w,-]+\])?==\S+", line, re.IGNORECASE), line
        assert "--hash=sha256:" in line, package


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://|--index-url|--find-links", text)


@pytest.mark.parametrize("package", MENDED)
def test_what_was_mended_since_is_locked(package: str) -> None:
    """RULES S-13, S-20, PY-12"""
    version = re.search(r"==([^\s;]+)", locked("requirements.lock")[package])
    assert version
    assert Version(version[1]) >= Version(MENDED[package])
