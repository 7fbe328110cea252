"""Questionnaire versions: an XLSForm as it was read, immutable."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db import Base


class QuestionnaireVersion(Base):
    """One immutable version. Kept as long as an answer refers to it."""

    __tablename__ = "questionnaire_version"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(doc="The campaign's code, or the form's own id.")
    number: Mapped[int]
    form: Mapped[dict[str, Any]] = mapped_column(doc="`questionnaires.form.Form` as JSON.")
    workbook: Mapped[str] = mapped_column(String(64), doc="The XLSForm's SHA-256 in the storage.")
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("name", "number"),)
