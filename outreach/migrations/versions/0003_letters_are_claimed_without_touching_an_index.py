"""letters are claimed without touching an index"""

from collections.abc import Sequence

from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go forward."""
    op.drop_constraint("uq_letter_message_id", "letter", type_="unique")
    op.drop_constraint("uq_letter_envelope_token", "letter", type_="unique")
    op.drop_index("ix_letter_due", table_name="letter")
    op.drop_index("ix_letter_unaccounted", table_name="letter")
    op.execute("UPDATE letter SET accounted_at = settled_at WHERE state = 'cancelled'")
    op.create_index("ix_letter_due", "letter", ["due_at"], postgresql_where="settled_at IS NULL")
    op.create_index(
        "ix_letter_unaccounted",
        "letter",
        ["settled_at"],
        postgresql_where="accounted_at IS NULL AND settled_at IS NOT NULL",
    )
    op.execute("ALTER TABLE letter SET (fillfactor = 50)")
