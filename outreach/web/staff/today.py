"""Where staff begin, and the one-time link by which they may enter."""

from flask import redirect, render_template, url_for
from flask_security.utils import login_user
from werkzeug.wrappers import Response

from outreach.identity import service as identity
from outreach.identity.words import StaffRole
from outreach.web import unit
from outreach.web.access import everyone, staff
from outreach.web.staff import blueprint


@blueprint.get("/")
@staff(StaffRole.READER)
def today() -> str:
    """What needs somebody today."""
    return render_template("staff/today.html")


@blueprint.get("/enter/<token>")
@everyone
def enter(token: str) -> str:
    """Ask whether to sign in; a mail scanner that opens the link changes nothing."""
    return render_template("staff/enter.html", token=token)


@blueprint.post("/enter/<token>")
@everyone
def entered(token: str) -> Response:
    """Sign in by a one-time link."""
    login_user(identity.enter(unit.session(), token), authn_via=["link"])
    return redirect(url_for("staff.today"))
