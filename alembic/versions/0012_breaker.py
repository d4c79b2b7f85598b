"""The breaker: how often a provider that is away was tried in vain."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go one step up."""
    op.add_column("turn", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Go one step down."""
    with op.batch_alter_table("turn") as batch:
        batch.drop_column("failures")
