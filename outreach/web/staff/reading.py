"""Reading a submission, accepting it as the reply of the State, and taking back what was recorded wrongly."""

import uuid

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer
from wtforms import TextAreaField

from outreach import i18n
from outreach.campaigns import queries as campaigns
from outreach.campaigns.words import Sensitivity
from outreach.errors import Invalid, Refused
from outreach.i18n import _, lazy
from outreach.identity.words import StaffRole
from outreach.inbox import undoing
from outreach.reports import words
from outreach.reports.reading import Reading, reading
from outreach.submissions import queries, service
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.downloads import attachment
from outreach.web.faults import blame
from outreach.web.forms import Form, at_most, required
from outreach.web.staff import blueprint
from outreach.web.staff.state import may_change, state_shown


class TakeBackForm(Form):
    """Why what was recorded is taken back."""

    reason = TextAreaField(lazy("Reason"), [required(), at_most(2000)])


@blueprint.get("/submissions/<uuid:submission_id>")
@staff(StaffRole.READER)
def submission(submission_id: uuid.UUID) -> str:
    """One submission: the version in force, or the one that is asked for, with its answers and files."""
    found = reading(unit.session(), submission_id, i18n.language(), request.args.get("version", type=int))
    campaign = campaigns.campaign(unit.session(), found.campaign_id)
    _keep_sensitive(campaign.sensitivity)
    return _page(found)


@blueprint.post("/submissions/<uuid:submission_id>/versions/<int:version>/take-back")
@staff(StaffRole.MANAGER)
def record_taken_back(submission_id: uuid.UUID, version: int) -> Answer | tuple[str, int]:
    """Take back a version that staff recorded; a mail that it came in waits in the tray again."""
    session = unit.session()
    form = TakeBackForm()
    if not form.validate():
        return _page(reading(session, submission_id, i18n.language(), version), form), 422
    try:
        done = undoing.take_back(session, submission_id, version, form.reason.data or "", staff_actor())
    except Invalid as fault:
        blame(form, fault)
        return _page(reading(session, submission_id, i18n.language(), version), form), 422
    flash(_("The record %(number)s was taken back.", number=done.number), "done")
    return redirect(url_for("staff.submission", submission_id=submission_id, version=version))


@blueprint.get("/submissions/<uuid:submission_id>/files/<uuid:file_id>")
@staff(StaffRole.READER)
def submission_file(submission_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """A file of a submitted version, as a download."""
    session = unit.session()
    found = reading(session, submission_id, i18n.language())
    _keep_sensitive(campaigns.campaign(session, found.campaign_id).sensitivity)
    line = queries.file_of_version(session, submission_id, file_id)
    return attachment(unit.storage().get(line.content), line.filename, line.media_type)


@blueprint.post("/submissions/<uuid:submission_id>/accept")
@staff(StaffRole.MANAGER)
def accept_as_state(submission_id: uuid.UUID) -> Answer | tuple[str, int]:
    """Accept a submission as the reply of the State, with the reason that stays with it."""
    session = unit.session()
    found = reading(session, submission_id, i18n.language())
    campaign = campaigns.campaign(session, found.campaign_id)
    reason = request.form.get("reason", "").strip()
    try:
        service.accept_as_state(session, submission_id, reason, staff_actor())
    except Invalid as fault:
        if found.state_code is None:
            raise
        return state_shown(campaign.code, found.state_code, fault.message, {str(submission_id): reason}), 422
    flash(_("%(number)s is now the reply of the State.", number=found.line.number), "done")
    return redirect(url_for("staff.state", code=campaign.code, state_code=found.state_code) + "#submissions")


def _page(found: Reading, back: TakeBackForm | None = None) -> str:
    if back is None and found.line.can_be_taken_back and may_change():
        back = TakeBackForm(formdata=None)
    campaign = campaigns.campaign(unit.session(), found.campaign_id)
    return render_template(
        "staff/submission.html", read=found, campaign=campaign, words=words, back=back, may_change=may_change()
    )


def _keep_sensitive(sensitivity: Sensitivity) -> None:
    """Raise Refused where answers are for those alone who may change the call for input, and the reader may not."""
    if sensitivity is Sensitivity.SENSITIVE and not may_change():
        raise Refused(_("This call for input is sensitive: only those who may change it read its answers."))
