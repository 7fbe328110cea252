"""Of staff only what is used: when they last signed in, and no addresses of their computers."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from outreach.db import UtcDateTime

revision: str = "0023"
down_revision: str | None = "0030"
branch_labels: str | None = None
depends_on: str | None = None

_UNUSED: dict[str, dict[str, sa.types.TypeEngine[Any]]] = {
    "staff": {
        "language": sa.Text(),
        "confirmed_at": UtcDateTime(),
        "last_login_at": UtcDateTime(),
        "last_login_ip": sa.Text(),
        "current_login_ip": sa.Text(),
        "login_count": sa.Integer(),
    },
    "role": {"description": sa.Text(), "permissions": postgresql.JSONB()},
}


def upgrade() -> None:
    """Go forward."""
    op.alter_column("staff", "current_login_at", new_column_name="signed_in_at")
    for table, columns in _UNUSED.items():
        for name in columns:
            op.drop_column(table, name)


def downgrade() -> None:
    """Go back."""
    for table, columns in _UNUSED.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind))
    op.alter_column("staff", "signed_in_at", new_column_name="current_login_at")
