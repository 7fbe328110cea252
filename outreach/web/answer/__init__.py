"""Answering: the questionnaire as plain pages, opened by a link."""

from flask import Blueprint

blueprint = Blueprint("answer", "outreach.web.answer")
