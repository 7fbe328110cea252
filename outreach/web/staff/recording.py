"""Recording a reply that came by mail or on paper: whose it is, on whose behalf, when it came, and the documents."""

import uuid
from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, MultipleFileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from outreach import clock, i18n
from outreach.campaigns import queries as campaigns
from outreach.correspondence import queries as letters
from outreach.correspondence.words import LetterKind
from outreach.directory import queries as directory
from outreach.errors import Invalid
from outreach.i18n import _, lazy
from outreach.identity.words import StaffRole
from outreach.reports import words
from outreach.reports.state_page import Node, state_page
from outreach.submissions import queries as submissions
from outreach.submissions import service
from outreach.submissions.recording import RecordedReply
from outreach.submissions.words import Behalf, Channel
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.faults import blame
from outreach.web.forms import Form, OneLine, at_most, choices, email, required
from outreach.web.staff import blueprint
from outreach.web.staff.transcribing import after_recording

WHOLE_STATE, NOT_ASKED = "state", "body"
"""Who replied, where it is none of those who were asked."""


class RecordForm(Form):
    """A reply as it came."""

    who = RadioField(lazy("Who replied"), [required()])
    body = StringField(lazy("Name of the institution that was not asked"), [OneLine(), at_most(300)])
    email = StringField(lazy("Its e-mail address, for the receipt"), [Optional(), OneLine(), at_most(254), email()])
    behalf = RadioField(lazy("On whose behalf"), [required()])
    reason = TextAreaField(lazy("Why it is the reply of the State, where it is one"), [at_most(2000)])
    channel = RadioField(lazy("How it came"), [required()])
    received_on = DateField(lazy("Received on"), [required()])
    documents = MultipleFileField(lazy("Documents"))
    note = TextAreaField(lazy("Note for colleagues"), [at_most(2000)])

    def __init__(self, asked: Iterable[tuple[str, str]], state: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = [(WHOLE_STATE, _("The State as a whole, by whichever mission"))] if state else []
        self.who.choices = [*asked, *whole, (NOT_ASKED, _("An institution that was not asked"))]
        self.behalf.choices = [(one.value, words.BEHALVES[one]) for one in Behalf if state or one is not Behalf.STATE]
        # What is missing here is said by the service, in words that help.
        self.documents.flags.required = True
        self.channel.choices = [(one.value, words.CHANNELS[one]) for one in (Channel.MAIL, Channel.PAPER)]


class StateForm(Form):
    """Which State; the institutions to choose from are those of it."""

    class Meta(Form.Meta):
        csrf = False

    state = SelectField(lazy("State"), [required()])


def _asked(tree: Iterable[Node], depth: int = 0) -> Iterable[tuple[str, str]]:
    for node in tree:
        yield str(node.invitation_id), f"{'— ' * depth}{node.name}"
        yield from _asked(node.below, depth + 1)


def _chosen(state: str) -> str:
    """The State that is chosen; empty for none of the 195."""
    known = {line.code for line in directory.states(unit.session(), i18n.language())}
    return state if state in known else ""


def _page(
    code: str, state: str, form: RecordForm | None, fault: str | None = None, status: int = 200
) -> tuple[str, int]:
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    names = [(line.code, line.short) for line in directory.states(session, i18n.language())]
    chooser = StateForm(formdata=None, state=state)
    chooser.state.choices = choices(names, empty=_("None: an institution without a State"))
    return (
        render_template(
            "staff/record.html",
            campaign=campaign,
            chooser=chooser,
            begun="state" in request.args,
            form=form,
            state=state,
            fault=fault,
        ),
        status,
    )


def _form(code: str, state: str, **options: Any) -> RecordForm:
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    tree = state_page(session, campaign.id, state or None, i18n.language()).tree
    return RecordForm(_asked(tree), state, **options)


def _of_the_form(fault: Invalid) -> Invalid:
    """Which State and which institution are one field here."""
    field = "who" if fault.field in ("state", "invitation") else fault.field
    return Invalid(fault.message, field=field)


@blueprint.get("/campaigns/<code>/record")
@staff(StaffRole.MANAGER)
def record_reply(code: str) -> tuple[str, int]:
    """First which State, then the reply."""
    state = _chosen(request.args.get("state", ""))
    if "state" not in request.args:
        return _page(code, "", None)
    return _page(code, state, _form(code, state, formdata=None, received_on=None))


@blueprint.post("/campaigns/<code>/record")
@staff(StaffRole.MANAGER)
def reply_recorded(code: str) -> Response | tuple[str, int]:
    """Record it: the reply gets its number and receipt, and stops reminders as one from the web does."""
    session = unit.session()
    state = _chosen(request.args.get("state", ""))
    form = _form(code, state)
    if not form.validate():
        return _page(code, state, form, status=422)
    campaign = campaigns.campaign_by_code(session, code)
    asked = form.who.data not in (WHOLE_STATE, NOT_ASKED)
    reply = RecordedReply(
        campaign_id=campaign.id,
        behalf=Behalf(form.behalf.data),
        channel=Channel(form.channel.data),
        received_on=form.received_on.data or clock.today(campaign.deadline_zone),
        documents=tuple(
            (file.filename or "", file.read()) for file in form.documents.data or () if file and file.filename
        ),
        invitation_id=uuid.UUID(form.who.data) if asked else None,
        state_code=state or None,
        body=(form.body.data or "") if form.who.data == NOT_ASKED else "",
        email=(form.email.data or "") if form.who.data == NOT_ASKED else "",
        note=form.note.data or "",
        reason=form.reason.data or "",
    )
    try:
        version = service.record_by_staff(session, unit.storage(), reply, staff_actor())
    except Invalid as fault:
        session.rollback()
        return _page(code, state, form, blame(form, _of_the_form(fault)), 422)
    line = submissions.version(session, version.submission_id)
    flash(_("The reply was recorded under the number %(number)s.", number=line.number), "done")
    if not any(one.kind is LetterKind.RECEIPT for one in letters.letters_of(session, [line.invitation_id])):
        flash(_("No address of the institution works, so no receipt leaves."), "note")
    found = after_recording(version.submission_id)
    if found:
        return redirect(found)
    if state:
        return redirect(url_for("staff.state", code=campaign.code, state_code=state, _anchor="submissions"))
    return redirect(url_for("staff.others", code=campaign.code))
