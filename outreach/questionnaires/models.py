"""Questionnaire versions: an XLSForm as it was read, immutable; and the draft of the next one."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db import Base, fresh_key


class QuestionnaireVersion(Base):
    """One immutable version. Kept as long as an answer refers to it."""

    __tablename__ = "questionnaire_version"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    name: Mapped[str] = mapped_column(doc="The campaign's code, or the form's own id.")
    number: Mapped[int]
    form: Mapped[dict[str, Any]] = mapped_column(doc="`questionnaires.form.Form` as JSON.")
    workbook: Mapped[str] = mapped_column(String(64), doc="The XLSForm's SHA-256 in the storage.")
    translated: Mapped[dict[str, Any]] = mapped_column(
        default=dict, doc="Language → text → mark of the source text that the translation was made from."
    )
    pictures: Mapped[dict[str, Any]] = mapped_column(
        default=dict, doc="Name of a picture in a label → its SHA-256 in the storage."
    )
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("name", "number"),)


class QuestionnaireDraft(Base):
    """What staff are writing in the editor, until they publish it as a version or throw it away."""

    __tablename__ = "questionnaire_draft"
    name: Mapped[str] = mapped_column(primary_key=True, doc="The campaign's code.")
    rows: Mapped[dict[str, Any]] = mapped_column(doc="`questionnaires.rows.Rows` as JSON.")
    revision: Mapped[int] = mapped_column(default=0, doc="Counts changes; only what was seen last is published.")
    version_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("questionnaire_version.id"), doc="The version it was begun on."
    )
    translated: Mapped[dict[str, Any]] = mapped_column(
        default=dict, doc="Marks of the translations that files brought, as with versions."
    )
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
