"""Posts of events kept until they are read; why a mail bounced."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go one step up; of bounces that are recorded the cause is not known."""
    op.add_column("event", sa.Column("cause", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "event_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_post")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Go one step down."""
    op.drop_table("event_post")
    with op.batch_alter_table("event") as batch:
        batch.drop_column("cause")
