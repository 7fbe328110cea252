"""Sending a test to oneself: which letter, in which language, as to which mission."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField

from outreach import i18n
from outreach.campaigns import queries as campaigns
from outreach.campaigns import trial
from outreach.campaigns.trial import Trial
from outreach.correspondence.editions import BOTH
from outreach.correspondence.words import Register
from outreach.directory import queries as directory
from outreach.directory.words import Seat
from outreach.i18n import LANGUAGES, NATIVE_NAMES, _, lazy
from outreach.identity.words import StaffRole
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.forms import Form, required
from outreach.web.staff import blueprint
from outreach.web.staff.preview import SORTS, chosen


class TrialForm(Form):
    """Which letter to try."""

    sort = SelectField(lazy("Occasion"), [required()])
    language = SelectField(lazy("Language"), [required()])
    register = RadioField(lazy("To whom"), [required()])
    mission = SelectField(lazy("As to this mission"))


@blueprint.get("/campaigns/<code>/test")
@staff(StaffRole.MANAGER)
def test(code: str) -> str:
    """Choose what to try; what was looked at in the preview is chosen already."""
    wanted, form = chosen(), _form(code)
    form.sort.data, form.language.data, form.register.data = wanted.sort, wanted.language, wanted.register.value
    return _page(code, form)


@blueprint.post("/campaigns/<code>/test")
@staff(StaffRole.MANAGER)
def tested(code: str) -> Response | tuple[str, int]:
    """Send it."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    form = _form(code)
    if not form.validate():
        return _page(code, form), 422
    sort = SORTS[form.sort.data]
    mission_id = uuid.UUID(form.mission.data) if form.mission.data else None
    wanted = Trial(sort.kind, sort.variant, Register(form.register.data), form.language.data, mission_id)
    address = trial.send_test(session, campaign, wanted, staff_actor())
    flash(_("The test is on its way to %(email)s.", email=address), "done")
    return redirect(
        url_for(
            "staff.test",
            code=campaign.code,
            sort=form.sort.data,
            language=form.language.data,
            register=form.register.data,
        )
    )


def _form(code: str) -> TrialForm:
    form, campaign = TrialForm(), campaigns.campaign_by_code(unit.session(), code)
    seats = [Seat(seat) for seat in campaign.audience.get("seats", ())]
    form.sort.choices = [(name, sort.words) for name, sort in SORTS.items()]
    form.language.choices = [*((code, NATIVE_NAMES[code]) for code in LANGUAGES), (BOTH, _("English and French"))]
    form.register.choices = [
        (Register.NOTE.value, _("Note, to missions and foreign ministries")),
        (Register.LETTER.value, _("Letter, to all others")),
    ]
    missions = directory.missions(unit.session(), i18n.language(), seats or None)
    form.mission.choices = [
        ("", _("none: examples stand in its place")),
        *((str(one.id), one.name) for one in missions),
    ]
    return form


def _page(code: str, form: TrialForm) -> str:
    campaign = campaigns.campaign_by_code(unit.session(), code)
    return render_template("staff/test.html", campaign=campaign, form=form, address=current_user.email)
