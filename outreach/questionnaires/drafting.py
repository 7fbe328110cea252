"""The draft of a questionnaire's next version, as the editor writes it. Nobody but staff sees it before it is published."""

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from outreach import clock
from outreach.questionnaires import rows as tables
from outreach.questionnaires import versions
from outreach.questionnaires.models import QuestionnaireDraft
from outreach.questionnaires.rows import Cells, Rows
from outreach.questionnaires.translation import Marks
from outreach.storage import Storage


@dataclass(frozen=True)
class Draft:
    """The rows as they stand. `changed_at` is None where nothing was changed yet; `begun_on` is the version it was begun on."""

    rows: Rows
    revision: int
    begun_on: uuid.UUID | None
    changed_at: datetime | None = None
    changed_by: str = ""
    translated: Marks = field(default_factory=dict)


def draft(session: Session, storage: Storage, name: str, version_id: uuid.UUID | None, language: str = "en") -> Draft:
    """The draft of the questionnaire `name`; where there is none, the version in force, or an empty questionnaire in this language."""
    kept = session.get(QuestionnaireDraft, name)
    if kept is not None:
        return _said(kept)
    rows = (
        versions.rows_of(session, storage, version_id) if version_id else Rows(settings={"default_language": language})
    )
    return Draft(rows, 0, version_id)


def write(
    session: Session,
    storage: Storage,
    name: str,
    version_id: uuid.UUID | None,
    change: Callable[[Rows], Rows],
    by: str,
    *,
    translated: Marks | None = None,
    language: str = "en",
) -> Draft:
    """Change the draft, which is begun now where there is none. Two who change it at once do so one after the other. What was taken out
    can be put back as long as nothing else is changed.

    `translated` are the marks of translations that a file brought.
    """
    begun = draft(session, storage, name, version_id, language)
    session.execute(
        insert(QuestionnaireDraft)
        .values(
            name=name,
            rows=tables.to_json(begun.rows),
            revision=0,
            version_id=version_id,
            translated={},
            changed_at=clock.now(),
            changed_by=by,
        )
        .on_conflict_do_nothing()
    )
    kept = session.scalars(
        select(QuestionnaireDraft)
        .where(QuestionnaireDraft.name == name)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    stood = tables.from_json(kept.rows)
    made = change(stood)
    kept.rows = tables.to_json(replace(made, before=None) if made.before is stood.before else made)
    for language, marks in (translated or {}).items():
        kept.translated = {**kept.translated, language: {**kept.translated.get(language, {}), **marks}}
    kept.revision += 1
    kept.changed_at, kept.changed_by = clock.now(), by
    session.flush()
    return _said(kept)


def discard(session: Session, name: str) -> None:
    """Throw the draft away; without one, nothing happens."""
    kept = session.get(QuestionnaireDraft, name)
    if kept is not None:
        session.delete(kept)
        session.flush()


def mark(rows: Rows, row: Cells) -> str:
    """A few signs by which a page knows whether a question, with its choices, is still as it was shown."""
    said = json.dumps([dict(row), [dict(one) for one in rows.choices_of(row)]], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _said(kept: QuestionnaireDraft) -> Draft:
    return Draft(
        tables.from_json(kept.rows), kept.revision, kept.version_id, kept.changed_at, kept.changed_by, kept.translated
    )
