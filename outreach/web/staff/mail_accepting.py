"""Accepting what a mail proposes: one click, and an entry in the audit trail. Nothing is taken over by itself."""

import uuid

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from outreach.errors import Invalid, Missing, Refused, Stale
from outreach.i18n import _
from outreach.identity.words import StaffRole
from outreach.inbox import accepting
from outreach.inbox.diplomacy_phrases import Saying
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.faults import blame
from outreach.web.staff import blueprint
from outreach.web.staff.mail import page_again, readable, tell_dealt_with
from outreach.web.staff.mail_proposals import ADDRESS, TIME, MoreTimeForm, NewAddressForm, Sent

Answer = Response | tuple[str, int]


@blueprint.post("/mail/<uuid:mail_id>/accept/<saying>")
@staff(StaffRole.MANAGER)
def mail_proposal_accepted(mail_id: uuid.UUID, saying: str) -> Answer:
    """Do what the mail proposes. A mail that says more, or brings files, still waits."""
    found = readable(mail_id)
    if saying == Saying.MORE_TIME:
        time = MoreTimeForm(prefix=TIME)
        return _more_time(mail_id, time) if time.validate() else page_again(found, Sent(Saying.MORE_TIME, time))
    if saying == Saying.NEW_ADDRESS:
        address = NewAddressForm(prefix=ADDRESS)
        return (
            _address(mail_id, address) if address.validate() else page_again(found, Sent(Saying.NEW_ADDRESS, address))
        )
    acts = {Saying.FORWARDED: accepting.forwarded, Saying.NOTHING: accepting.nothing}
    act = next((act for one, act in acts.items() if one == saying), None)
    if act is None:
        raise Missing(_("There is no such mail."))
    try:
        settled = act(unit.session(), mail_id, staff_actor())
    except Refused as refused:
        return _not_now(mail_id, refused)
    flash(_("It is noted in the history of the institution."), "done")
    return _back(mail_id, settled)


@blueprint.post("/mail/<uuid:mail_id>/accepted/<saying>/undo")
@staff(StaffRole.MANAGER)
def mail_acceptance_undone(mail_id: uuid.UUID, saying: str) -> Answer:
    """What was accepted is not so after all; the proposal can be accepted again."""
    readable(mail_id)
    if saying not in list(Saying):
        raise Missing(_("There is no such mail."))
    try:
        accepting.take_back(unit.session(), mail_id, Saying(saying), staff_actor())
    except (Refused, Stale) as refused:
        return _not_now(mail_id, refused)
    flash(_("It was undone. The history of the institution says so."), "done")
    return _back(mail_id)


def _more_time(mail_id: uuid.UUID, form: MoreTimeForm) -> Answer:
    assert form.until.data is not None
    try:
        settled = accepting.more_time(unit.session(), mail_id, form.until.data, form.reason.data or "", staff_actor())
    except Invalid as fault:
        sent = Sent(Saying.MORE_TIME, form, blame(form, fault))
        return page_again(readable(mail_id), sent)
    except Refused as refused:
        return _not_now(mail_id, refused)
    found = readable(mail_id)
    belongs_to = found.line.belongs_to
    assert belongs_to is not None
    if settled:
        tell_dealt_with(found)
    flash(_("The request for more time waits for a decision here."), "done")
    return redirect(url_for("staff.deadlines", code=belongs_to.campaign_code, _anchor="requests"))


def _address(mail_id: uuid.UUID, form: NewAddressForm) -> Answer:
    address = (form.email.data or "").strip()
    try:
        settled = accepting.new_address(unit.session(), mail_id, address, staff_actor())
    except Invalid as fault:
        unit.session().rollback()
        return page_again(readable(mail_id), Sent(Saying.NEW_ADDRESS, form, blame(form, fault)))
    except Refused as refused:
        return _not_now(mail_id, refused)
    flash(_("Letters to this institution go to %(email)s from now on.", email=address), "done")
    return _back(mail_id, settled)


def _not_now(mail_id: uuid.UUID, refused: Refused | Stale) -> Response:
    unit.session().rollback()
    flash(refused.message, "note")
    return _back(mail_id)


def _back(mail_id: uuid.UUID, settled: bool = False) -> Response:
    """To the mail, or to the next ones where it is dealt with."""
    if not settled:
        return redirect(url_for("staff.mail_shown", mail_id=mail_id))
    tell_dealt_with(readable(mail_id))
    return redirect(url_for("staff.mail"))
