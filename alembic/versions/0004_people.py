"""People told apart: tags, the last sign of life; an issue for a segment; a list's welcome."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Go one step up; lists that are there send no welcome letter, as before."""
    op.create_table(
        "subscriber_tag",
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("tag", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscriber.id"],
            name=op.f("fk_subscriber_tag_subscriber_id_subscriber"),
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "tag", name=op.f("pk_subscriber_tag")),
    )
    op.create_index("ix_subscriber_tag_tag", "subscriber_tag", ["tag", "subscriber_id"])
    moment = sa.DateTime(timezone=True)
    op.add_column("subscriber", sa.Column("last_engaged_at", moment, nullable=True))
    op.add_column(
        "list", sa.Column("welcome", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("issue", sa.Column("segment", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Go one step down."""
    for table, column in (
        ("issue", "segment"),
        ("list", "welcome"),
        ("subscriber", "last_engaged_at"),
    ):
        with op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": True}) as batch:
            batch.drop_column(column)
    op.drop_index("ix_subscriber_tag_tag", "subscriber_tag")
    op.drop_table("subscriber_tag")
