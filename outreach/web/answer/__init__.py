"""Answering: the questionnaire as plain pages, opened by a link; save, hand over, review, send, keep the receipt."""

from flask import Blueprint

blueprint = Blueprint("answer", "outreach.web.answer")

from outreach.web.answer import (  # noqa: E402, F401 - the routes attach themselves
    corrected,
    deadline_entry,
    documents,
    live,
    parts,
    read_back,
    reading,
    receipt,
    review,
    start,
)
