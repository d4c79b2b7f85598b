"""Issues with more than one text, corrections of an issue, and the latest one for who is new."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ADDED = {
    "issue": ("variant", "corrects"),
    "batch": ("variant",),
    "list": ("latest_within",),
}


def upgrade() -> None:
    """Go one step up; so far every issue has one text."""
    for table, columns in ADDED.items():
        for name in columns:
            default = None if name == "corrects" else "0"
            column = sa.Column(name, sa.Integer(), nullable=default is None, server_default=default)
            op.add_column(table, column)
    op.create_table(
        "variant",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("personal_subject", sa.String(), nullable=False),
        sa.Column("preheader", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("amended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_variant_issue_id_issue")),
        sa.PrimaryKeyConstraint("issue_id", "number", name=op.f("pk_variant")),
    )


def downgrade() -> None:
    """Go one step down."""
    op.drop_table("variant")
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for name in columns:
                batch.drop_column(name)
