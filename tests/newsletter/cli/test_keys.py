"""`newsletter keys`: a new key signs, and everything that is out keeps working."""

import json
import re
import stat
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from newsletter.app import build
from newsletter.app.key_file import rotate
from newsletter.cli.command import app
from newsletter.errors import SettingsError
from newsletter.links import Goodbye
from newsletter.settings import Settings, load
from subscribers import store
from tests.factories import NOON, make_list, make_subscriber

Run = Callable[..., Result]
ADA = Goodbye(1, 1, 1)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, words)


def test_a_new_key_signs_and_the_old_one_opens(run: Run, tmp_path: Path) -> None:
    """RULES S-5, U-4: the goodbye link of an old mail works for ever."""
    before = build(load())
    old = before.links.goodbye_token(ADA)
    before.database.close()
    assert run("keys", "rotate").exit_code == 0
    after = build(load())
    new = after.links.goodbye_token(ADA)
    assert (new != old, after.links.read_goodbye(old), after.links.read_goodbye(new)) == (
        True,
        ADA,
        ADA,
    )
    after.database.close()
    file = tmp_path / ".newsletter" / "keys"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_is_shown_with_the_minute_since_which_it_signs(run: Run) -> None:
    told = run("keys", "show").output.splitlines()
    assert re.search(r"signs and opens  \d{4}-\d\d-\d\d \d\d:\d\d UTC$", told[1])


def test_who_was_erased_is_known_after_any_number_of_new_keys(run: Run) -> None:
    house = build(load())
    with house.database.begin() as session:
        person = make_subscriber(session, make_list(session), "ada@readers.example")
        store.erase(session, person, actor="self", now=NOON)
    house.database.close()
    for _ in range(3):
        assert run("keys", "rotate").exit_code == 0
    house = build(load())
    with house.database.read() as session:
        assert store.was_erased(session, "ada@readers.example")
    house.database.close()


def test_each_key_is_shown_by_its_fingerprint_and_never_itself(run: Run, tmp_path: Path) -> None:
    run("keys", "rotate")
    told = run("keys", "show", "--json")
    rows = json.loads(told.output)
    assert [row["does"] for row in rows] == ["signs and opens", "opens"]
    secrets = (tmp_path / ".newsletter" / "keys").read_text().split()
    assert not any(secret in told.output for secret in secrets if len(secret) > 32)


def test_a_lost_key_is_named(run: Run, tmp_path: Path) -> None:
    run("keys", "rotate")
    run("keys", "show")
    file = tmp_path / ".newsletter" / "keys"
    file.write_text(file.read_text().splitlines()[-2] + "\n")
    told = run("keys", "show", "--json")
    assert told.exit_code == 1
    assert [row["does"] for row in json.loads(told.output)] == ["signs and opens", "is lost"]
    assert isinstance(run("keys", "rotate").exception, SettingsError)


def test_keys_that_are_set_are_not_ours_to_change() -> None:
    with pytest.raises(SettingsError) as refused:
        rotate(Settings(secret_keys="k" * 32))  # type: ignore[arg-type]
    assert "rotate-keys" in refused.value.mend


def test_the_two_steps_of_many_processes_open_each_others_links_and_know_the_erased() -> None:
    """docs/how-to/rotate-keys.md: OLD,NEW,OLD and then NEW,OLD."""
    from newsletter.keys import KeyRing
    from newsletter.links import Links

    old, new = "o" * 32, "n" * 32
    steps = [Links("", KeyRing(ring)) for ring in ([old], [old, new, old], [new, old])]
    assert len({one.ring.erasing for one in steps}) == 1
    for first, second in pairwise(steps):
        for maker, reader in ((first, second), (second, first)):
            assert reader.read_goodbye(maker.goodbye_token(ADA)) == ADA
            assert reader.unseal_delivery(maker.seal_delivery(1, 2)) == (1, 2)
