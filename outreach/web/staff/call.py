"""Preparing a call for input: what is there in each language, what stands against the launch, and where it is mended."""

from flask import render_template

from outreach.campaigns import queries as campaigns
from outreach.identity.words import StaffRole
from outreach.web import unit
from outreach.web.access import staff
from outreach.web.staff import blueprint


@blueprint.get("/campaigns/<code>/call")
@staff(StaffRole.READER)
def call(code: str) -> str:
    """The call for input as far as it is prepared."""
    return render_template("staff/call.html", campaign=campaigns.campaign_by_code(unit.session(), code))
