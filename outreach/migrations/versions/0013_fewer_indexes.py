"""fewer indexes and references on invitations and letters, which a launch writes by the hundred thousand"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go forward."""
    # Copies of what the invitation and the institution say, where it is checked.
    op.drop_constraint("fk_letter_campaign_id_campaign", "letter", type_="foreignkey")
    op.drop_constraint("fk_invitation_state_code_state", "invitation", type_="foreignkey")
    op.drop_index("ix_letter_campaign_id_kind", table_name="letter")
    op.create_index("ix_letter_reminders", "letter", ["campaign_id"], postgresql_where=sa.text("kind = 'reminder'"))
    op.create_unique_constraint(
        op.f("uq_invitation_institution_id_campaign_id"), "invitation", ["institution_id", "campaign_id"]
    )
    op.drop_constraint("uq_invitation_campaign_id_institution_id", "invitation", type_="unique")
    op.drop_index("ix_invitation_institution_id", table_name="invitation")
    op.drop_index("ix_invitation_parent_id", table_name="invitation")
    op.create_index(
        "ix_invitation_parent_id",
        "invitation",
        ["parent_id"],
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_invitation_parent_id", table_name="invitation")
    op.create_index("ix_invitation_parent_id", "invitation", ["parent_id"])
    op.create_index("ix_invitation_institution_id", "invitation", ["institution_id"])
    op.create_unique_constraint(
        op.f("uq_invitation_campaign_id_institution_id"), "invitation", ["campaign_id", "institution_id"]
    )
    op.drop_constraint("uq_invitation_institution_id_campaign_id", "invitation", type_="unique")
    op.drop_index("ix_letter_reminders", table_name="letter")
    op.create_index("ix_letter_campaign_id_kind", "letter", ["campaign_id", "kind"])
    op.create_foreign_key(op.f("fk_invitation_state_code_state"), "invitation", "state", ["state_code"], ["code"])
    op.create_foreign_key(op.f("fk_letter_campaign_id_campaign"), "letter", "campaign", ["campaign_id"], ["id"])
