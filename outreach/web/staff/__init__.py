"""The pages of the secretariat's staff, behind sign-in."""

from flask import Blueprint

blueprint = Blueprint("staff", "outreach.web.staff", url_prefix="/staff")

ZONE = "Europe/Zurich"
"""In whose time instants are shown that belong to no call for input."""

from outreach.web.staff import (
    accounts,
    addressees,
    audit,
    board,
    call,
    deadlines,
    demo,
    directory,
    directory_import,
    documents,
    frame,
    institutions,
    launching,
    letters,
    mail,
    mail_accepting,
    mail_another,
    mail_answering,
    mail_contents,
    new,
    notes,
    orders,
    preview,
    questionnaire_editor,
    questionnaire_files,
    questionnaire_question,
    reading,
    recording,
    sending,
    settings,
    state,
    texts,
    today,
    transcribing,
    trial,
    unreached,
)
