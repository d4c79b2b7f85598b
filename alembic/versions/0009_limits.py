"""Limits that count every sign-up alike; a person's change of address."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
ASKED = sa.text("kind = 'asked'")


def upgrade() -> None:
    """Go one step up; requests that are there count for no limit any more."""
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_at", "attempt", ["at"])
    op.create_table(
        "address_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", KEY, nullable=False),
        sa.Column("limit_key", sa.String(), nullable=False),
        sa.Column("old_email", sa.String(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscriber.id"],
            name=op.f("fk_address_change_subscriber_id_subscriber"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_change")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_address_change_subscriber_id", "address_change", ["subscriber_id"])
    op.add_column("consent", sa.Column("limit_key", sa.String(), nullable=False, server_default=""))
    op.drop_index("ix_consent_asked_at", "consent")
    op.create_index(
        "ix_consent_limit_key",
        "consent",
        ["limit_key"],
        sqlite_where=ASKED,
        postgresql_where=ASKED,
    )
    with op.batch_alter_table("letter") as batch:
        batch.add_column(sa.Column("change_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_letter_change_id_address_change"), "address_change", ["change_id"], ["id"]
        )


def downgrade() -> None:
    """Go one step down."""
    with op.batch_alter_table("letter") as batch:
        batch.drop_constraint(op.f("fk_letter_change_id_address_change"), type_="foreignkey")
        batch.drop_column("change_id")
    op.drop_index("ix_consent_limit_key", "consent")
    with op.batch_alter_table("consent") as batch:
        batch.drop_column("limit_key")
    op.create_index(
        "ix_consent_asked_at", "consent", ["at"], sqlite_where=ASKED, postgresql_where=ASKED
    )
    op.drop_index("ix_address_change_subscriber_id", "address_change")
    op.drop_table("address_change")
    op.drop_index("ix_attempt_at", "attempt")
    op.drop_table("attempt")
