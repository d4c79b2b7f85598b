"""The house opened: keys made once and kept, a schema made once, a lost key noticed."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from newsletter.app import build
from newsletter.errors import SettingsError
from newsletter.links import Goodbye
from newsletter.models import Issue, KeyFingerprint
from newsletter.providers.outbox import Outbox
from newsletter.settings import Settings
from newsletter.worker.tick import tick
from subscribers.errors import SchemaBehind
from tests.newsletter.house import KEY, settings_for
from tests.parts import ROOT

OLD = "an older key for tests that is long enough too"


def fresh(folder: Path, **more: object) -> Settings:
    return Settings(database_url=f"sqlite:///{folder / 'news.db'}", **more)  # type: ignore[arg-type]


def test_the_first_run_makes_a_database_and_a_key_for_its_owner_alone(tmp_path: Path) -> None:
    app = build(fresh(tmp_path))
    with app.database.read() as session:
        assert session.scalars(select(Issue)).all() == []
    file = tmp_path / ".newsletter" / "keys"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {stat.S_IMODE(one.stat().st_mode) for one in tmp_path.glob("news.db*")} == {0o600}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    app.database.close()


def test_the_second_run_has_the_same_key(tmp_path: Path) -> None:
    first = build(fresh(tmp_path))
    token = first.links.goodbye_token(Goodbye(1, 2, 3))
    first.database.close()
    second = build(fresh(tmp_path))
    assert second.links.read_goodbye(token) == Goodbye(1, 2, 3)
    assert second.lost_keys == ()
    second.database.close()


def test_two_first_runs_at_once_agree(tmp_path: Path) -> None:
    code = (
        "import sys; from newsletter.app import build; from newsletter.settings import Settings\n"
        "app = build(Settings(database_url=sys.argv[1])); print(app.links.ring.newest.fingerprint)"
    )
    url = f"sqlite:///{tmp_path / 'news.db'}"
    both = [
        subprocess.Popen(
            (sys.executable, "-c", code, url), cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    told = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert told[0] == told[1]


def test_keys_that_others_may_read_are_refused(tmp_path: Path) -> None:
    build(fresh(tmp_path)).database.close()
    (tmp_path / ".newsletter" / "keys").chmod(0o640)
    with pytest.raises(SettingsError, match="others may read") as refused:
        build(fresh(tmp_path))
    assert refused.value.mend.startswith("chmod 600")


def test_keys_that_git_tracks_are_refused(tmp_path: Path) -> None:
    build(fresh(tmp_path)).database.close()
    subprocess.run(("git", "init", "-q", str(tmp_path)), check=True)
    build(fresh(tmp_path)).database.close()
    add = ("git", "-C", str(tmp_path), "add")
    # Our own .gitignore keeps the folder out of a careless `git add .`
    subprocess.run((*add, "."), check=True)
    build(fresh(tmp_path)).database.close()
    subprocess.run((*add, "-f", ".newsletter/keys"), check=True)
    with pytest.raises(SettingsError, match="git tracks") as refused:
        build(fresh(tmp_path))
    assert "git rm --cached" in refused.value.mend


@pytest.mark.part("postgresql")
def test_on_postgresql_keys_have_to_be_set(postgres_url: str) -> None:
    with pytest.raises(SettingsError, match="SECRET_KEYS is empty") as refused:
        build(Settings(database_url=postgres_url))
    assert "NEWSLETTER_SECRET_KEYS" in refused.value.mend


@pytest.mark.part("postgresql")
def test_a_postgresql_without_our_schema_is_refused_with_the_mend(
    postgres_url: str, tmp_path: Path
) -> None:
    with pytest.raises(SchemaBehind) as refused:
        build(settings_for(postgres_url, tmp_path))
    assert refused.value.mend == "newsletter db upgrade"


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    app = build(fresh(tmp_path))
    with app.database.begin() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    app.database.close()
    with pytest.raises(SchemaBehind, match="newer"):
        build(fresh(tmp_path))


def test_opening_a_house_that_is_up_to_date_loads_no_migrations(tmp_path: Path) -> None:
    build(fresh(tmp_path)).database.close()
    code = (
        "import sys; from newsletter.app import build; from newsletter.settings import Settings\n"
        "build(Settings(database_url=sys.argv[1])); print(*sys.modules)"
    )
    told = subprocess.run(
        (sys.executable, "-c", code, f"sqlite:///{tmp_path / 'news.db'}"),
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    loaded = set(told.stdout.split())
    assert "sqlalchemy" in loaded
    assert loaded.isdisjoint({"alembic", "fastapi", "PIL", "mjml", "premailer", "sendgrid"})


def test_a_ring_that_lost_a_key_serves_and_does_not_send(tmp_path: Path) -> None:
    build(fresh(tmp_path, secret_keys=(KEY, OLD))).database.close()
    app = build(fresh(tmp_path, secret_keys=(KEY,)))
    assert len(app.lost_keys) == 1
    with pytest.raises(SettingsError, match="goodbye links of old mails are dead"):
        tick(app)
    app.database.close()
    whole = build(fresh(tmp_path, secret_keys=("a third key that is also long enough", KEY, OLD)))
    assert whole.lost_keys == ()
    assert tick(whole) is False
    with whole.database.read() as session:
        assert len(session.scalars(select(KeyFingerprint)).all()) == 3
    whole.database.close()


def test_a_ring_that_lacks_a_key_is_not_remembered_itself(tmp_path: Path) -> None:
    build(fresh(tmp_path, secret_keys=(OLD,))).database.close()
    build(fresh(tmp_path, secret_keys=(KEY,))).database.close()
    app = build(fresh(tmp_path, secret_keys=(OLD,)))
    assert app.lost_keys == ()
    app.database.close()


def test_the_provider_is_made_when_it_is_asked_for_and_once(tmp_path: Path) -> None:
    made = []

    def choose(settings: Settings) -> Outbox:
        made.append(settings.provider)
        return Outbox(settings.outbox_dir)

    app = build(fresh(tmp_path), choose=choose)
    assert made == []
    assert app.provider is app.provider
    assert made == ["outbox"]
    app.database.close()
