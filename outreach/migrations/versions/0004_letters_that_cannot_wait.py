"""letters that cannot wait leave first, and no faster than a receiver takes them"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from outreach.db import UtcDateTime

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "letter",
        sa.Column(
            "urgent",
            sa.Boolean(),
            sa.Computed("kind NOT IN ('invitation', 'forwarded', 'reminder', 'extension')", persisted=True),
            nullable=False,
        ),
    )
    op.add_column(
        "letter",
        sa.Column(
            "domain", sa.Text(), sa.Computed("lower(split_part(to_address, '@', -1))", persisted=True), nullable=False
        ),
    )
    op.drop_index("ix_letter_due", table_name="letter")
    op.create_index("ix_letter_due", "letter", ["urgent", "due_at"], postgresql_where=sa.text("settled_at IS NULL"))
    op.create_index(
        "ix_letter_domain", "letter", ["urgent", "domain", "due_at"], postgresql_where=sa.text("settled_at IS NULL")
    )
    op.create_table(
        "sending_pace",
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("domain", "at", name=op.f("pk_sending_pace")),
    )
    op.create_index("ix_sending_pace_at", "sending_pace", ["at"])
    op.add_column(
        "delivery_attempt",
        sa.Column(
            "verdict",
            sa.Enum(
                "taken",
                "later",
                "address",
                "content",
                "ours",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
    )
