"""The files of a questionnaire: its workbooks, its versions with what changed, and translators' files out and back in."""

import uuid
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from outreach import file_types, i18n
from outreach.campaigns import contents
from outreach.campaigns import queries as campaigns
from outreach.errors import Invalid, Missing
from outreach.i18n import _
from outreach.identity.words import StaffRole
from outreach.questionnaires import drafting, translation, translation_files, versions
from outreach.questionnaires.drafting import Draft
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.downloads import attachment
from outreach.web.staff import blueprint
from outreach.web.staff.state import may_change

_MOST_NOTES = 20
_WORKBOOKS = {"xlsx": file_types.XLSX, "zip": "application/zip"}


@blueprint.get("/campaigns/<code>/questionnaire/workbook.<any(xlsx, zip):kind>")
@staff(StaffRole.READER)
def workbook(code: str, kind: str) -> Response:
    """The workbook of a version (?version=, else the one in force), exactly as it was given (?tools: as other tools read it); as .zip
    with its pictures."""
    session, storage = unit.session(), unit.storage()
    campaign = campaigns.campaign_by_code(session, code)
    version_id, tools = _version(campaign), "tools" in request.args
    if kind == "zip":
        content = versions.with_pictures(session, storage, version_id, tools=tools)
    else:
        content = (versions.for_other_tools if tools else versions.workbook_of)(session, storage, version_id)
    name = f"{campaign.code}-{versions.number_of(session, version_id)}{'-odk' if tools else ''}.{kind}"
    return attachment(content, name, _WORKBOOKS[kind])


def _version(campaign: Any) -> uuid.UUID:
    """The version that is asked for, else the one in force. Raises Missing."""
    version_id: uuid.UUID | None = campaign.questionnaire_version_id
    if version_id is None:
        raise Missing(_("There is no such questionnaire."))
    wanted = request.args.get("version", type=int)
    return version_id if wanted is None else versions.numbered(unit.session(), version_id, wanted)


@blueprint.get("/campaigns/<code>/questionnaire/versions")
@staff(StaffRole.READER)
def questionnaire_versions(code: str) -> str:
    """All versions, the newest first, each with what changed since the one before."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    version_id = campaign.questionnaire_version_id
    return render_template(
        "staff/questionnaire_versions.html",
        campaign=campaign,
        versions=versions.history(session, version_id, i18n.language()) if version_id else [],
    )


@blueprint.get("/campaigns/<code>/questionnaire/translations")
@staff(StaffRole.READER)
def translations(code: str) -> str:
    """How each language stands, and the files for its translators."""
    return _translations(code)


@blueprint.post("/campaigns/<code>/questionnaire/translations")
@staff(StaffRole.MANAGER)
def translations_given(code: str) -> Answer | tuple[str, int]:
    """Take over a translator's file."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    chosen = request.files.get("translation")
    content = chosen.read() if chosen else b""
    if not content:
        return _translations(code, Invalid(_("Please choose a file."))), 422
    try:
        contents.take_translations(session, unit.storage(), campaign.id, content, staff_actor())
    except Invalid as fault:
        return _translations(code, fault), 422
    flash(_("The translations are saved."), "done")
    return redirect(url_for("staff.translations", code=campaign.code))


@blueprint.get("/campaigns/<code>/questionnaire/translations/<of>.<any(po, xlsx):kind>")
@staff(StaffRole.READER)
def translation_file(code: str, of: str, kind: str) -> Response:
    """The file for the translators of a language."""
    campaign = campaigns.campaign_by_code(unit.session(), code)
    rows = _draft(code).rows
    if of not in translation.others(rows):
        raise Missing(_("“%(language)s” is not one of the six languages.", language=of[:20]))
    name = f"{campaign.code}.{of}.{kind}"
    if kind == "po":
        return attachment(translation_files.to_po(rows, of, campaign.code), name, "text/plain; charset=utf-8")
    return attachment(translation_files.to_workbook(rows, of), name, file_types.XLSX)


def _draft(code: str) -> Draft:
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    return drafting.draft(
        session, unit.storage(), campaign.code, campaign.questionnaire_version_id, campaign.original_language
    )


def _translations(code: str, fault: Invalid | None = None) -> str:
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    draft = _draft(code)
    version_id = campaign.questionnaire_version_id
    marks = translation.joined(versions.marks_of(session, version_id) if version_id else {}, draft.translated)
    stand = {
        language: translation.sentences(draft.rows, language, translation.drift(draft.rows, language, marks))
        for language in translation.others(draft.rows)
    }
    return render_template(
        "staff/questionnaire_translations.html",
        campaign=campaign,
        draft=draft,
        stand=stand,
        most=_MOST_NOTES,
        fault=fault,
        may_change=may_change() and not campaign.closed_at,
    )
