"""The pages of an institution that was asked, opened by its link: read, forward, acknowledge, see what became of it."""

from flask import Blueprint

blueprint = Blueprint("mission", "outreach.web.mission")

from outreach.web.mission import (  # noqa: E402, F401 - the routes attach themselves
    acts,
    cover_note,
    deadline_entry,
    forwarding,
    overview,
    parts,
    passing,
    reading,
    transmitted,
)
