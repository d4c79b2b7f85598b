"""Lists that ask who gave no sign of life whether they still want them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go one step up; no list asks."""
    op.add_column("list", sa.Column("ask_after", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Go one step down."""
    with op.batch_alter_table("list") as batch:
        batch.drop_column("ask_after")
