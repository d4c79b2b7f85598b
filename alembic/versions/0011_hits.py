"""Opens and clicks of our own: counts by the hour, how far the log was read, how links are counted."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go one step up; lists and issues that are there count no more than they did."""
    no = sa.false()
    op.add_column("list", sa.Column("text_links", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("list", sa.Column("utm", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("issue", sa.Column("text_links", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("issue", sa.Column("utm", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("event", sa.Column("link", sa.Integer(), nullable=True))
    op.add_column("event", sa.Column("visitor", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "tally",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("link", sa.Integer(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visitor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_tally_issue_id_issue")),
        sa.PrimaryKeyConstraint(
            "issue_id", "link", "hour", "visitor", "reason", name=op.f("pk_tally")
        ),
    )
    op.create_table(
        "hit_segment",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_hit_segment")),
    )


def downgrade() -> None:
    """Go one step down."""
    op.drop_table("hit_segment")
    op.drop_table("tally")
    for table, columns in (
        ("event", ("visitor", "link")),
        ("issue", ("utm", "text_links")),
        ("list", ("utm", "text_links")),
    ):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)
