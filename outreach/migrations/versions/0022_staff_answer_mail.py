"""staff answer mail"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from outreach.db import UtcDateTime

revision: str = "0022"
down_revision: str | None = "0029"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FORMER = (
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
)


def _kinds(*kinds: str) -> None:
    for table in ("letter", "edition"):
        op.drop_constraint("letterkind", table, type_="check")
        op.create_check_constraint("letterkind", table, sa.column("kind").in_(kinds))


def upgrade() -> None:
    """Go forward."""
    _kinds(*FORMER, "answer", "test")
    op.create_table(
        "mail_answer",
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("mail_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_mail_answer_letter_id_letter")),
        sa.ForeignKeyConstraint(["mail_id"], ["received_mail.id"], name=op.f("fk_mail_answer_mail_id_received_mail")),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_mail_answer")),
        sa.UniqueConstraint("mail_id", "number", name=op.f("uq_mail_answer_mail_id_number")),
    )


def downgrade() -> None:
    """Go back; answers that were written stay what they are, so this is only possible where there are none."""
    op.drop_table("mail_answer")
    _kinds(*FORMER, "test")
