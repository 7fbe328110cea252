"""Questionnaires are imported; each new content is a new version, and a version never changes."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.questionnaires import pictures, xlsform
from outreach.questionnaires.form import to_json
from outreach.questionnaires.models import QuestionnaireVersion
from outreach.storage import Storage


def import_workbook(
    session: Session, storage: Storage, content: bytes, name: str, given: Mapping[str, bytes] | None = None
) -> QuestionnaireVersion:
    """The version of the questionnaire `name` that this XLSForm makes; the same form again is the same version.

    `given` are pictures for its labels by file name (`picture_files.looked_at`); those of the version before stay otherwise.
    Raises Invalid with all faults of the workbook.
    """
    read = xlsform.read(content)
    form = to_json(read)
    newest = session.scalars(
        select(QuestionnaireVersion)
        .where(QuestionnaireVersion.name == name)
        .order_by(QuestionnaireVersion.number.desc())
    ).first()
    # Compared by what is asked: Excel writes other bytes at every save.
    beside = pictures.chosen(read, storage, given or {}, newest.pictures if newest else {})
    if newest is not None and newest.form == form and newest.pictures == beside:
        return newest
    last = session.scalar(select(func.max(QuestionnaireVersion.number)).where(QuestionnaireVersion.name == name)) or 0
    version = QuestionnaireVersion(
        name=name,
        number=last + 1,
        form=form,
        workbook=storage.put(content),
        pictures=beside,
        created_at=clock.now(),
    )
    session.add(version)
    session.flush()
    return version
