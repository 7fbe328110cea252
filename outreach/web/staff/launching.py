"""Launching a call for input, with what leaves to whom said before; and closing it."""

from collections.abc import Iterable, Mapping

from flask import current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from outreach import clock, i18n
from outreach.campaigns import dry_run as trying
from outreach.campaigns import launch as launches
from outreach.campaigns import links_check, lint, orders, service
from outreach.campaigns import queries as campaigns
from outreach.campaigns.deadlines import deadline_for
from outreach.campaigns.links_check import Verdict
from outreach.correspondence.editions import BOTH
from outreach.errors import Invalid, Refused
from outreach.i18n import LANGUAGES, NATIVE_NAMES, _
from outreach.identity.words import StaffRole
from outreach.reports.board import Show, board
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.staff import blueprint
from outreach.web.staff.call import title_of, to_do

PATIENCE = 8.0
"""Seconds that a page waits for the sites to which links lead; what has not answered by then is to be opened by hand."""

DRY_RUN = 15.0
"""Seconds that a page composes letters; the command has no such end."""


def try_links(links: Iterable[str]) -> Mapping[str, Verdict]:
    """The links, tried within the patience of a reader."""
    return links_check.check_all(links, PATIENCE)


@blueprint.get("/campaigns/<code>/launch")
@staff(StaffRole.MANAGER)
def launch(code: str) -> str:
    """What would leave, to whom, from whom; what stands against it."""
    return _page(code)


@blueprint.post("/campaigns/<code>/launch")
@staff(StaffRole.MANAGER)
def launched(code: str) -> Response | tuple[str, int]:
    """Have everybody asked who was not asked yet, by a worker. Sent twice, it asks nobody twice."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    try:
        asked = orders.ask_launch(session, campaign.id, staff_actor(), try_links=try_links)
    except Invalid as refused:
        session.rollback()
        return _page(code, refused.message), 422
    if not asked:
        flash(_("Everybody in the audience was invited already; nothing was added."), "done")
        return redirect(url_for("staff.board", code=campaign.code))
    return redirect(url_for("staff.call", code=campaign.code, _anchor="under-way"))


@blueprint.get("/campaigns/<code>/launch/dry-run")
@staff(StaffRole.MANAGER)
def dry_run(code: str) -> str:
    """Compose what a launch would send, and say how that went; nothing is sent, and this session can't write."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    title, title_language = title_of(code)
    plan = launches.plan(session, campaign)
    found = trying.dry_run(session, unit.storage(), campaign, within=DRY_RUN)
    names = {**NATIVE_NAMES, BOTH: _("English and French")}
    return render_template(
        "staff/dry_run.html",
        campaign=campaign,
        title=title,
        title_language=title_language,
        found=found,
        institutions=plan.missions + plan.others,
        letters=[
            (language, names[language], register, number)
            for (language, register), number in sorted(found.by_language.items())
        ],
    )


@blueprint.get("/campaigns/<code>/close")
@staff(StaffRole.MANAGER)
def close(code: str) -> str:
    """Ask whether to close the form, and say what that ends."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    if campaign.launched_at is None:
        raise Refused(_("This call for input is not launched yet, so it cannot be closed."))
    deadline = deadline_for(session, campaign, None)
    figures = board(session, campaign.id, i18n.language()).figures
    title, title_language = title_of(code)
    return render_template(
        "staff/close.html",
        campaign=campaign,
        title=title,
        title_language=title_language,
        deadline=deadline,
        passed=deadline.passed(clock.now()),
        replied=figures.states[Show.REPLIED],
        drafting=figures.states[Show.DRAFTING],
    )


@blueprint.post("/campaigns/<code>/close")
@staff(StaffRole.MANAGER)
def closed(code: str) -> Response:
    """Close it. Done twice, it is closed once."""
    campaign = campaigns.campaign_by_code(unit.session(), code)
    service.close(unit.session(), campaign.id, staff_actor())
    flash(_("The call for input is closed."), "done")
    return redirect(url_for("staff.board", code=campaign.code))


def _page(code: str, fault: str | None = None) -> str:
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    title, title_language = title_of(code)
    plan = launches.plan(session, campaign)
    spoken = [*((language, NATIVE_NAMES[language]) for language in LANGUAGES), (BOTH, _("English and French"))]
    return render_template(
        "staff/launch.html",
        campaign=campaign,
        title=title,
        title_language=title_language,
        fault=fault,
        order=orders.current(session, campaign.id),
        to_do=to_do(campaign.code, lint.lint(session, campaign.id, try_links)),
        plan=plan,
        letters=[(language, name, plan.languages.get(language, 0)) for language, name in spoken],
        sender=current_app.extensions["outreach.settings"].sender,
    )
