"""Versions of a questionnaire: the same content once, another content another version."""

import pytest
from sqlalchemy.orm import Session

from outreach.questionnaires import queries, service, versions
from outreach.storage import Storage
from tests.questionnaires.workbooks import CHOICES, END, GROUP, PLAN, SURVEY, YES_NO, old_workbook, workbook

pytestmark = pytest.mark.usefixtures("english")


def test_the_same_again_is_no_new_version(session: Session, storage: Storage) -> None:
    first = service.import_workbook(session, storage, workbook([GROUP, PLAN, END]), "KH-2027")
    again = service.import_workbook(session, storage, workbook([GROUP, PLAN, END]), "KH-2027")
    changed = workbook([GROUP, PLAN, ("text", "more", "1.2", "More", "Plus"), END])
    second = service.import_workbook(session, storage, changed, "KH-2027")
    other = service.import_workbook(session, storage, changed, "LA-2028")
    assert (first.id, first.number, second.number, other.number) == (again.id, 1, 2, 1)
    assert storage.get(second.workbook) == changed
    assert [q.name for q in queries.form_of(session, first.id).questions()] == ["plan"]


def test_an_old_workbook_is_kept_and_given_out_as_a_new_one(session: Session, storage: Storage) -> None:
    content = old_workbook({"survey": [SURVEY, GROUP, PLAN, END], "choices": [CHOICES, *YES_NO]})
    version = versions.take(session, storage, content, "KH-2029")
    assert versions.workbook_of(session, storage, version.id).startswith(b"PK")
    assert versions.rows_of(session, storage, version.id).row("plan") is not None
    assert versions.take(session, storage, workbook([GROUP, PLAN, END]), "KH-2029").id == version.id


def test_a_call_without_questionnaire_takes_a_text_and_documents(session: Session) -> None:
    assert [q.name for q in queries.form_of(session, None).questions()] == ["text", "document"]
