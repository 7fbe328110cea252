"""drafts know the version of the questionnaire they were written on, versions their translations, and the editor has its draft"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from outreach.db import UtcDateTime

revision: str = "0025"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_VERSIONS = ("questionnaire_version_id", "corrected_from_id")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "questionnaire_draft",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rows", postgresql.JSONB(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("translated", postgresql.JSONB(), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["questionnaire_version.id"],
            name=op.f("fk_questionnaire_draft_version_id_questionnaire_version"),
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_questionnaire_draft")),
    )
    op.add_column(
        "questionnaire_version", sa.Column("translated", postgresql.JSONB(), server_default="{}", nullable=False)
    )
    op.alter_column("questionnaire_version", "translated", server_default=None)
    for column in _VERSIONS:
        op.add_column("submission", sa.Column(column, sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_submission_{column}_questionnaire_version"),
            "submission",
            "questionnaire_version",
            [column],
            ["id"],
        )
    op.add_column("submission", sa.Column("set_aside", postgresql.JSONB(), server_default="[]", nullable=False))
    op.alter_column("submission", "set_aside", server_default=None)
    op.execute(
        """
        UPDATE submission SET questionnaire_version_id = campaign.questionnaire_version_id
        FROM campaign WHERE campaign.id = submission.campaign_id
        """
    )


def downgrade() -> None:
    """Go back."""
    op.drop_column("submission", "set_aside")
    for column in reversed(_VERSIONS):
        op.drop_column("submission", column)
    op.drop_column("questionnaire_version", "translated")
    op.drop_table("questionnaire_draft")
