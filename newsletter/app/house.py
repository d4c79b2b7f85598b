"""The App: settings, database, links and provider, opened together."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, select, text

from newsletter.app import fingerprints, goodbye_book, key_file, sidecar
from newsletter.app.file_lock import locked
from newsletter.app.goodbye_book import GoodbyeBook
from newsletter.app.sidecar import Mark, write_mark
from newsletter.app.state_folder import private_folder
from newsletter.errors import SettingsError
from newsletter.links import Links
from newsletter.models import Instance
from newsletter.pace import Limits
from newsletter.providers import provider_of, return_path_of
from newsletter.providers.protocol import Provider
from newsletter.providers.sendgrid_lists import Keeper
from newsletter.resources import resource
from newsletter.settings import Settings
from subscribers.database import Database, now

_REVISION = re.compile(r"""^revision(?:: str)? = ["']([^"']+)["']""", re.MULTILINE)
_FOLLOWS = re.compile(r"""^down_revision(?::[^=]+)? = ["']([^"']+)["']""", re.MULTILINE)


@dataclass(frozen=True)
class App:
    """What every command, page and worker is handed; the provider is made when first asked for.

    `lost_keys` are the fingerprints of keys that signed here and are in the ring no more.
    """

    settings: Settings
    database: Database
    links: Links
    lost_keys: tuple[str, ...] = ()
    choose: Callable[[Settings], Provider] = provider_of

    @cached_property
    def provider(self) -> Provider:
        """The provider that the settings name."""
        return self.choose(self.settings)

    @property
    def keeper(self) -> Keeper | None:
        """The provider, where it keeps lists of whom it mails no more."""
        return self.provider if isinstance(self.provider, Keeper) else None

    @property
    def hears(self) -> bool:
        """Whether the house is told later what became of its mails."""
        settings = self.settings
        heard = settings.provider != "sendgrid" or bool(settings.sendgrid_webhook_keys)
        return self.provider.reports and heard

    @property
    def limits(self) -> Limits:
        """How fast this house may send."""
        told = self.settings
        return Limits(told.rate, told.domain_rates, told.daily_quota, told.warm_up)

    @cached_property
    def instance(self) -> str:
        """The name of this database; empty where it has none."""
        with self.database.read() as session:
            return session.scalar(select(Instance.name)) or ""

    @property
    def sidecar(self) -> Path:
        """The file beside the database that says how far it has come."""
        return private_folder(self.settings.state_folder) / sidecar.FILE

    def mark(self, claims: int) -> None:
        """Write into the sidecar that so many batches were claimed."""
        write_mark(self.sidecar, Mark(self.instance, claims))

    def require_keys(self) -> None:
        """Refuse with SettingsError to send while a key is lost."""
        if self.lost_keys:
            raise SettingsError(
                f"the key {', '.join(self.lost_keys)} signed links that are out and is not in "
                "SECRET_KEYS: the goodbye links of old mails are dead",
                "put the old key back, behind the newest (the key file of your backup has it)",
            )


def build(settings: Settings, *, choose: Callable[[Settings], Provider] = provider_of) -> App:
    """Open the house: database (its schema made when the SQLite file is new), keys, links.

    Raises SettingsError for keys that are missing, SchemaBehind for a database of another
    version. A ring that lost a key opens, so that pages are served, and sends nothing.
    """
    ring = key_file.ring_of(settings)
    book = GoodbyeBook(settings.state_folder / goodbye_book.FILE)
    database = Database(settings.database_url, erasing=ring.erasing, keep=book.keep)
    try:
        _require_schema(settings, database)
        lost = fingerprints.missing(database, ring, now=now())
    except BaseException:
        database.close()
        raise
    path = return_path_of(settings)
    inbox = path.address if path and settings.inbox_url.get_secret_value() else ""
    links = Links(settings.public_url, ring, inbox=inbox)
    return App(settings, database, links, lost, choose)


def _require_schema(settings: Settings, database: Database) -> None:
    file = settings.database_file
    found = _revision(database) if file is None or file.exists() else None
    if found is not None and found == _newest_revision():
        return
    # By name, and only for a new or an old file: whoever sends must not load the migrations'
    # library, and the floors count an import wherever it stands.
    schema: Any = import_module("newsletter.schema")
    if file is None or found is not None:
        schema.check(settings.database_url)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with locked(private_folder(settings.state_folder) / f"{file.name}.schema.lock"):
        # Addresses stand in it, and SQLite would make it for everybody on this machine to read.
        file.touch(mode=0o600)
        # Who came second finds nothing left to do.
        schema.upgrade(settings.database_url)


def _revision(database: Database) -> str | None:
    """Return the revision a database is at, or None when no migration was ever here."""
    if not inspect(database.engine).has_table("alembic_version"):
        return None
    with database.read() as session:
        found: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def _newest_revision() -> str:
    """Return the revision that no migration follows, read off the files."""
    made: set[str] = set()
    followed: set[str] = set()
    for file in resource("alembic", "versions").glob("*.py"):
        script = file.read_text(encoding="utf-8")
        made.update(_REVISION.findall(script))
        followed.update(_FOLLOWS.findall(script))
    (newest,) = made - followed
    return newest
