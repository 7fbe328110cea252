"""questionnaires hold groups and rules as they were written, and files their language"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0020"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_VERSIONS = sa.table("questionnaire_version", sa.column("id", sa.Uuid()), sa.column("form", postgresql.JSONB()))


def upgrade() -> None:
    """Go forward."""
    op.add_column("submission_file", sa.Column("language", sa.String(length=2), nullable=True))
    connection = op.get_bind()
    for version_id, form in connection.execute(sa.select(_VERSIONS.c.id, _VERSIONS.c.form)).all():
        connection.execute(_VERSIONS.update().where(_VERSIONS.c.id == version_id).values(form=_written(form)))


def downgrade() -> None:
    """Go back; forms stay as they are now."""
    op.drop_column("submission_file", "language")


def _written(form: dict[str, Any]) -> dict[str, Any]:
    """A form with items in place of questions, conditions and bounds as the rules that they had been read from."""
    parts = []
    for part in form["parts"]:
        items = part.pop("questions", None)
        if items is not None:
            part["items"] = [_question(question) for question in items]
        parts.append(part)
    return {**form, "parts": parts}


def _question(kept: dict[str, Any]) -> dict[str, Any]:
    asked_if, bounds = kept.pop("asked_if", []), kept.pop("bounds", [])
    message = kept.pop("bounds_message", {})
    if asked_if:
        kept["relevant"] = " or ".join(f"selected(${{{name}}}, '{choice}')" for name, choice in asked_if)
    if bounds:
        kept["constraint"] = " and ".join(f". {operator} {number}" for operator, number in bounds)
        kept["constraint_message"] = message
    if kept.get("choices"):
        kept["choice_list"] = f"choices_{kept['name']}"
    return {name: value for name, value in kept.items() if value not in (None, "", {}, [], False)} | {
        "label": kept["label"]
    }
