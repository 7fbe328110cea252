"""letters that are to be accounted for stand in a queue beside the letters"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "unaccounted_letter",
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_unaccounted_letter")),
    )
    op.execute(
        """
        INSERT INTO unaccounted_letter (letter_id)
        SELECT id FROM letter WHERE accounted_at IS NULL AND settled_at IS NOT NULL
        """
    )
    op.drop_index("ix_letter_unaccounted", table_name="letter")


def downgrade() -> None:
    """Go back."""
    op.create_index(
        "ix_letter_unaccounted",
        "letter",
        ["settled_at"],
        postgresql_where=sa.text("accounted_at IS NULL AND settled_at IS NOT NULL"),
    )
    op.drop_table("unaccounted_letter")
