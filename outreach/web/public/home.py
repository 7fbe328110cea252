"""The front page, and the answer to those who watch whether the service lives."""

from flask import render_template
from sqlalchemy import text

from outreach.web import unit
from outreach.web.access import everyone
from outreach.web.public import blueprint


@blueprint.get("/")
@everyone
def home() -> str:
    """What this is, and where to go with a code or an account."""
    return render_template("public/home.html")


@blueprint.get("/health")
@everyone
def health() -> dict[str, str]:
    """Says that the service and its database answer."""
    unit.session().execute(text("SELECT 1"))
    return {"status": "ok"}
