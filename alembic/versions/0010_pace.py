"""How fast mail may go: turns at rates, days of a quota; an issue spread over hours."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go one step up."""
    op.create_table(
        "turn",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_turn")),
    )
    op.create_table(
        "sent_day",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("issues", sa.Integer(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_sent_day")),
    )
    op.add_column("issue", sa.Column("over", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("batch", sa.Column("lane", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Go one step down."""
    with op.batch_alter_table("batch") as batch:
        batch.drop_column("lane")
    with op.batch_alter_table("issue", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_column("over")
    op.drop_table("sent_day")
    op.drop_table("turn")
