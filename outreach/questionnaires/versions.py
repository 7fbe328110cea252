"""The versions of a questionnaire: a new one from a workbook or a translator's file, the workbook of each, and what changed from one to the next."""

import io
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.errors import Missing
from outreach.i18n import _
from outreach.questionnaires import pictures, queries, service, translation, workbook, xlsform, xlsform_out
from outreach.questionnaires import rows as tables
from outreach.questionnaires.differences import differences, sentence
from outreach.questionnaires.form import from_json
from outreach.questionnaires.models import QuestionnaireVersion
from outreach.questionnaires.picture_files import shown
from outreach.questionnaires.rows import Rows
from outreach.questionnaires.translation import Marks
from outreach.storage import Storage


@dataclass(frozen=True)
class VersionLine:
    """A version, and what changed since the one before in sentences; the first has none."""

    id: uuid.UUID
    number: int
    created_at: datetime
    changes: tuple[str, ...]


def take(
    session: Session,
    storage: Storage,
    content: bytes,
    name: str,
    confirmed: Marks | None = None,
    given: Mapping[str, bytes] | None = None,
) -> QuestionnaireVersion:
    """The version of the questionnaire `name` that this XLSForm makes, with the marks of its translations; `confirmed` are those
    that a translator's file brought, `given` pictures for its labels. Raises Invalid with all faults.
    """
    content = workbook.in_new_format(content)
    former = _newest(session, name)
    version = service.import_workbook(session, storage, content, name, given)
    if former is None or former.id != version.id or confirmed:
        before = rows_of(session, storage, former.id) if former else None
        version.translated = translation.marks(
            tables.from_workbook(content), before, former.translated if former else {}, confirmed or {}
        )
        session.flush()
    return version


def workbook_of(session: Session, storage: Storage, version_id: uuid.UUID) -> bytes:
    """The workbook of a version exactly as it was given (an .xls as .xlsx); one made from the form where none was kept. Raises Missing."""
    version = _version(session, version_id)
    try:
        return storage.get(version.workbook)
    except Missing:
        return xlsform_out.workbook(from_json(version.form))


def rows_of(session: Session, storage: Storage, version_id: uuid.UUID) -> Rows:
    """The rows of a version's workbook. Raises Missing."""
    return tables.from_workbook(workbook_of(session, storage, version_id))


def for_other_tools(session: Session, storage: Storage, version_id: uuid.UUID) -> bytes:
    """The questionnaire as a workbook that other tools read, without what stops them. Raises Missing."""
    return tables.to_workbook(tables.for_other_tools(rows_of(session, storage, version_id)))


def with_pictures(session: Session, storage: Storage, version_id: uuid.UUID, *, tools: bool = False) -> bytes:
    """A .zip of the workbook, as it was given or as other `tools` read it, and its pictures in `media/`. Raises Missing."""
    version = _version(session, version_id)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("questionnaire.xlsx", (for_other_tools if tools else workbook_of)(session, storage, version_id))
        files = {shown(name): content for name, content in version.pictures.items()}
        for name, content in sorted(files.items()):
            packed.writestr(f"media/{name}", storage.get(content))
    return made.getvalue()


def remarks(session: Session, storage: Storage, version_id: uuid.UUID) -> tuple[str, ...]:
    """What the author of a version's workbook should know of how it was taken over, in sentences. Raises Missing."""
    return tuple(xlsform.remarks(workbook_of(session, storage, version_id)).all())


def missing_pictures(session: Session, storage: Storage, version_id: uuid.UUID) -> tuple[str, ...]:
    """A sentence for each picture that the version names and lacks, with sheet and rows of its workbook. Raises Missing."""
    form = queries.form_of(session, version_id)
    if all(name in form.pictures for name in form.picture_names()):
        return ()
    return pictures.missing(form, workbook_of(session, storage, version_id))


def marks_of(session: Session, version_id: uuid.UUID) -> Mapping[str, Mapping[str, str]]:
    """Which source text each translation of a version was made from. Raises Missing."""
    return _version(session, version_id).translated


def gaps(session: Session, version_id: uuid.UUID) -> dict[str, int]:
    """How many texts each language lacks, or has from before the original changed; only languages with such. Raises Missing."""
    version = _version(session, version_id)
    rows = xlsform_out.rows(from_json(version.form))
    found = {code: translation.drift(rows, code, version.translated) for code in translation.others(rows)}
    return {code: len(drift.missing) + len(drift.older) for code, drift in found.items() if drift}


def history(session: Session, version_id: uuid.UUID, language: str) -> list[VersionLine]:
    """All versions of the questionnaire that this one belongs to, the newest first. Raises Missing."""
    of = _version(session, version_id)
    kept = session.scalars(
        select(QuestionnaireVersion).where(QuestionnaireVersion.name == of.name).order_by(QuestionnaireVersion.number)
    ).all()
    lines: list[VersionLine] = []
    former = None
    for version in kept:
        form = queries.read(version)
        changes = map(sentence, differences(former, form, language)) if former else ()
        lines.append(VersionLine(version.id, version.number, version.created_at, tuple(changes)))
        former = form
    return lines[::-1]


def numbered(session: Session, version_id: uuid.UUID, number: int) -> uuid.UUID:
    """The version of this number of the same questionnaire. Raises Missing."""
    of = _version(session, version_id)
    found = session.scalars(
        select(QuestionnaireVersion.id).where(
            QuestionnaireVersion.name == of.name, QuestionnaireVersion.number == number
        )
    ).one_or_none()
    if found is None:
        raise _none()
    return found


def number_of(session: Session, version_id: uuid.UUID) -> int:
    """The number of a version. Raises Missing."""
    return _version(session, version_id).number


def _newest(session: Session, name: str) -> QuestionnaireVersion | None:
    return session.scalars(
        select(QuestionnaireVersion)
        .where(QuestionnaireVersion.name == name)
        .order_by(QuestionnaireVersion.number.desc())
        .limit(1)
    ).one_or_none()


def _version(session: Session, version_id: uuid.UUID) -> QuestionnaireVersion:
    found = session.get(QuestionnaireVersion, version_id)
    if found is None:
        raise _none()
    return found


def _none() -> Missing:
    return Missing(_("There is no such questionnaire."))
