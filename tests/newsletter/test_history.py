"""Git tells when a post was last changed, and runs nothing that a repository names."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.history import last_change
from newsletter.publishing import publication

WHEN = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with one post, committed at WHEN."""
    who = {
        f"GIT_{role}_{what}": "x" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    env = os.environ | who | {"GIT_AUTHOR_DATE": WHEN.isoformat(), "GIT_CONFIG_GLOBAL": os.devnull}
    (tmp_path / "-a post.md").write_text("# Tides\n\nWords.\n")
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "x")):
        subprocess.run(("git", *command), cwd=tmp_path, env=env, check=True)
    return tmp_path


def test_a_post_without_a_date_has_that_of_its_last_change(repository: Path) -> None:
    post = repository / "-a post.md"

    assert last_change(post) == WHEN
    assert publication(post, None, now=WHEN).digest.date == WHEN


def test_a_date_of_its_own_counts_more(repository: Path) -> None:
    post = repository / "-a post.md"
    post.write_text("---\ndate: the other day\n---\n# Tides\n")

    assert publication(post, None, now=WHEN).digest.date is None


def test_a_file_that_git_does_not_know_has_none(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (repository / "new.md").write_text("# New\n")

    assert last_change(repository / "new.md") is None
    assert last_change(tmp_path_factory.mktemp("other") / "a.md") is None


def test_without_git_there_is_none(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert last_change(repository / "-a post.md") is None


def test_no_program_that_a_repository_names_is_run(repository: Path) -> None:
    ran = repository / "ran"
    program = repository / "program"
    program.write_text(f"#!/bin/sh\ntouch '{ran}'\n")
    program.chmod(0o755)
    for key in ("core.fsmonitor", "gpg.program", "core.pager", "core.sshCommand", "diff.external"):
        subprocess.run(("git", "config", key, str(program)), cwd=repository, check=True)
    subprocess.run(("git", "config", "log.showSignature", "true"), cwd=repository, check=True)

    assert last_change(repository / "-a post.md") == WHEN
    assert not ran.exists()
