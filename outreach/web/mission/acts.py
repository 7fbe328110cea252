"""What the reader says about the note or letter: received, nothing to expect, not for us, a new address, more time."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import Optional

from outreach.campaigns.links import LinkKind
from outreach.errors import Invalid
from outreach.forwarding import acts as said
from outreach.i18n import _, lazy
from outreach.web import unit
from outreach.web.access import here, holder
from outreach.web.faults import blame
from outreach.web.forms import Form, OneLine, at_most, email, required
from outreach.web.mission import blueprint
from outreach.web.mission.codes import CodedForm, step
from outreach.web.mission.overview import frame

Answer = Response | tuple[str, int]


class NoSubmissionForm(CodedForm):
    """Why nothing is to be expected, if the reader wishes to say so."""

    words = TextAreaField(lazy("Remarks"), [at_most(2000)])


class WrongAddresseeForm(Form):
    """Whom to write to instead."""

    email = StringField(lazy("Address to write to"), [Optional(), OneLine(), at_most(254), email()])
    words = TextAreaField(lazy("Which institution is competent"), [at_most(2000)])


class NewAddressForm(CodedForm):
    """The institution's own new address."""

    email = StringField(lazy("New address"), [required(), OneLine(), at_most(254), email()])


class MoreTimeForm(Form):
    """Until when, and why."""

    until = DateField(lazy("Until"), [required()])
    reason = TextAreaField(lazy("Reason"), [required(), at_most(2000)])


def _back(anchor: str | None = None) -> Response:
    return redirect(url_for("mission.overview", token=here().token, _anchor=anchor))


@blueprint.get("/m/<token>/acknowledge")
@holder(LinkKind.MISSION)
def acknowledge() -> str:
    """Ask to confirm; a mail scanner that opens the link changes nothing."""
    return render_template("mission/acknowledge.html", form=Form(), **frame())


@blueprint.post("/m/<token>/acknowledge")
@holder(LinkKind.MISSION)
def acknowledged() -> Response:
    """Record the acknowledgement of receipt, once."""
    own = here()
    said.acknowledge(unit.session(), own.invitation_id, own.actor)
    flash(_("Thank you. The Secretariat sees that the receipt was acknowledged."), "done")
    return _back()


@blueprint.get("/m/<token>/no-submission")
@holder(LinkKind.MISSION)
def no_submission() -> str:
    """Explain what "no submission expected" means, and offer the code."""
    return render_template("mission/no_submission.html", form=NoSubmissionForm(), **frame())


@blueprint.post("/m/<token>/no-submission")
@holder(LinkKind.MISSION)
def no_submission_said() -> Answer:
    """Mail the code, or record that no submission is expected."""
    own, form = here(), NoSubmissionForm()

    def bind() -> None:
        said.no_submission_expected(
            unit.session(), own.invitation_id, form.code.data or "", own.actor, form.words.data or ""
        )

    status = step(form, said.NO_SUBMISSION_EXPECTED, bind)
    if status:
        return render_template("mission/no_submission.html", form=form, **frame()), status
    flash(_("Thank you. The Secretariat expects no submission, and sends no more reminders."), "done")
    return _back()


@blueprint.get("/m/<token>/wrong-addressee")
@holder(LinkKind.MISSION)
def wrong_addressee() -> str:
    """Ask whom to write to instead."""
    return render_template("mission/wrong_addressee.html", form=WrongAddresseeForm(), **frame())


@blueprint.post("/m/<token>/wrong-addressee")
@holder(LinkKind.MISSION)
def wrong_addressee_said() -> Answer:
    """Lay the proposal before the Secretariat."""
    own, form = here(), WrongAddresseeForm()
    fault: str | None = None
    if form.validate():
        try:
            said.wrong_addressee(
                unit.session(), own.invitation_id, form.email.data or "", form.words.data or "", own.actor
            )
        except Invalid as refused:
            fault = blame(form, refused)
        else:
            flash(_("Thank you. The Secretariat will look at this and write to the right addressee."), "done")
            return _back()
    return render_template("mission/wrong_addressee.html", form=form, fault=fault, **frame()), 422


@blueprint.get("/m/<token>/address")
@holder(LinkKind.MISSION)
def new_address() -> str:
    """Ask for the institution's own new address, and offer the code."""
    return render_template("mission/new_address.html", form=NewAddressForm(), **frame())


@blueprint.post("/m/<token>/address")
@holder(LinkKind.MISSION)
def new_address_said() -> Answer:
    """Mail the code to the address on file, or change the address."""
    own, form = here(), NewAddressForm()

    def bind() -> None:
        said.change_address(
            unit.session(), own.invitation_id, (form.email.data or "").strip(), form.code.data or "", own.actor
        )

    status = step(form, said.CHANGE_OF_ADDRESS, bind)
    if status:
        return render_template("mission/new_address.html", form=form, **frame()), status
    flash(_("The Secretariat writes to %(email)s from now on.", email=form.email.data), "done")
    return _back()


@blueprint.get("/m/<token>/more-time")
@holder(LinkKind.MISSION)
def more_time() -> str:
    """Ask until when, and why."""
    return render_template("mission/more_time.html", form=MoreTimeForm(), **frame())


@blueprint.post("/m/<token>/more-time")
@holder(LinkKind.MISSION)
def more_time_asked() -> Answer:
    """Lay the request before the Secretariat."""
    own, form = here(), MoreTimeForm()
    fault: str | None = None
    if form.validate() and form.until.data is not None:
        try:
            said.ask_for_time(
                unit.session(), own.invitation_id, form.until.data, (form.reason.data or "").strip(), own.actor
            )
        except Invalid as refused:
            fault = blame(form, refused)
        else:
            flash(_("The Secretariat has your request. Its decision comes by mail, and stands on this page."), "done")
            return _back()
    return render_template("mission/more_time.html", form=form, fault=fault, **frame()), 422
