"""Changing the settings of a call for input: all of them before its launch, afterwards those of which no letter speaks."""

import hashlib
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from outreach.campaigns import queries as campaigns
from outreach.campaigns import service
from outreach.campaigns.service import CampaignSettings
from outreach.campaigns.words import Sensitivity
from outreach.errors import Busy, Invalid, Stale
from outreach.i18n import _
from outreach.identity.words import StaffRole
from outreach.reports import words
from outreach.web import names, unit
from outreach.web.access import staff, staff_actor
from outreach.web.faults import blame
from outreach.web.staff import blueprint
from outreach.web.staff.settings_form import ChangingForm, SettingsForm, written


@blueprint.get("/campaigns/<code>/settings")
@staff(StaffRole.MANAGER)
def settings(code: str) -> str:
    """The settings, to be changed."""
    campaign = campaigns.campaign_by_code(unit.session(), code)
    stand = service.settings_of(unit.session(), campaign.id)
    values = {**written(stand), "seen": _mark(stand)}
    return _page(code, _form(campaign.launched_at is not None, stand, data=values))


@blueprint.post("/campaigns/<code>/settings")
@staff(StaffRole.MANAGER)
def settings_changed(code: str) -> Response | tuple[str, int]:
    """Change the settings, unless somebody else did meanwhile."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    stand = service.settings_of(session, campaign.id)
    form = _form(campaign.launched_at is not None, stand)
    if form.seen.data != _mark(stand):
        form.seen.data = _mark(stand)
        stale = Stale(_("Somebody changed the settings while you wrote. Nothing was overwritten."))
        return _page(code, form, stale.message, changed=True), 409
    fault: str | None = None
    if form.validate():
        try:
            service.update(session, campaign.id, _wanted(form, stand), staff_actor())
        except Invalid as refused:
            fault = blame(form, refused)
        except Busy as busy:
            return _page(code, form, busy.message), 409
        else:
            flash(_("The settings are saved."), "done")
            return redirect(url_for("staff.call", code=campaign.code))
    return _page(code, form, fault), 422


def _form(launched: bool, stand: CampaignSettings, **given: Any) -> ChangingForm:
    return ChangingForm(**given) if launched else SettingsForm(zone_kept=stand.deadline_zone, **given)


def _wanted(form: ChangingForm, stand: CampaignSettings) -> CampaignSettings:
    if isinstance(form, SettingsForm):
        return form.settings()
    sensitivity = Sensitivity(form.sensitivity.data)
    return replace(stand, contact=form.contact.data or "", sensitivity=sensitivity, reminder_days=form.days)


def _page(code: str, form: ChangingForm, fault: str | None = None, *, changed: bool = False) -> str:
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    return render_template(
        "staff/settings.html",
        campaign=campaign,
        settings=service.settings_of(session, campaign.id),
        form=form,
        fault=fault,
        changed=changed,
        names=names,
        words=words,
    )


def _mark(stand: CampaignSettings) -> str:
    return hashlib.sha256(repr(stand).encode()).hexdigest()[:32]
