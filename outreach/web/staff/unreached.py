"""The institutions of a call that could not be reached: each with its address to correct, and all at once where the relay was at fault."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach import i18n
from outreach.campaigns import asking, orders
from outreach.campaigns import queries as campaigns
from outreach.correspondence import queries as letters
from outreach.errors import Invalid, Missing
from outreach.i18n import _
from outreach.identity.words import StaffRole
from outreach.reports import unreached as reports
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.staff import blueprint
from outreach.web.staff.paging import place, place_after
from outreach.web.staff.state import may_change

_A_PAGE = 50


@blueprint.get("/campaigns/<code>/unreached")
@staff(StaffRole.READER)
def unreached(code: str) -> str:
    """The list, the last that were lost first."""
    return _page(code)


@blueprint.post("/campaigns/<code>/unreached/ask-again")
@staff(StaffRole.MANAGER)
def ask_refused(code: str) -> Response:
    """Have what the relay refused within the last day sent to the same addresses once more, by a worker."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    orders.ask_again(session, campaign.id, staff_actor(), refused=True)
    return redirect(url_for("staff.call", code=campaign.code, _anchor="under-way"))


@blueprint.post("/campaigns/<code>/unreached/<uuid:letter_id>/correct-address")
@staff(StaffRole.MANAGER)
def unreached_corrected(code: str, letter_id: uuid.UUID) -> Response | tuple[str, int]:
    """Write to one of them at another address."""
    session = unit.session()
    line = letters.letter(session, letter_id)
    if line.invitation_id is None or campaigns.invitation(session, line.invitation_id).campaign_id != (
        campaigns.campaign_by_code(session, code).id
    ):
        raise Missing(_("There is no such letter."))
    email = request.form.get("email", "").strip()
    try:
        asking.correct_address(session, letter_id, email, staff_actor())
    except Invalid as fault:
        session.rollback()
        return _page(code, (letter_id, email, fault.message)), 422
    flash(_("The letter is on its way to %(email)s.", email=email), "done")
    return redirect(url_for("staff.unreached", code=code.upper()))


def _page(code: str, sent: tuple[uuid.UUID, str, str] | None = None) -> str:
    """The page; `sent` is the letter whose address came back, as it was typed, and what is wrong with it."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    after = place_after(request.args.get("after", ""))
    found = reports.unreached(session, campaign.id, i18n.language(), _A_PAGE + 1, after)
    lines = found[:_A_PAGE]
    return render_template(
        "staff/unreached.html",
        campaign=campaign,
        lines=lines,
        number=reports.unreached_count(session, campaign.id),
        after=place(lines[-1].since, lines[-1].invitation_id) if len(found) > _A_PAGE else None,
        may_act=may_change() and campaign.closed_at is None,
        lately=asking.refused_lately(session, campaign.id),
        sent=sent,
    )
