"""Where the links of a test letter lead: a page that says so, and does nothing."""

from flask import render_template

from outreach.campaigns.trial import PAGE
from outreach.web.access import everyone
from outreach.web.public import blueprint


@blueprint.get(PAGE)
@everyone
def test_letter() -> str:
    """Say that the letter was a test."""
    return render_template("public/test_letter.html")
