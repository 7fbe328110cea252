"""acts that write to everybody are asked for on a page, as launches are; why sending stopped is kept as facts"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from outreach.db import UtcDateTime

revision: str = "0030"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ACTS = ("launch", "extend", "ask_again", "ask_refused")
_NAMED = ("pk_{}", "uq_{}_campaign_id", "fk_{}_campaign_id_campaign", "fk_{}_staff_id_staff")
_STOPPED = "^([0-9]+) letters in a row were refused, the last one so: (.*)$"
_FACTS = f"""
    UPDATE sending_hold SET refused_in_a_row = substring(reason, '{_STOPPED}')::integer,
        reason = regexp_replace(reason, '{_STOPPED}', '\\2')
    WHERE reason ~ '{_STOPPED}'
"""  # noqa: S608 - our own words
_SENTENCE = """
    UPDATE sending_hold SET reason = refused_in_a_row || ' letters in a row were refused, the last one so: ' || reason
    WHERE refused_in_a_row IS NOT NULL
"""


def upgrade() -> None:
    """Go forward."""
    _rename("launch_order", "campaign_order")
    op.add_column(
        "campaign_order",
        sa.Column(
            "act",
            sa.Enum(*_ACTS, name="orderedact", native_enum=False, create_constraint=True, length=40),
            server_default="launch",
            nullable=False,
        ),
    )
    op.add_column("campaign_order", sa.Column("details", postgresql.JSONB(), server_default="{}", nullable=False))
    for column in ("act", "details"):
        op.alter_column("campaign_order", column, server_default=None)
    op.add_column("campaign_order", sa.Column("told_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("extension", sa.Column("letters", sa.Integer(), nullable=True))
    op.add_column("sending_hold", sa.Column("refused_in_a_row", sa.Integer(), nullable=True))
    op.execute(_FACTS)


def downgrade() -> None:
    """Go back."""
    op.execute(_SENTENCE)
    op.drop_column("sending_hold", "refused_in_a_row")
    op.drop_column("extension", "letters")
    op.execute("DELETE FROM campaign_order WHERE act <> 'launch'")
    for column in ("told_at", "details", "act"):
        op.drop_column("campaign_order", column)
    _rename("campaign_order", "launch_order")


def _rename(former: str, name: str) -> None:
    op.rename_table(former, name)
    for named in _NAMED:
        op.execute(f"ALTER TABLE {name} RENAME CONSTRAINT {named.format(former)} TO {named.format(name)}")
