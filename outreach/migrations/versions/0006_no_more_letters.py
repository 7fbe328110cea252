"""a stakeholder wants no more letters"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from outreach.db import UtcDateTime

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("contact", sa.Column("no_letters_at", UtcDateTime(timezone=True), nullable=True))
    # Whatever kinds of facts there are already, two more are taken.
    op.execute(
        """
        DO $$
        DECLARE rule text := pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ck_invitation_fact_factkind';
        BEGIN
            ALTER TABLE invitation_fact DROP CONSTRAINT ck_invitation_fact_factkind;
            EXECUTE 'ALTER TABLE invitation_fact ADD CONSTRAINT ck_invitation_fact_factkind'
                || ' CHECK (kind IN (''no_more_letters'', ''letters_again'') OR ' || substring(rule from 7) || ')';
        END $$
        """
    )
