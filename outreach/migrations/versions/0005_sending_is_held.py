"""sending is held, by a person or by a fault of the relay"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from outreach.db import UtcDateTime

revision: str = "0005"
down_revision: str | None = "0004"
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
    "test",
)
STATES = ("queued", "sending", "sent", "refused", "failed", "cancelled", "returned")
STAGES = (
    "cancelled",
    "queued",
    "undeliverable",
    "sent",
    "acknowledged",
    "forwarded",
    "drafting",
    "sent_to_mission",
    "no_submission_expected",
    "submitted",
)
FACTS = (
    "letter_sent",
    "letter_refused",
    "letter_cancelled",
    "asked_again",
    "acknowledged",
    "forwarded",
    "passed_on",
    "draft_begun",
    "sent_to_mission",
    "returned",
    "submitted",
    "transmitted",
    "accepted",
    "corrected",
    "no_submission_expected",
    "wrong_addressee",
    "redirected",
    "addressee_kept",
    "more_time_asked",
    "address_changed",
    "mail_received",
    "mail_looked_at",
)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "sending_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "person",
                "relay",
                "restored",
                "unreachable",
                name="holdkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tried_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_sending_hold_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_hold")),
        sa.UniqueConstraint(
            "campaign_id", "kind", name=op.f("uq_sending_hold_campaign_id_kind"), postgresql_nulls_not_distinct=True
        ),
    )
    op.add_column("letter", sa.Column("held", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index("ix_letter_due", table_name="letter")
    op.drop_index("ix_letter_domain", table_name="letter")
    waiting = sa.text("settled_at IS NULL AND NOT held")
    op.create_index("ix_letter_due", "letter", ["urgent", "due_at"], postgresql_where=waiting)
    op.create_index("ix_letter_domain", "letter", ["urgent", "domain", "due_at"], postgresql_where=waiting)
    op.create_index(
        "ix_letter_waiting",
        "letter",
        ["held", "campaign_id", "kind"],
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "sending_tally",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="letterstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_sending_tally_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("campaign_id", "at", "state", name=op.f("pk_sending_tally")),
    )
    op.execute(
        """
        INSERT INTO sending_tally (campaign_id, at, state, letters)
        SELECT campaign_id, date_bin('10 seconds', settled_at, TIMESTAMPTZ '2000-01-01 00:00:00+00'), state, count(*)
        FROM letter WHERE accounted_at IS NOT NULL AND campaign_id IS NOT NULL GROUP BY 1, 2, 3
        """
    )
    op.drop_constraint("stage", "invitation", type_="check")
    op.create_check_constraint("stage", "invitation", sa.column("stage").in_(STAGES))
    op.drop_constraint("factkind", "invitation_fact", type_="check")
    op.create_check_constraint("factkind", "invitation_fact", sa.column("kind").in_(FACTS))
    for table in ("letter", "edition"):
        op.drop_constraint("letterkind", table, type_="check")
        op.create_check_constraint("letterkind", table, sa.column("kind").in_(KINDS))
