"""The answers of a reply that came as a document: found in its file where it is our form, typed from it where it is a scan or a letter."""

import uuid

from flask import Response as Picture
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach import i18n
from outreach.campaigns import queries as campaigns
from outreach.errors import Invalid, Refused
from outreach.i18n import _
from outreach.identity.words import StaffRole
from outreach.questionnaires import rules
from outreach.questionnaires.documents.read_back import NOTHING, Found, read
from outreach.reports.reading import Reading, reading
from outreach.submissions.files import FileLine
from outreach.submissions.originals import Original, original, page
from outreach.submissions.queries import file_of_version
from outreach.submissions.taking_over import TakingOver
from outreach.submissions.transcribing import Transcript, transcribe, transcript
from outreach.web import found as pages
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.found import Decided
from outreach.web.staff import blueprint

_PAGES = 10
"""So many pages of a document are shown at once."""
_SPARE = 1
"""Blocks of a group that repeats beyond those that are there: whoever types from a scan records them one after the other."""


def _found(of: Transcript) -> tuple[FileLine | None, Found]:
    """The document that holds the most answers, or the one that was asked for, and what is in it."""
    wanted = request.args.get("file", type=uuid.UUID)
    best: tuple[FileLine | None, Found] = (of.documents[0] if of.documents else None, NOTHING)
    for line in of.documents:
        if wanted not in (None, line.id):
            continue
        try:
            found = read(unit.storage().get(line.content), of.form)
        except Invalid:
            # It was kept as the document it is; then there is nothing to find in it.
            found = NOTHING
        if line.id == wanted or found.found > best[1].found:
            best = (line, found)
    return best


def _shown(of: Transcript, file: FileLine | None, found: Found) -> tuple[FileLine | None, Original]:
    """What is looked at beside the fields: the document itself; of several that hold no answers the first that can be shown."""
    seen = original(unit.storage().get(file.content)) if file else Original()
    if seen == Original() and not found.questions and "file" not in request.args:
        for line in of.documents[1:]:
            other = original(unit.storage().get(line.content))
            if other != Original():
                return line, other
    return file, seen


def after_recording(submission_id: uuid.UUID) -> str | None:
    """Where the answers of a reply that was just recorded are looked at, where its document is our filled-in form; else None."""
    try:
        _file, found = _found(transcript(unit.session(), submission_id))
    except Refused:
        return None
    return url_for("staff.transcription", submission_id=submission_id) if found.found else None


def _page(
    shown: Reading,
    of: Transcript,
    file: FileLine | None,
    taking: TakingOver,
    sent: Decided | None,
    refused: str | None,
    *,
    first: int = 0,
) -> str:
    """The page; of the document it shows the pages from `first` (0, 1, …) on."""
    file, seen = _shown(of, file, taking.found)
    lines = taking.lines()
    held = taking.changed(sent.typed if sent else {line.key: line.found for line in lines})
    faults = rules.outcome(of.form, {**taking.kept, **held}, submitting=False).faults
    return render_template(
        "staff/transcribe.html",
        read=shown,
        campaign=campaigns.campaign(unit.session(), shown.campaign_id),
        of=of,
        file=file,
        original=seen,
        first=first,
        most=_PAGES,
        found=taking.found,
        views=pages.views(of.form, lines, faults, sent),
        refused=refused,
    )


@blueprint.get("/submissions/<uuid:submission_id>/answers")
@staff(StaffRole.MANAGER)
def transcription(submission_id: uuid.UUID) -> str:
    """Each question with what was found in the document, beside what was recorded."""
    of = transcript(unit.session(), submission_id)
    file, found = _found(of)
    shown = reading(unit.session(), submission_id, i18n.language())
    return _page(shown, of, file, TakingOver(of.form, of.answers, found, spare=_SPARE), None, None)


@blueprint.post("/submissions/<uuid:submission_id>/answers")
@staff(StaffRole.MANAGER)
def transcribed(submission_id: uuid.UUID) -> Response | tuple[str, int]:
    """Record the answers: the next version of the reply, under the same number. Or show other pages of the document beside what was typed."""
    session = unit.session()
    of = transcript(session, submission_id)
    file, found = _found(of)
    taking = TakingOver(of.form, of.answers, found, spare=_SPARE)
    sent = pages.decided(taking.lines(), request.form, every=True)
    shown = reading(session, submission_id, i18n.language())
    if "show" in request.form:
        return _page(shown, of, file, taking, sent, None, first=max(request.form.get("show", 0, type=int), 0)), 200
    if sent.undecided:
        return _page(shown, of, file, taking, sent, _("Please choose one of the two.")), 422
    version = request.form.get("version", 0, type=int)
    transcribe(session, submission_id, version, taking.changed(sent.chosen), staff_actor())
    flash(_("The answers are recorded."), "done")
    return redirect(url_for("staff.submission", submission_id=submission_id))


@blueprint.get("/submissions/<uuid:submission_id>/answers/<uuid:file_id>/<int:number>.jpg")
@staff(StaffRole.MANAGER)
def document_page(submission_id: uuid.UUID, file_id: uuid.UUID, number: int) -> Picture:
    """A page of the document, drawn anew."""
    line = file_of_version(unit.session(), submission_id, file_id)
    answer = Picture(page(unit.storage().get(line.content), number), mimetype="image/jpeg")
    # Drawing takes a moment, and a file never changes; beside other people's answers it is kept for a while only.
    answer.headers["Cache-Control"] = "private, max-age=900"
    return answer
