"""Institutions that said that a note or letter is not for them: whom to write to instead, or leaving the addressee as it is."""

import uuid

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from outreach import i18n
from outreach.campaigns import queries as campaigns
from outreach.campaigns import wrong_addressees
from outreach.campaigns.wrong_addressees import Addressee
from outreach.directory import queries as directory
from outreach.directory.words import InstitutionKind
from outreach.errors import Invalid, Stale
from outreach.i18n import _
from outreach.identity.words import StaffRole
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.faults import blame
from outreach.web.staff import blueprint
from outreach.web.staff.proposals import OWN, AddresseeForm, KeepForm, waiting
from outreach.web.staff.state import may_change

Answer = Response | tuple[str, int]


@blueprint.get("/campaigns/<code>/addressees")
@staff(StaffRole.READER)
def addressees(code: str) -> str:
    """All that wait for a decision."""
    return _page(code)


@blueprint.post("/campaigns/<code>/addressees/<uuid:invitation_id>/write")
@staff(StaffRole.MANAGER)
def write_instead(code: str, invitation_id: uuid.UUID) -> Answer:
    """Ask another institution instead, or write to the institution's own new address."""
    session, form = unit.session(), AddresseeForm(prefix=f"{invitation_id}-")
    if not form.validate():
        return _page(code, sent=(invitation_id, form)), 422
    address = (form.email.data or "").strip()
    try:
        if form.whose.data == OWN:
            wrong_addressees.change_own_address(session, invitation_id, address, staff_actor())
            sentence = _("The note or letter is on its way to %(email)s.", email=address)
        else:
            kind = InstitutionKind(form.kind.data) if form.kind.data else None
            addressee = Addressee(address, (form.name.data or "").strip(), kind)
            done = wrong_addressees.write_instead(session, invitation_id, addressee, staff_actor())
            sentence = _("%(name)s is asked instead; the letter is on its way.", name=done.name)
            if not done.letters:
                sentence = _("%(name)s was asked already, so no second letter leaves.", name=done.name)
    except Invalid as fault:
        session.rollback()
        return _page(code, sent=(invitation_id, form), fault=blame(form, fault)), 422
    except Stale as decided:
        flash(decided.message, "note")
        return _back(code, invitation_id)
    flash(sentence, "done")
    return _back(code, invitation_id)


@blueprint.post("/campaigns/<code>/addressees/<uuid:invitation_id>/keep")
@staff(StaffRole.MANAGER)
def keep_addressee(code: str, invitation_id: uuid.UUID) -> Answer:
    """Leave the addressee as it is; reminders go on."""
    form = KeepForm(prefix=f"{invitation_id}-")
    if not form.validate():
        return _page(code, fault=str(form.remark.errors[0])), 422
    try:
        wrong_addressees.keep_addressee(unit.session(), invitation_id, form.remark.data or "", staff_actor())
    except Stale as decided:
        flash(decided.message, "note")
    else:
        flash(_("The addressee stays as it is."), "done")
    return _back(code, invitation_id)


def _back(code: str, invitation_id: uuid.UUID) -> Response:
    state_code = campaigns.invitation(unit.session(), invitation_id).state_code
    if state_code is None:
        return redirect(url_for("staff.addressees", code=code))
    return redirect(url_for("staff.state", code=code, state_code=state_code))


def _page(code: str, sent: tuple[uuid.UUID, AddresseeForm] | None = None, fault: str | None = None) -> str:
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    return render_template(
        "staff/addressees.html",
        campaign=campaign,
        proposals=waiting(campaign.id, sent=sent),
        states={line.code: line.short for line in directory.states(session, i18n.language())},
        fault=fault,
        may_change=may_change(),
    )
