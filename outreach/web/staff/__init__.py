"""The pages of the secretariat's staff, behind sign-in."""

from flask import Blueprint

blueprint = Blueprint("staff", "outreach.web.staff", url_prefix="/staff")

from outreach.web.staff import board, call, letters, reading, state, today  # noqa: E402, F401 - the routes attach themselves
