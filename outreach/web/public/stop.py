"""The page behind "No more letters to this address", and what a mail program sends there by itself (RFC 8058)."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach.campaigns import stopping
from outreach.campaigns.links import LinkKind
from outreach.directory import queries as directory
from outreach.web import unit
from outreach.web.access import here, holder
from outreach.web.call import call_view
from outreach.web.language import keeping_query
from outreach.web.public import blueprint


@blueprint.get("/u/<token>")
@holder(LinkKind.STOP)
def no_more_letters() -> str:
    """What it means, and one button; or that it was done."""
    return _page()


@blueprint.post("/u/<token>")
@holder(LinkKind.STOP)
def stop_letters() -> Response | str:
    """Send no more letters. Whoever holds the link may say so, with no token of a session: a mail program that offers one click has
    neither cookie nor page, and must not be led elsewhere."""
    own = here()
    assert own.contact_id is not None
    stopping.stop(unit.session(), own.invitation_id, own.contact_id, own.actor)
    if request.form.get("List-Unsubscribe") == "One-Click":
        return _page()
    return redirect(keeping_query(url_for("public.no_more_letters", token=own.token)), 303)


def _page() -> str:
    own, session = here(), unit.session()
    assert own.contact_id is not None
    contact = directory.contact(session, own.contact_id)
    reader = directory.institution(session, own.institution_id, "en")
    return render_template(
        "public/no_more_letters.html",
        call=call_view(session, own.campaign_id, reader),
        contact=contact,
        token=own.token,
    )
