"""many mails at once: who has begun one, and acknowledgements found by their address"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from outreach.db import UtcDateTime

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("received_mail", sa.Column("begun_at", UtcDateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_received_mail_waiting_from",
        "received_mail",
        ["from_address"],
        postgresql_where=sa.text("outcome IS NULL"),
    )
    op.create_index(
        "ix_letter_acknowledged",
        "letter",
        ["campaign_id", sa.text("lower(to_address)")],
        postgresql_where=sa.text("kind = 'acknowledgement'"),
    )
