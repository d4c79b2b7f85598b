"""A house in a folder of its own, driven as a person would: by commands and by HTTP."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event
from typing import IO, Any

from newsletter.web.signup import FASTEST
from tests.journeys import warm
from tests.journeys.browser import get, post

EXAMPLES = Path(__file__).parents[2] / "examples" / "site" / "content" / "blog"
OCTOBER = EXAMPLES / "2026-10-open-data"
# Seconds until a command hangs.
LONGEST = 240
MOMENT = timedelta(milliseconds=100)


class House:
    """One working folder and its environment."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER_")
        } | {f"NEWSLETTER_{name}": value for name, value in settings.items()}

    public_url = "http://127.0.0.1:8025"

    def run(self, *arguments: str | Path, code: int = 0) -> str:
        """Run a command, expect its exit code and no traceback, and return what it printed."""
        done = self.attempt(*arguments)
        shown = f"newsletter {' '.join(map(str, arguments))}\n{done.stdout}\n{done.stderr}"
        assert done.returncode == code, shown
        assert "Traceback" not in done.stderr, shown
        assert "a defect of ours" not in done.stderr, shown
        return done.stdout + done.stderr

    def attempt(self, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run a command and return whatever came of it."""
        with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
            process = warm.start(
                list(map(str, arguments)), self.folder, self.environment, out.fileno(), err.fileno()
            )
            process.join(LONGEST)
            if process.exitcode is None:
                process.kill()
                raise TimeoutError(f"newsletter {' '.join(map(str, arguments))}")
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(arguments, process.exitcode, out.read(), err.read())

    def json(self, *arguments: str | Path, code: int = 0) -> Any:
        """Run a command with --json and return what it answered."""
        done = self.attempt(*arguments, "--json")
        assert done.returncode == code, done.stdout + done.stderr
        return json.loads(done.stdout)

    def readers(self, count: int, name: str = "readers.csv") -> Path:
        """Write a CSV file of made-up readers."""
        file = self.folder / name
        rows = (f"reader{number:05}@readers.example,Reader {number}" for number in range(count))
        file.write_text("email,name\n" + "\n".join(rows) + "\n", encoding="utf-8")
        return file

    def list_with(self, count: int) -> None:
        """Make the list `ledger` with so many readers."""
        self.run(
            "lists", "add", "ledger", "--name", "The Monthly Ledger",
            "--from", "The Monthly Ledger <editors@monthly-ledger.example>",
            "--postal", "12 Quay Street, 20457 Hafenstadt",
            "--privacy-url", "https://monthly-ledger.example/privacy/",
        )  # fmt: skip
        self.run("subscribers", "import", self.readers(count), "--i-have-consent", "asked in 2026")

    def note(self, slug: str = "a-note") -> Path:
        """Write a small post; its title is `A note`, and the slug unless that is the default."""
        title = "A note" if slug == "a-note" else f"A note, {slug}"
        post = self.folder / f"{slug}.md"
        post.write_text(f"---\ntitle: {title}\nslug: {slug}\n---\nSome words.\n", encoding="utf-8")
        return post

    def sign_up(self, base: str, email: str) -> EmailMessage:
        """Sign up on the form as a person would, and return the letter that comes."""
        fields = get(f"{base}/subscribe/ledger").fields()
        # A form that comes back at once is taken for a machine's; the server's clock is its own.
        Event().wait((FASTEST + MOMENT).total_seconds())
        answer = post(f"{base}/subscribe/ledger", email=email, name="Ada", **fields)
        assert answer.status in (200, 202)
        self.run("worker", "--until-idle")
        (mail,) = (mail for mail in self.outbox() if email in mail["To"])
        return mail

    def outbox(self) -> list[EmailMessage]:
        """Return every mail that lies in the outbox."""
        files = sorted((self.folder / "outbox").rglob("*.eml"))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    @contextmanager
    def serving(self, *arguments: str) -> Iterator[str]:
        """Serve the web pages and yield their base address."""
        with self.running("serve", "--port", "0", *arguments) as (line, _, _):
            assert " on http://" in line, line
            yield line.strip().rsplit(" on ", 1)[1]

    @contextmanager
    def running(self, *arguments: str | Path) -> Iterator[tuple[str, ForkServerProcess, IO[str]]]:
        """Run a command that goes on; yield its first line, its process, and what it says then."""
        reader, writer = os.pipe()
        with open(reader, encoding="utf-8") as said:
            process = warm.start(
                list(map(str, arguments)), self.folder, self.environment, writer, writer
            )
            os.close(writer)
            try:
                yield said.readline(), process, said
            finally:
                process.terminate()
                process.join(30)
