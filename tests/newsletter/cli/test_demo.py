"""`newsletter demo`: the first command of the README."""

from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from typer.testing import CliRunner

from newsletter.cli.command import app
from newsletter.cli.demo import EDITOR


def test_the_demo_mails_everybody_once_whatever_your_own_settings_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider of the environment is at a port where nobody answers, and is never called."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSLETTER_PROVIDER", "smtp")
    monkeypatch.setenv("NEWSLETTER_SMTP_URL", "smtp://127.0.0.1:1")
    ran = CliRunner().invoke(app, ["demo", "--people", "12"], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    mails = (tmp_path / "demo" / "outbox").rglob("*.eml")
    to = Counter(
        message_from_bytes(mail.read_bytes(), policy=policy.default)["To"].addresses[0].addr_spec
        for mail in mails
    )
    readers = {f"reader{number:04}@readers.example" for number in range(1, 13)}
    assert to == Counter(readers | {EDITOR})
