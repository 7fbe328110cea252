"""a version of a questionnaire has the pictures that stand with its labels"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "questionnaire_version", sa.Column("pictures", postgresql.JSONB(), server_default="{}", nullable=False)
    )
    op.alter_column("questionnaire_version", "pictures", server_default=None)


def downgrade() -> None:
    """Go back."""
    op.drop_column("questionnaire_version", "pictures")
