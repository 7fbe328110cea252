"""The pages of an institution that was asked, opened by its link: read, forward, acknowledge, see what became of it."""

from flask import Blueprint

blueprint = Blueprint("mission", "outreach.web.mission")
