"""The outbox: one file a recipient, whole or not there, never written over."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.errors import ProviderRefused
from newsletter.message import SendStatus
from newsletter.providers import provider_of
from newsletter.providers.outbox import Outbox
from newsletter.settings import Settings
from tests.newsletter.providers.contract import EMAIL, Contract, Post, Received, envelope, send
from tests.newsletter.providers.mails import received


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


class TestOutbox(Contract):
    @pytest.fixture
    def post(self, tmp_path: Path) -> Post:
        (tmp_path / "a-file").write_text("no folder")
        folder = tmp_path / "outbox"

        def mails() -> Sequence[Received]:
            return [received(path.read_bytes()) for path in files(folder)]

        blocked = Outbox(tmp_path / "a-file" / "outbox")
        return Post(Outbox(folder), mails, nowhere=blocked, misconfigured=blocked)


def test_a_file_bears_the_token_and_a_second_mail_of_it_is_counted(tmp_path: Path) -> None:
    for _ in range(3):
        assert send(Outbox(tmp_path), [envelope(7)])[0].status is SendStatus.SUBMITTED
    names = [path.name for path in files(tmp_path)]
    assert names == ["sealed7-2.eml", "sealed7-3.eml", "sealed7.eml"]


def test_the_folder_is_named_by_list_and_subject_and_stays_inside(tmp_path: Path) -> None:
    send(Outbox(tmp_path), [envelope(0)])
    send(Outbox(tmp_path), [envelope(0)], replace(EMAIL, subject="../../etc/Ünïcode\0", headers=()))
    send(Outbox(tmp_path), [envelope(0)], replace(EMAIL, subject="日本", headers=()))
    assert [path.relative_to(tmp_path).parent.as_posix() for path in files(tmp_path)] == [
        "etc-unicode",
        "ledger-november-and-what-came-of-it",
        "mail",
    ]


@pytest.mark.parametrize("token", ["../up", "a/b", ".", "", "a\0b", "x" * 200])
def test_a_token_that_is_no_file_name_writes_nothing(tmp_path: Path, token: str) -> None:
    results = send(Outbox(tmp_path), [envelope(0, token=token)])
    assert [result.status for result in results] == [SendStatus.FAILED]
    assert files(tmp_path) == []


def test_many_threads_leave_every_mail_and_no_draft(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    people = [
        [envelope(number) for number in range(start, start + 50)] for start in range(0, 400, 50)
    ]
    # The last batch is everybody's: each thread's copy must be there.
    threads = [threading.Thread(target=send, args=(outbox, [*mine, *people[0]])) for mine in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = [path.name for path in files(tmp_path)]
    assert len(names) == 400 + 8 * 50
    assert all(name.endswith(".eml") for name in names)


def test_a_folder_that_may_not_be_made_is_refused_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file in its way")
    with pytest.raises(ProviderRefused, match="outbox") as caught:
        Outbox(tmp_path / "outbox").check()
    assert "OUTBOX_DIR" in caught.value.mend


@pytest.mark.slow
def test_ten_thousand_recipients_are_ten_thousand_files(tmp_path: Path) -> None:
    results = send(Outbox(tmp_path), [envelope(number) for number in range(10_000)])
    assert {result.status for result in results} == {SendStatus.SUBMITTED}
    names = {path.name for path in files(tmp_path)}
    assert names == {f"sealed{number}.eml" for number in range(10_000)}


@pytest.mark.parametrize("name", ["outbox", "smtp", "sendgrid"])
def test_the_setting_names_the_provider_and_opens_nothing(name: str, tmp_path: Path) -> None:
    settings = Settings(provider=name, outbox_dir=tmp_path / "o")  # type: ignore[arg-type]
    assert provider_of(settings).name == name
    assert files(tmp_path) == []
