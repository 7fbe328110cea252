"""replies are acknowledged"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = (
    "invitation",
    "forwarded",
    "reminder",
    "extension",
    "receipt",
    "copy",
    "part_for_mission",
    "returned",
    "code",
    "account",
    "acknowledgement",
    "test",
)


def upgrade() -> None:
    """Go forward."""
    for table in ("letter", "edition"):
        op.drop_constraint("letterkind", table, type_="check")
        op.create_check_constraint("letterkind", table, sa.column("kind").in_(KINDS))
