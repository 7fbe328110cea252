"""What was found in a filled-in file, beside the draft: looked at, corrected, confirmed. Nothing of the draft is overwritten in silence."""

import uuid

from flask import flash, render_template, request
from werkzeug.wrappers import Response

from outreach.campaigns.links import LinkKind
from outreach.errors import Missing
from outreach.i18n import _
from outreach.questionnaires import rules
from outreach.questionnaires.documents.read_back import Found, read
from outreach.submissions import drafts, service
from outreach.submissions.drafts import Changed
from outreach.submissions.files import FileLine
from outreach.submissions.taking_over import TakingOver
from outreach.web import found as pages
from outreach.web import unit
from outreach.web.access import here, holder
from outreach.web.answer import blueprint
from outreach.web.answer.frame import Frame, frame, lead_to
from outreach.web.found import Decided
from outreach.web.questionnaire_files import code_of


def _read(framed: Frame, file_id: uuid.UUID) -> tuple[FileLine, Found]:
    """The file of the draft and what is in it. Raises Missing, Invalid."""
    line = next((one for one in framed.answer.files if one.id == file_id), None) if framed.answer else None
    if line is None or line.question is not None:
        raise Missing(_("There is no such file."))
    return line, read(unit.storage().get(line.content), framed.questionnaire)


def _page(
    framed: Frame, file: FileLine, taking: TakingOver, sent: Decided | None = None, refused: str | None = None
) -> str:
    form, found, lines = framed.questionnaire, taking.found, taking.lines()
    held = taking.changed(sent.typed if sent else {line.key: line.found for line in lines})
    faults = rules.outcome(form, {**taking.kept, **held}, submitting=False).faults
    code = code_of(here().invitation_id)
    return render_template(
        "answer/file_read.html",
        file=file,
        found=found,
        views=pages.views(form, lines, faults, sent),
        another_code=found.code if found.code not in ("", code) else None,
        seen=drafts.mark(taking.there()),
        refused=refused,
        **framed.page(),
    )


@blueprint.get("/a/<token>/file/<uuid:file_id>")
@holder(LinkKind.ANSWER)
def file_read(file_id: uuid.UUID) -> str | Response:
    """What was found in the file, question by question."""
    framed = frame()
    if framed.answer is None or not framed.open:
        return lead_to("start")
    file, found = _read(framed, file_id)
    return _page(framed, file, TakingOver(framed.questionnaire, framed.answer.answers, found))


@blueprint.post("/a/<token>/file/<uuid:file_id>")
@holder(LinkKind.ANSWER)
def file_taken_over(file_id: uuid.UUID) -> Response | tuple[str, int]:
    """Save what the reader confirmed into the draft."""
    framed = frame()
    if framed.answer is None or not framed.open:
        return lead_to("start")
    file, found = _read(framed, file_id)
    taking = TakingOver(framed.questionnaire, framed.answer.answers, found)
    sent = pages.decided(taking.lines(), request.form)
    if sent.undecided:
        return _page(framed, file, taking, sent, _("Please choose one of the two.")), 422
    try:
        service.save(unit.session(), framed.answer.id, taking.changed(sent.chosen), request.form.get("seen", ""))
    except Changed as changed:
        return _page(framed, file, taking, sent, changed.message), 409
    flash(_("The answers that you confirmed are in the draft."), "done")
    return lead_to("review")
