"""letters have one recipient each"""

from collections.abc import Sequence

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go forward."""
    op.drop_column("letter", "cc_addresses")
    op.create_index("ix_audit_entry_at_id", "audit_entry", ["at", "id"])
