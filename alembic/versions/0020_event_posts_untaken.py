"""Whoever reads a post of events holds it by their transaction, and not by a time."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go one step up."""
    op.drop_column("event_post", "taken_at")


def downgrade() -> None:
    """Go one step down."""
    op.add_column("event_post", sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
