"""Pages for everybody: the front page, a call by its code, health."""

from flask import Blueprint

blueprint = Blueprint("public", "outreach.web.public")

from outreach.web.public import call, home, pass_on, pictures, stop, test_letter  # noqa: E402, F401 - the routes attach themselves
