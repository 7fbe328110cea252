"""The questionnaire taken along as a file, and the filled-in file brought back."""

import uuid

from flask import Response, flash, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from outreach.campaigns.links import LinkKind
from outreach.errors import Invalid
from outreach.i18n import _
from outreach.questionnaires.documents.read_back import read
from outreach.submissions import files, service
from outreach.web import unit
from outreach.web.access import here, holder
from outreach.web.answer import blueprint
from outreach.web.answer.frame import Frame, frame, lead_to
from outreach.web.questionnaire_files import code_of, questionnaire_file


@blueprint.get("/a/<token>/questionnaire/<of>/<kind>")
@holder(LinkKind.ANSWER)
def questionnaire_download(of: str, kind: str) -> Response:
    """The questionnaire as a file, with the institution, its code, and what the draft holds."""
    framed = frame()
    answers = framed.answer.answers if framed.answer else {}
    code = code_of(here().invitation_id)
    return questionnaire_file(
        framed.call, framed.questionnaire, of, kind, reader=framed.institution, code=code, answers=answers
    )


def _page(framed: Frame, fault: str | None = None) -> str:
    return render_template("answer/bring_file.html", fault=fault, most=files.MOST_BYTES // 1024**2, **framed.page())


@blueprint.get("/a/<token>/file")
@holder(LinkKind.ANSWER)
def bring_file() -> str | Redirect:
    """Where the filled-in file is given; the first page says why, where it can't be."""
    framed = frame()
    return _page(framed) if _takes(framed) else lead_to("start")


@blueprint.post("/a/<token>/file")
@holder(LinkKind.ANSWER)
def file_brought() -> Redirect | tuple[str, int]:
    """Keep the file with the draft, which is begun where there is none, and show what was found in it."""
    framed, session = frame(), unit.session()
    if not _takes(framed):
        return lead_to("start")
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    if sent is None or not sent.filename:
        return _page(framed, _("Please choose a file.")), 422
    try:
        # What can do harm or can't be read is told before anything is kept.
        read(content, framed.questionnaire)
        own = here()
        answer_id = framed.answer.id if framed.answer else service.begin(session, own.invitation_id, own.actor).id
        file_id = files.add(session, unit.storage(), answer_id, None, sent.filename, content)
    except Invalid as fault:
        session.rollback()
        return _page(framed, fault.message), 422
    return lead_to("file_read", file_id=file_id)


@blueprint.post("/a/<token>/file/<uuid:file_id>/remove")
@holder(LinkKind.ANSWER)
def file_removed(file_id: uuid.UUID) -> Redirect:
    """Take the file out of the draft; what was taken over from it stays."""
    framed = frame()
    if framed.answer is not None:
        files.remove(unit.session(), framed.answer.id, file_id)
        flash(_("The document was taken out."), "done")
    return lead_to("start")


def _takes(framed: Frame) -> bool:
    """Whether a file can be given: the call is open, and the draft may be changed or none was begun."""
    if framed.answer is None:
        return framed.call.has_questionnaire and not framed.call.deadline.closed
    return framed.call.has_questionnaire and framed.open


def file_address(token: str, file_id: uuid.UUID) -> str:
    """Where a file of the answer is downloaded."""
    return url_for("answer.file", token=token, file_id=file_id)
