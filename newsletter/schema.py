"""The database's schema: brought up, and checked. The only module that imports Alembic."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from newsletter.resources import resource
from subscribers.database import Database
from subscribers.errors import SchemaBehind


def upgrade(database_url: str, revision: str = "head") -> None:
    """Bring a database up to a revision, in one transaction; nothing to do is fine."""
    database = Database(database_url)
    try:
        command.upgrade(_config(database), revision)
    finally:
        database.close()


def downgrade(database_url: str, revision: str) -> None:
    """Take a database down to a revision, in one transaction."""
    database = Database(database_url)
    try:
        command.downgrade(_config(database), revision)
    finally:
        database.close()


def check(database_url: str) -> None:
    """Raise SchemaBehind unless the database is at the revision this version needs."""
    database = Database(database_url)
    try:
        with database.read() as session:
            found = MigrationContext.configure(session.connection()).get_current_heads()
        script = ScriptDirectory.from_config(_config(database))
        wanted = tuple(script.get_heads())
        if tuple(found) == wanted:
            return
        known = {one.revision for one in script.walk_revisions()}
    finally:
        database.close()
    if set(found) - known:
        raise SchemaBehind(
            "the database was made by a newer version", "install that version, or restore a backup"
        )
    at = ", ".join(found) or "nothing"
    raise SchemaBehind(
        f"the database's schema is behind: at {at}, and this version needs {', '.join(wanted)}",
        "newsletter db upgrade",
    )


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource("alembic")).replace("%", "%%"))
    config.attributes["database"] = database
    return config
