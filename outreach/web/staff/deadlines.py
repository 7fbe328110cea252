"""The deadline of a call for input: extensions of it, requests for more time, and the reminders that lead up to it."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField, TextAreaField

from outreach import i18n
from outreach.campaigns import extensions, orders, reminders, service
from outreach.campaigns import queries as campaigns
from outreach.campaigns.deadlines import deadline_for
from outreach.campaigns.extensions import Announcement, RequestLine
from outreach.campaigns.standing import StopReason
from outreach.directory import queries as directory
from outreach.errors import Invalid, Stale
from outreach.i18n import _, lazy, ngettext
from outreach.identity.words import StaffRole
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.call import POST_ZONES, left
from outreach.web.faults import blame
from outreach.web.forms import Form, at_most, choices, required
from outreach.web.staff import blueprint
from outreach.web.staff.settings_form import RemindersForm, ThisAge, days_written
from outreach.web.staff.state import may_change

Answer = Response | tuple[str, int]

ALL = "all"
"""For whom a deadline is extended, where it is not one State."""


class ExtendForm(Form):
    """For whom, until the end of which day, and why."""

    whom = SelectField(lazy("For whom"), [required()])
    day = DateField(lazy("Until the end of"), [required(), ThisAge()])
    reason = TextAreaField(lazy("Reason"), [required(), at_most(2000)])

    def __init__(self, states: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = (ALL, _("All States and institutions"))
        self.whom.choices = choices([everybody, *states], empty=_("Please choose"))

    @property
    def state_code(self) -> str | None:
        """The State that is chosen; None: all."""
        return None if self.whom.data == ALL else str(self.whom.data)

    @property
    def mark(self) -> str:
        """What was looked at; the act is granted for nothing else."""
        return f"extend {self.whom.data} {self.day.data}"


class GrantForm(Form):
    """Until the end of which day, and why."""

    day = DateField(lazy("Until the end of"), [required(), ThisAge()])
    reason = TextAreaField(lazy("Reason"), [required(), at_most(2000)])


class DeclineForm(Form):
    """Why not; the institution reads it."""

    reason = TextAreaField(lazy("Reason"), [required(), at_most(2000)])


@dataclass
class Waiting:
    """A request that waits, as the page shows it. `announcement` is None where the day that was asked for can't be granted any more."""

    line: RequestLine
    institution: str
    grant: GrantForm
    decline: DeclineForm
    announcement: Announcement | None


@dataclass
class Forms:
    """The forms of the page as they were sent, where one of them came back."""

    extend: ExtendForm | None = None
    looked: Announcement | None = None
    grant: tuple[uuid.UUID, GrantForm] | None = None
    decline: tuple[uuid.UUID, DeclineForm] | None = None
    reminders: RemindersForm | None = None
    fault: str | None = None
    at: str = ""
    """The part of the page that came back: its fault stands there."""


@blueprint.get("/campaigns/<code>/deadline")
@staff(StaffRole.READER)
def deadlines(code: str) -> str:
    """Until when answers are asked for, who asks for more time, and who is reminded when."""
    return _page(code, Forms())


@blueprint.post("/campaigns/<code>/deadline/extend")
@staff(StaffRole.MANAGER)
def extend_deadline(code: str) -> Answer:
    """Say what an extension would do; once that was read, grant and announce it; one for all by a worker."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    form = _extend_form(session)
    sent = Forms(extend=form, at="extend")
    if not form.validate():
        return _page(code, sent), 422
    until = _until(form.day.data, campaign.deadline_zone)
    try:
        if request.form.get("do") != form.mark:
            sent.looked = extensions.announcement(session, campaign.id, form.state_code, until)
            return _page(code, sent), 200
        reason = form.reason.data or ""
        if form.state_code is None:
            orders.ask_extension(session, campaign.id, until, reason, staff_actor())
            return redirect(url_for("staff.deadlines", code=campaign.code, _anchor="under-way"))
        done = extensions.extend(session, campaign.id, form.state_code, until, reason, staff_actor())
    except Invalid as fault:
        sent.fault = blame(form, fault)
        return _page(code, sent), 422
    flash(_announced(done.letters), "done")
    return redirect(url_for("staff.deadlines", code=campaign.code, _anchor="extensions"))


@blueprint.post("/campaigns/<code>/deadline/requests/<uuid:request_id>/grant")
@staff(StaffRole.MANAGER)
def grant_time(code: str, request_id: uuid.UUID) -> Answer:
    """Grant more time to a State, until the day that staff choose."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    form = GrantForm(prefix=f"grant-{request_id}-")
    sent = Forms(grant=(request_id, form), at=f"request-{request_id}")
    if not form.validate():
        return _page(code, sent), 422
    try:
        until = _until(form.day.data, campaign.deadline_zone)
        done = extensions.grant(session, request_id, until, form.reason.data or "", staff_actor())
    except Invalid as fault:
        sent.fault = blame(form, fault)
        return _page(code, sent), 422
    except Stale as decided:
        return _decided_meanwhile(code, decided)
    flash(_announced(done.letters), "done")
    return redirect(url_for("staff.deadlines", code=campaign.code, _anchor="requests"))


@blueprint.post("/campaigns/<code>/deadline/requests/<uuid:request_id>/decline")
@staff(StaffRole.MANAGER)
def decline_time(code: str, request_id: uuid.UUID) -> Answer:
    """Decline a request, with the reason that the institution reads."""
    form = DeclineForm(prefix=f"decline-{request_id}-")
    sent = Forms(decline=(request_id, form), at=f"request-{request_id}")
    if not form.validate():
        return _page(code, sent), 422
    try:
        extensions.decline(unit.session(), request_id, form.reason.data or "", staff_actor())
    except Invalid as fault:
        sent.fault = blame(form, fault)
        return _page(code, sent), 422
    except Stale as decided:
        return _decided_meanwhile(code, decided)
    flash(_("The request is declined; a letter tells the institution why. Its deadline stays."), "done")
    return redirect(url_for("staff.deadlines", code=code, _anchor="requests"))


@blueprint.post("/campaigns/<code>/deadline/reminders")
@staff(StaffRole.MANAGER)
def plan_reminders(code: str) -> Answer:
    """Change the days of the reminders."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    form = RemindersForm()
    sent = Forms(reminders=form, at="reminders")
    if not form.validate():
        return _page(code, sent), 422
    try:
        service.set_reminders(session, campaign.id, form.days, staff_actor())
    except Invalid as fault:
        sent.fault = blame(form, fault)
        return _page(code, sent), 422
    flash(_("The reminders are planned."), "done")
    return redirect(url_for("staff.deadlines", code=campaign.code, _anchor="reminders"))


def _until(day: date | None, zone: str) -> datetime:
    assert day is not None, "the form takes no empty day"
    return extensions.end_of(day, zone)


def _announced(letters: int) -> str:
    if not letters:
        return _("The deadline is extended. Nobody had to be told by a letter.")
    return ngettext(
        "The deadline is extended. %(num)s letter announces it.",
        "The deadline is extended. %(num)s letters announce it.",
        letters,
    )


def _decided_meanwhile(code: str, decided: Stale) -> Response:
    flash(decided.message, "note")
    return redirect(url_for("staff.deadlines", code=code, _anchor="requests"))


def _extend_form(session: Session, **given: Any) -> ExtendForm:
    return ExtendForm([(line.code, line.short) for line in directory.states(session, i18n.language())], **given)


def _waiting(session: Session, found: list[RequestLine], zone: str, sent: Forms) -> list[Waiting]:
    """The requests that wait, each with its forms and what granting it as it was asked would send."""
    open_ones = [line for line in found if line.decided_at is None]
    named = directory.institutions(session, [line.institution_id for line in open_ones], i18n.language())
    shown = []
    for line in open_ones:
        grant = GrantForm(formdata=None, prefix=f"grant-{line.id}-", day=line.until, reason=line.reason)
        decline = DeclineForm(formdata=None, prefix=f"decline-{line.id}-")
        if sent.grant and sent.grant[0] == line.id:
            grant = sent.grant[1]
        if sent.decline and sent.decline[0] == line.id:
            decline = sent.decline[1]
        shown.append(Waiting(line, named[line.institution_id].name, grant, decline, _would_send(session, line, zone)))
    return shown


def _would_send(session: Session, line: RequestLine, zone: str) -> Announcement | None:
    if line.state_code is None:
        return None
    campaign_id = campaigns.invitation(session, line.invitation_id).campaign_id
    try:
        return extensions.announcement(session, campaign_id, line.state_code, extensions.end_of(line.until, zone))
    except Invalid:
        return None


def _page(code: str, sent: Forms) -> str:
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    deadline = deadline_for(session, campaign, None)
    running = campaign.launched_at is not None and campaign.closed_at is None
    asked = extensions.requests(session, campaign.id)
    outlook = reminders.outlook(session, campaign.id)
    return render_template(
        "staff/deadlines.html",
        campaign=campaign,
        deadline=deadline,
        left=left(deadline.at, deadline.zone) if running else "",
        elsewhere=[zone for zone in POST_ZONES.values() if zone != deadline.zone],
        waiting=_waiting(session, asked, deadline.zone, sent) if running else [],
        decided=[line for line in asked if line.decided_at is not None],
        asked_by=directory.institutions(session, {line.institution_id for line in asked}, i18n.language()),
        granted=extensions.granted(session, campaign.id),
        order=orders.current(session, campaign.id),
        states={line.code: line.short for line in directory.states(session, i18n.language())},
        plan=outlook.steps,
        stopped=[
            (count, *_why_not(campaign.code, reason)) for reason in StopReason if (count := outlook.stopped[reason])
        ],
        going=outlook.going,
        extend=sent.extend or _extend_form(session, formdata=None),
        reminders=sent.reminders or _reminders_form(session, campaign.id),
        sent=sent,
        end_of=extensions.end_of,
        running=running,
        may_change=may_change(),
    )


def _reminders_form(session: Session, campaign_id: uuid.UUID) -> RemindersForm:
    days = tuple(step.days for step in reminders.steps_of(session, campaign_id))
    return RemindersForm(formdata=None, reminder_days=days_written(days))


def _why_not(code: str, reason: StopReason) -> tuple[str, str]:
    """Why an institution is not reminded, in words, and where such institutions or their States are listed."""
    if reason is StopReason.NOT_REACHED:
        return _("They could not be reached, or their letter has not left"), url_for("staff.unreached", code=code)
    sentence, filters = {
        StopReason.STATE_REPLIED: (_("Their State has replied"), {"show": "replied"}),
        StopReason.STATE_EXPECTS_NONE: (
            _("A mission of their State said that no submission is expected"),
            {"stage": "no_submission_expected"},
        ),
        StopReason.REPLIED: (_("They have replied themselves"), {}),
        StopReason.EXPECTS_NONE: (_("They said that no submission is expected"), {}),
        StopReason.WITH_ITS_MISSION: (_("Their answer waits for their mission"), {"stage": "sent_to_mission"}),
        StopReason.NO_MORE_LETTERS: (_("They want no more letters"), {}),
        StopReason.WRONG_ADDRESSEE: (_("They are not the right addressee"), {"show": "needs_action"}),
        StopReason.HELD: (
            _("Mail or a request for more time from them or their State waits for you"),
            {"show": "needs_action"},
        ),
    }[reason]
    listed = url_for("staff.board", code=code, show=filters.get("show"), stage=filters.get("stage"), _anchor="states")
    return sentence, listed
