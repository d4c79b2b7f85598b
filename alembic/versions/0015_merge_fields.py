"""Merge fields: lists that fill them in, and subjects that hold some."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go one step up."""
    op.add_column(
        "list", sa.Column("merge_fields", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "issue", sa.Column("personal_subject", sa.String(), nullable=False, server_default="")
    )


def downgrade() -> None:
    """Go one step down."""
    with op.batch_alter_table("issue") as batch:
        batch.drop_column("personal_subject")
    with op.batch_alter_table("list") as batch:
        batch.drop_column("merge_fields")
