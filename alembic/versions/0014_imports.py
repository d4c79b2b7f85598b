"""Imports: what all people of a file share is kept once; their subscriptions take less room."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STATES = ("active", "pending", "paused", "unsubscribed")


def upgrade() -> None:
    """Go one step up; lines of evidence that are there keep their words."""
    op.create_table(
        "import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("options", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_line", sa.Integer(), nullable=False),
        sa.Column("report_bytes", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["list.id"], name=op.f("fk_import_list_id_list")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_import_list_id_sha256", "import", ["list_id", "sha256"])
    with op.batch_alter_table("consent", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("import_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("import_line", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_consent_import_id_import"), "import", ["import_id"], ["id"]
        )
    _check(" OR ".join(f"state = '{state}'" for state in STATES), thin=True)


def downgrade() -> None:
    """Go one step down; lines of evidence no longer name their file."""
    _check("state IN ('pending','active','paused','unsubscribed')", thin=False)
    with op.batch_alter_table("consent", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_constraint(op.f("fk_consent_import_id_import"), type_="foreignkey")
        batch.drop_column("import_line")
        batch.drop_column("import_id")
    op.drop_index("ix_import_list_id_sha256", "import")
    op.drop_table("import")


def _check(condition: str, *, thin: bool) -> None:
    """Say anew which states there are; on SQLite the table is made anew with or without row ids."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table(
        "subscription",
        recreate="always" if sqlite else "never",
        table_kwargs={"sqlite_with_rowid": not thin} if sqlite else {},
    ) as batch:
        batch.drop_constraint(op.f("ck_subscription_state"), type_="check")
        batch.create_check_constraint(op.f("ck_subscription_state"), condition)
