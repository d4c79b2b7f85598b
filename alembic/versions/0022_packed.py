"""Deliveries of closed issues packed: a bit each."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IS_MEMBER = "p.block = s.id >> 13 AND CASE s.id & 3 {} END".format(
    " ".join(
        f"WHEN {bit} THEN substr(p.members, ((s.id & 8191) >> 2) + 1, 1) IN ({digits})"
        for bit, digits in enumerate(
            ", ".join(f"'{one}'" for one in some)
            for some in ("13579bdf", "2367abef", "4567cdef", "89abcdef")
        )
    )
)
# In which batch each was is not kept: one of those that it can have been in.
UNPACK = f"""
INSERT INTO delivery (issue_id, subscriber_id, batch_no)
SELECT p.issue_id, s.id, (
    SELECT min(b.batch_no) FROM batch AS b
    WHERE b.issue_id = p.issue_id AND b.state = 'submitted' AND s.id BETWEEN b.lo AND b.hi
)
FROM packed_delivery AS p JOIN subscriber AS s ON {IS_MEMBER}
"""  # noqa: S608 (ours, every letter)


def upgrade() -> None:
    """Go one step up."""
    op.add_column("issue", sa.Column("packed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "packed_delivery",
        sa.Column("block", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("members", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name=op.f("fk_packed_delivery_issue_id_issue")
        ),
        sa.PrimaryKeyConstraint("block", "issue_id", name=op.f("pk_packed_delivery")),
    )
    op.create_index("ix_packed_delivery_issue_id", "packed_delivery", ["issue_id"])


def downgrade() -> None:
    """Go one step down: everybody has a row again."""
    op.execute(UNPACK)
    op.drop_table("packed_delivery")
    with op.batch_alter_table("issue") as batch:
        batch.drop_column("packed_at")
