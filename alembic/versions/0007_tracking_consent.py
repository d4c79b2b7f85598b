"""Whether a subscriber may be counted by name; nobody has been asked yet."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go one step up; no answer is a no."""
    op.add_column("subscription", sa.Column("tracking_consent", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Go one step down."""
    with op.batch_alter_table("subscription") as batch:
        batch.drop_column("tracking_consent")
