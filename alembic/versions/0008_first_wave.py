"""The first wave: who goes first, how far an issue may go, and whether it is watched."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TROUBLE = sa.text("type IN ('bounced', 'rejected', 'complained')")


def upgrade() -> None:
    """Go one step up; issues on their way had no first wave."""
    op.add_column("issue", sa.Column("first", sa.String(), nullable=False, server_default=""))
    op.add_column("issue", sa.Column("wave", sa.Integer(), nullable=False, server_default="1"))
    op.add_column(
        "issue", sa.Column("watched", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column("batch", sa.Column("wave", sa.Integer(), nullable=False, server_default="1"))
    op.create_index(
        "ix_event_trouble",
        "event",
        ["issue_id", "type"],
        sqlite_where=TROUBLE,
        postgresql_where=TROUBLE,
    )


def downgrade() -> None:
    """Go one step down."""
    op.drop_index("ix_event_trouble", "event")
    with op.batch_alter_table("batch") as batch:
        batch.drop_column("wave")
    with op.batch_alter_table("issue", table_kwargs={"sqlite_autoincrement": True}) as batch:
        for column in ("watched", "wave", "first"):
            batch.drop_column(column)
