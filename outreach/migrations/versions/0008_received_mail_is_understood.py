"""received mail is understood, and a letter can come back"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from outreach.db import UtcDateTime

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = (
    "bounce",
    "delay",
    "delivery_receipt",
    "read_receipt",
    "auto_reply",
    "complaint",
    "challenge",
    "reply",
    "forwarded",
    "list",
    "spam_like",
    "other",
)
MORE = {
    ("received_mail", "matched_by", "matchedby"): ("reply_address", "letter_within", "code_in_file"),
    ("received_mail", "outcome", "mailoutcome"): ("auto_reply",),
    ("invitation_fact", "kind", "factkind"): ("letter_returned", "return_taken_back", "auto_reply"),
    ("letter", "state", "letterstate"): ("returned",),
    ("delivery_attempt", "outcome", "letterstate"): ("returned",),
}
"""What is added to the values that a column takes."""


def upgrade() -> None:
    """Go forward."""
    for (table, takes, name), values in MORE.items():
        op.execute(_with_more(table, takes, name, values))
    for column in (
        sa.Column("silent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("dated", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("understood_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="mailkind", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("kind_by", sa.Text(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("permanent", sa.Boolean(), nullable=True),
        sa.Column("failed_addresses", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("diagnostic", sa.Text(), server_default="", nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("substitute", sa.Text(), server_default="", nullable=False),
        sa.Column("own_words", sa.Text(), server_default="", nullable=False),
        sa.Column("sender_verified", sa.Boolean(), nullable=True),
        sa.Column(
            "letter_id",
            sa.Uuid(),
            sa.ForeignKey("letter.id", name=op.f("fk_received_mail_letter_id_letter")),
            nullable=True,
        ),
        sa.Column(
            "failing_contact_id",
            sa.Uuid(),
            sa.ForeignKey("contact.id", name=op.f("fk_received_mail_failing_contact_id_contact")),
            nullable=True,
        ),
        sa.Column(
            "same_id_as",
            sa.Uuid(),
            sa.ForeignKey("received_mail.id", name=op.f("fk_received_mail_same_id_as_received_mail")),
            nullable=True,
        ),
        sa.Column("former", postgresql.JSONB(), nullable=True),
    ):
        op.add_column("received_mail", column)
    op.create_index(
        "ix_received_mail_kept",
        "received_mail",
        ["received_at", "id"],
        postgresql_where=sa.text("understood_at IS NULL"),
    )
    op.create_index(
        "ix_received_mail_failing",
        "received_mail",
        ["failing_contact_id", "received_at"],
        postgresql_where=sa.text("failing_contact_id IS NOT NULL"),
    )
    op.execute("UPDATE received_mail SET message_id = left(message_id, 600) WHERE length(message_id) > 600")
    op.create_index(
        "ix_received_mail_message_id", "received_mail", ["message_id"], postgresql_where=sa.text("message_id <> ''")
    )
    op.execute(
        "UPDATE received_mail SET understood_at = received_at, "
        "kind = CASE outcome WHEN 'delivery_report' THEN 'bounce' ELSE 'reply' END"
    )


def _with_more(table: str, column: str, name: str, values: tuple[str, ...]) -> str:
    """The statement that lets a column take further values, whatever it takes already."""
    listed = ", ".join(f"'{value}'" for value in values)
    full = f"ck_{table}_{name}"
    return f"""
        DO $$
        DECLARE rule text := pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '{full}';
        BEGIN
            ALTER TABLE {table} DROP CONSTRAINT {full};
            EXECUTE 'ALTER TABLE {table} ADD CONSTRAINT {full} CHECK ({column} IN ({listed.replace("'", "''")}) OR '
                || substring(rule from 7) || ')';
        END $$
    """
