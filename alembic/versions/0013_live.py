"""Whether what an issue shows was found online before it went."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go one step up; issues that are scheduled go as they would have gone."""
    op.add_column(
        "issue", sa.Column("is_live", sa.Boolean(), nullable=False, server_default=sa.true())
    )


def downgrade() -> None:
    """Go one step down."""
    with op.batch_alter_table("issue", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_column("is_live")
