"""One State in one call for input: the whole tree, its letters, its history, what came back, and what staff may do about it."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from outreach import i18n
from outreach.campaigns import asking
from outreach.campaigns import queries as campaigns
from outreach.campaigns.deadlines import deadline_for
from outreach.directory import queries as directory
from outreach.errors import Refused
from outreach.i18n import _
from outreach.identity import service as identity
from outreach.identity.words import StaffRole
from outreach.inbox import queries as inbox
from outreach.reports import words
from outreach.reports.state_page import open_time_requests, state_page
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.staff import blueprint
from outreach.web.staff.proposals import waiting


def may_change() -> bool:
    """Whether the member of staff who signed in may do more than read."""
    return identity.role_of(current_user) is not StaffRole.READER


@blueprint.get("/campaigns/<code>/states/<state_code>")
@staff(StaffRole.READER)
def state(code: str, state_code: str) -> str:
    """Who was asked in a State, what happened in order, what came back."""
    return state_shown(code, state_code)


def state_shown(code: str, state_code: str, fault: str | None = None, typed: Mapping[str, str] | None = None) -> str:
    """The page; `fault` says what was wrong with an act, `typed` is what stood in its field, by the id it speaks of."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    found = directory.state(session, state_code.upper(), i18n.language())
    return render_template(
        "staff/state.html",
        campaign=campaign,
        state=found,
        page=state_page(session, campaign.id, found.code, i18n.language()),
        deadline=deadline_for(session, campaign, found.code),
        requests=open_time_requests(session, campaign.id, found.code),
        mails=inbox.waiting_of(session, campaign.id, found.code, i18n.language()),
        proposals=waiting(campaign.id, found.code),
        elsewhere=asking.missions_to_ask(session, campaign.id, found.code, i18n.language()),
        words=words,
        may_change=may_change(),
        fault=fault,
        typed=typed or {},
    )


@blueprint.post("/campaigns/<code>/states/<state_code>/ask")
@staff(StaffRole.MANAGER)
def ask_other_post(code: str, state_code: str) -> Response:
    """Send the note to the mission at the other post, since the addresses that were written to don't work."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    offered = asking.missions_to_ask(session, campaign.id, state_code.upper(), i18n.language())
    chosen = next((one for one in offered if str(one.id) == request.form.get("institution_id")), None)
    if chosen is None:
        raise Refused(_("This mission was asked already, or an address of the State works again."))
    asking.ask(session, campaign.id, chosen.id, staff_actor())
    flash(_("The note to this mission is on its way: %(name)s", name=chosen.name), "done")
    return redirect(url_for("staff.state", code=campaign.code, state_code=state_code.upper()))
