"""Acts that a worker carries out for all: how far one has come, and calling it off."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from outreach.campaigns import orders
from outreach.campaigns import queries as campaigns
from outreach.i18n import _
from outreach.identity.words import StaffRole
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.staff import blueprint


@blueprint.get("/campaigns/<code>/under-way")
@staff(StaffRole.READER)
def order_progress(code: str) -> str:
    """How far an act has come, alone, for the page that looks at it every second."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    return render_template("staff/_order.html", order=orders.current(session, campaign.id))


@blueprint.post("/campaigns/<code>/under-way/call-off")
@staff(StaffRole.MANAGER)
def order_called_off(code: str) -> Response:
    """Let an act that is not done not happen."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    if orders.call_off(session, campaign.id, staff_actor()):
        flash(_("It is called off. Nothing was changed, and nothing was sent."), "done")
    else:
        flash(_("Nothing is under way any more. What is done cannot be called off."), "note")
    return redirect(url_for("staff.call", code=campaign.code))
