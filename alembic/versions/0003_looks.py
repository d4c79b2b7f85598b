"""Looks of a list: its layout and its logo."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go one step up; lists that are there keep the layout they have."""
    op.add_column("list", sa.Column("layout", sa.String(), nullable=False, server_default="digest"))
    op.add_column("list", sa.Column("logo_url", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Go one step down."""
    with op.batch_alter_table("list") as batch:
        batch.drop_column("logo_url")
        batch.drop_column("layout")
