"""A part that a body sent to its mission: read it, then transmit it or return it with a reason."""

import uuid

from flask import Response as Download
from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from outreach.campaigns import act_codes
from outreach.campaigns.links import LinkKind
from outreach.directory import queries as directory
from outreach.errors import Invalid
from outreach.forwarding import acts
from outreach.i18n import _, language, lazy
from outreach.reports.words import PUBLICATIONS
from outreach.submissions import clearance, service, transmitted
from outreach.submissions import queries as submissions
from outreach.web import unit
from outreach.web.access import here, holder
from outreach.web.downloads import attachment
from outreach.web.faults import blame
from outreach.web.forms import Form, at_most, required
from outreach.web.language import keeping_query
from outreach.web.mission import blueprint
from outreach.web.mission.codes import CodedForm, step
from outreach.web.mission.overview import frame
from outreach.web.mission.transmitted import lead_to_transmitted


class ReturnForm(Form):
    """What should be changed."""

    reason = TextAreaField(lazy("What should be changed"), [required(), at_most(4000)])


def _page(
    submission_id: uuid.UUID, transmit: CodedForm, back: ReturnForm, fault: str | None = None, status: int = 200
) -> tuple[str, int]:
    part = clearance.part(unit.session(), here().invitation_id, submission_id)
    return (
        render_template(
            "mission/part.html",
            part=part,
            former_readable=transmitted.may_read(unit.session(), here().invitation_id, submission_id),
            body=directory.institution(unit.session(), part.institution_id, language()),
            publications=PUBLICATIONS,
            transmit=transmit,
            back=back,
            fault=fault,
            **frame(),
        ),
        status,
    )


def _gone_out(submission_id: uuid.UUID) -> bool:
    """Whether this mission transmitted it, and nothing of it waits here again."""
    session, own = unit.session(), here()
    waits = submission_id in submissions.waiting_parts(session, own.invitation_id).values()
    return not waits and transmitted.may_read(session, own.invitation_id, submission_id)


@blueprint.get("/m/<token>/parts/<uuid:submission_id>")
@holder(LinkKind.MISSION)
def part(submission_id: uuid.UUID) -> Response | tuple[str, int]:
    """The answers as they would go to the Secretariat, and the two acts; what went there already is read as it was transmitted."""
    return (
        lead_to_transmitted(submission_id)
        if _gone_out(submission_id)
        else _page(submission_id, CodedForm(), ReturnForm())
    )


@blueprint.post("/m/<token>/parts/<uuid:submission_id>")
@holder(LinkKind.MISSION)
def part_transmitted(submission_id: uuid.UUID) -> Response | tuple[str, int]:
    """Mail the code, or transmit the part as a reply of the State."""
    own, form, session = here(), CodedForm(), unit.session()
    if _gone_out(submission_id):
        # The button pressed twice: the code is spent, and what it was for is done.
        return lead_to_transmitted(submission_id)

    def bind() -> None:
        act_codes.redeem(session, own.invitation_id, acts.TRANSMIT, form.code.data or "")
        service.transmit(session, submission_id, own.invitation_id, own.actor)

    status = step(form, acts.TRANSMIT, bind)
    if status:
        return _page(submission_id, form, ReturnForm(formdata=None), status=status)
    flash(_("The reply has been transmitted to the Secretariat. The receipt has been mailed."), "done")
    return lead_to_transmitted(submission_id)


@blueprint.post("/m/<token>/parts/<uuid:submission_id>/return")
@holder(LinkKind.MISSION)
def part_returned(submission_id: uuid.UUID) -> Response | tuple[str, int]:
    """Give the part back to the body, which reads the reason."""
    own, form = here(), ReturnForm()
    fault: str | None = None
    if form.validate():
        try:
            service.return_part(unit.session(), submission_id, own.invitation_id, form.reason.data or "", own.actor)
        except Invalid as refused:
            fault = blame(form, refused)
        else:
            flash(_("The answer has been returned, with your reason."), "done")
            return redirect(url_for("mission.overview", token=own.token, _anchor="bodies"))
    return _page(submission_id, CodedForm(formdata=None), form, fault, 422)


@blueprint.get("/m/<token>/parts/<uuid:submission_id>/return")
@holder(LinkKind.MISSION)
def part_of_return(submission_id: uuid.UUID) -> Response:
    """The part itself: a return that came back with a fault can be opened again, or in another language."""
    return redirect(keeping_query(url_for("mission.part", token=here().token, submission_id=submission_id)))


@blueprint.get("/m/<token>/parts/<uuid:submission_id>/files/<uuid:file_id>")
@holder(LinkKind.MISSION)
def part_file(submission_id: uuid.UUID, file_id: uuid.UUID) -> Download:
    """A file of the part, as a download."""
    line = clearance.file_of_part(unit.session(), here().invitation_id, submission_id, file_id)
    return attachment(unit.storage().get(line.content), line.filename, line.media_type)
