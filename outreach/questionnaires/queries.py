"""Reads of questionnaires."""

import uuid
from dataclasses import replace
from typing import Any

from sqlalchemy import Boolean, ColumnElement, cast, exists, func, or_, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute, Session

from outreach.errors import Missing
from outreach.i18n import _
from outreach.questionnaires.contribution import contribution_form
from outreach.questionnaires.form import Form, from_json
from outreach.questionnaires.models import QuestionnaireDraft, QuestionnaireVersion

_MOST_READ = 32
_read: dict[uuid.UUID, Form] = {}


def form_of(session: Session, version_id: uuid.UUID | None) -> Form:
    """The form of a version; without a version (a call for contributions) the form that takes a text and documents.

    Raises Missing.
    """
    if version_id is None:
        return contribution_form()
    # A version never changes, so it is read once in a process.
    if version_id not in _read:
        version = session.get(QuestionnaireVersion, version_id)
        if version is None:
            raise Missing(_("There is no such questionnaire."))
        if len(_read) >= _MOST_READ:
            _read.pop(next(iter(_read)), None)
        _read[version_id] = read(version)
    return _read[version_id]


def read(version: QuestionnaireVersion) -> Form:
    """The form of a version, with its pictures."""
    return replace(from_json(version.form), pictures=version.pictures)


def is_picture(session: Session, content: str) -> bool:
    """Whether a content of this SHA-256 is a picture of any questionnaire, or of the draft of one."""
    published = _holds(QuestionnaireVersion.pictures, "$.* ? (@ == $content)", content)
    drafted = _holds(QuestionnaireDraft.rows, "$.pictures.* ? (@ == $content)", content)
    return session.scalar(select(or_(exists().where(published), exists().where(drafted)))) or False


def _holds(column: InstrumentedAttribute[dict[str, Any]], path: str, content: str) -> ColumnElement[bool]:
    return func.jsonb_path_exists(
        column, cast(path, postgresql.JSONPATH), func.jsonb_build_object("content", content), type_=Boolean
    )
