"""what staff recorded can be taken back: a fact, a version of a submission, and the mail that it came in"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from outreach.db import UtcDateTime

revision: str = "0027"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go forward."""
    # Whatever kinds of facts there are already, one more is taken.
    op.execute(
        """
        DO $$
        DECLARE rule text := pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ck_invitation_fact_factkind';
        BEGIN
            ALTER TABLE invitation_fact DROP CONSTRAINT ck_invitation_fact_factkind;
            EXECUTE 'ALTER TABLE invitation_fact ADD CONSTRAINT ck_invitation_fact_factkind'
                || ' CHECK (kind = ''taken_back'' OR ' || substring(rule from 7) || ')';
        END $$
        """
    )
    op.add_column(
        "invitation_fact",
        sa.Column(
            "takes_back_id",
            sa.Uuid(),
            sa.ForeignKey(
                "invitation_fact.id",
                ondelete="CASCADE",
                name=op.f("fk_invitation_fact_takes_back_id_invitation_fact"),
            ),
            nullable=True,
        ),
    )
    op.create_index(
        "ix_invitation_fact_takes_back_id",
        "invitation_fact",
        ["takes_back_id"],
        unique=True,
        postgresql_where=sa.text("takes_back_id IS NOT NULL"),
    )
    op.alter_column("submission", "begun_at", nullable=True)
    op.add_column("submission_version", sa.Column("taken_back_at", UtcDateTime(timezone=True), nullable=True))
    for name in ("taken_back_by", "taken_back_reason", "number_given"):
        op.add_column("submission_version", sa.Column(name, sa.Text(), nullable=True))
    op.add_column(
        "received_mail",
        sa.Column(
            "submission_version_id",
            sa.Uuid(),
            sa.ForeignKey(
                "submission_version.id", name=op.f("fk_received_mail_submission_version_id_submission_version")
            ),
            nullable=True,
        ),
    )
    # A mail was recorded in the transaction in which it was dealt with.
    op.execute(
        """
        UPDATE received_mail SET submission_version_id = (
            SELECT version.id FROM submission_version version
            WHERE version.submission_id = received_mail.submission_id AND version.channel = 'mail'
                AND version.recorded_at <= received_mail.looked_at_at
            ORDER BY version.recorded_at DESC LIMIT 1
        ) WHERE submission_id IS NOT NULL
        """
    )
