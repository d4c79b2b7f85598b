"""How many messages of a batch may be without their answer at once."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go one step up; who went step by step had one."""
    op.add_column("batch", sa.Column("at_once", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE batch SET at_once = 1 WHERE stepwise")
    with op.batch_alter_table("batch") as batch:
        batch.drop_column("stepwise")


def downgrade() -> None:
    """Go one step down."""
    op.add_column(
        "batch", sa.Column("stepwise", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute("UPDATE batch SET stepwise = true WHERE at_once > 0")
    with op.batch_alter_table("batch") as batch:
        batch.drop_column("at_once")
