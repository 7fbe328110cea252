"""Reads of questionnaires."""

import uuid

from sqlalchemy.orm import Session

from outreach.errors import Missing
from outreach.i18n import _
from outreach.questionnaires.contribution import contribution_form
from outreach.questionnaires.form import Form, from_json
from outreach.questionnaires.models import QuestionnaireVersion


def form_of(session: Session, version_id: uuid.UUID | None) -> Form:
    """The form of a version; without a version (a call for contributions) the form that takes a text and documents.

    Raises Missing.
    """
    if version_id is None:
        return contribution_form()
    version = session.get(QuestionnaireVersion, version_id)
    if version is None:
        raise Missing(_("There is no such questionnaire."))
    return from_json(version.form)
