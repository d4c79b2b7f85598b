"""Lists and issues whose clicks and opens the provider counts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go one step up; all of them are counted by us."""
    for table in ("list", "issue"):
        op.add_column(
            table, sa.Column("counted_by", sa.String(), nullable=False, server_default="own")
        )


def downgrade() -> None:
    """Go one step down."""
    for table in ("issue", "list"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("counted_by")
