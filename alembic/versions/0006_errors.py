"""Errors of an issue: the codes of what a check found in its post."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go one step up; issues that are there were checked when they were sent."""
    op.add_column("issue", sa.Column("errors", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Go one step down."""
    with op.batch_alter_table("issue") as batch:
        batch.drop_column("errors")
