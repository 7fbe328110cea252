"""The questionnaire as a file to take along: Word, a PDF with form fields, a PDF to print; in each language, blank or with a draft."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import Response, abort

from outreach import clock, file_types
from outreach.campaigns import queries as campaigns
from outreach.directory import queries as directory
from outreach.directory.queries import InstitutionLine
from outreach.errors import Missing
from outreach.i18n import LANGUAGES, speaking
from outreach.questionnaires.documents.pdf import questionnaire_pdf
from outreach.questionnaires.documents.word import questionnaire_docx
from outreach.questionnaires.documents.wording import Front
from outreach.questionnaires.form import Form
from outreach.web import unit
from outreach.web.call import CallView, call_view
from outreach.web.downloads import attachment

WORD, FILL_IN, PRINT = "word", "form", "print"
KINDS = (WORD, FILL_IN, PRINT)


def questionnaire_file(
    call: CallView,
    form: Form,
    of: str,
    kind: str,
    *,
    reader: InstitutionLine | None = None,
    code: str = "",
    answers: Mapping[str, Any] | None = None,
) -> Response:
    """The questionnaire in the language `of` as a download; 404 for no language or kind of ours. Without a reader it is blank."""
    if of not in LANGUAGES or kind not in KINDS or not call.has_questionnaire:
        abort(404)
    front = _front(call, of, reader, code)
    moment, held = clock.now(), answers or {}
    pictures = _pictures(form)
    name = ".".join(one for one in (call.code, code, of) if one)
    if kind == WORD:
        made = questionnaire_docx(form, of, front, held, at=moment, pictures=pictures)
        return attachment(made, f"{name}.docx", file_types.DOCX)
    content = questionnaire_pdf(form, of, front, held, at=moment, fields=kind == FILL_IN, pictures=pictures)
    return attachment(content, f"{name}.{kind}.pdf", file_types.PDF)


def _pictures(form: Form) -> dict[str, bytes]:
    """The contents of the form's pictures by SHA-256; one that the storage has lost is left out."""
    found: dict[str, bytes] = {}
    for content in form.pictures.values():
        with suppress(Missing):
            found[content] = unit.storage().get(content)
    return found


def _front(call: CallView, of: str, reader: InstitutionLine | None, code: str) -> Front:
    """The first page in the language of the file."""
    session = unit.session()
    with speaking(of):
        shown = call_view(session, call.id, reader)
        respondent = ""
        if reader is not None:
            respondent = directory.institution_name(session, reader.id, of)
            if reader.state_code is not None:
                state = directory.state_name(session, reader.state_code, of)
                respondent = respondent if state in respondent else f"{respondent} · {state}"
        return Front(
            title=shown.text.title,
            reference=shown.reference,
            respondent=respondent,
            code=code,
            deadline=shown.deadline.instant,
            return_to=shown.contact,
        )


def code_of(invitation_id: Any) -> str:
    """The printed code of an invitation."""
    return campaigns.invitation(unit.session(), invitation_id).code
