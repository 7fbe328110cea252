"""letters are updated once less, and their editions and addresses are not looked up letter by letter"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0029"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NAMED_BY_LETTERS = {
    "edition": "fk_letter_edition_id_edition",
    "contact": "fk_letter_contact_id_contact",
}


def upgrade() -> None:
    """Go forward."""
    op.drop_column("letter", "accounted_at")
    for table, key in _NAMED_BY_LETTERS.items():
        op.execute(f"ALTER TABLE letter ALTER CONSTRAINT {key} NOT ENFORCED")
        # What a letter names stays: nothing deletes it, by whatever way.
        op.execute(
            f"""
            CREATE FUNCTION {table}_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (SELECT FROM letter WHERE {table}_id = OLD.id) THEN
                    RAISE foreign_key_violation USING MESSAGE = 'A letter names this {table}.';
                END IF;
                RETURN OLD;
            END $$
            """
        )
        op.execute(
            f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_is_kept()"
        )


def downgrade() -> None:
    """Go back."""
    for table, key in _NAMED_BY_LETTERS.items():
        op.execute(f"DROP TRIGGER {table}_is_kept ON {table}")
        op.execute(f"DROP FUNCTION {table}_is_kept")
        op.execute(f"ALTER TABLE letter ALTER CONSTRAINT {key} ENFORCED")
    op.add_column("letter", sa.Column("accounted_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE letter SET accounted_at = settled_at"
        " WHERE NOT EXISTS (SELECT FROM unaccounted_letter WHERE letter_id = letter.id)"
    )
