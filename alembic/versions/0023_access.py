"""Who may come in: admins, their sessions, API tokens, tries to sign in."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _number() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def upgrade() -> None:
    """Go one step up."""
    op.create_table(
        "admin",
        _number(),
        _word("name"),
        _word("password"),
        _moment("created_at"),
        _moment("signed_in_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin")),
        sa.UniqueConstraint("name", name=op.f("uq_admin_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "admin_session",
        _word("key_hash"),
        sa.Column("admin_id", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("seen_at"),
        sa.ForeignKeyConstraint(
            ["admin_id"], ["admin.id"], name=op.f("fk_admin_session_admin_id_admin")
        ),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_admin_session")),
    )
    op.create_index("ix_admin_session_admin_id", "admin_session", ["admin_id"])
    op.create_table(
        "api_token",
        _number(),
        _word("name"),
        _word("key_hash"),
        _word("beginning"),
        _word("scopes"),
        _moment("created_at"),
        _moment("expires_at", nullable=True),
        _moment("last_used_at", nullable=True),
        _moment("minute", nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_token_key_hash")),
        sa.UniqueConstraint("name", name=op.f("uq_api_token_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "login_attempt",
        _number(),
        _moment("at"),
        _word("account"),
        _word("network"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    op.create_index("ix_login_attempt_at", "login_attempt", ["at"])


def downgrade() -> None:
    """Go one step down: nobody may come in, and nobody else loses anything."""
    for table in ("login_attempt", "api_token", "admin_session", "admin"):
        op.drop_table(table)
