"""The documents of a call for input in each language, and its questionnaire."""

import uuid
from collections.abc import Sequence

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from outreach import file_types
from outreach.campaigns import contents, notes
from outreach.campaigns import queries as campaigns
from outreach.campaigns.folder import SAMPLE
from outreach.campaigns.words import FileKind
from outreach.correspondence.words import Register
from outreach.errors import Invalid
from outreach.i18n import LANGUAGES, _, ngettext
from outreach.identity.words import StaffRole
from outreach.questionnaires import picture_files, pictures, versions
from outreach.questionnaires import queries as questionnaires
from outreach.questionnaires.picture_files import Given, LookedAt
from outreach.web import names, unit
from outreach.web.access import staff, staff_actor
from outreach.web.downloads import campaign_file
from outreach.web.staff import blueprint
from outreach.web.staff.state import may_change

_PLACES = [(language, kind) for language in LANGUAGES for kind in FileKind]


@blueprint.get("/campaigns/<code>/files")
@staff(StaffRole.MANAGER)
def documents(code: str) -> str:
    """The note and the annex in each language, to be given, replaced or taken out."""
    return _documents(code)


@blueprint.post("/campaigns/<code>/files")
@staff(StaffRole.MANAGER)
def documents_given(code: str) -> Answer | tuple[str, int]:
    """Keep the files that were chosen, take out the one whose button was pressed. Those without fault are kept in any case."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    faults: dict[tuple[str, FileKind], str] = {}
    kept = 0
    for language, kind in _PLACES:
        chosen = request.files.get(f"{kind.value}-{language}")
        content = chosen.read() if chosen else b""
        if chosen is None or not chosen.filename:
            continue
        media = file_types.media_type(content)
        taken = media in (file_types.PDF, file_types.DOCX)
        name = file_types.safe_name(chosen.filename, media) if media and taken else chosen.filename
        try:
            contents.set_file(session, unit.storage(), campaign.id, language, kind, name, content, staff_actor())
            kept += 1
        except Invalid as fault:
            faults[language, kind] = fault.message
    for language, kind in _PLACES:
        if request.form.get("remove") == f"{kind.value}-{language}":
            contents.remove_file(session, campaign.id, language, kind, staff_actor())
            flash(_("The document was taken out."), "done")
    if kept:
        flash(ngettext("%(num)s document is saved.", "%(num)s documents are saved.", kept), "done")
    if faults:
        # What was taken is kept: browsers forget chosen files, so a page that keeps none would lose them all.
        return _documents(code, faults), 200
    return redirect(url_for("staff.documents", code=campaign.code))


@blueprint.get("/campaigns/<code>/files/<of>/<kind>")
@staff(StaffRole.READER)
def document(code: str, of: str, kind: str) -> Response:
    """A note or an annex, as a download."""
    campaign = campaigns.campaign_by_code(unit.session(), code)
    return campaign_file(unit.session(), unit.storage(), campaign.id, of, kind)


@blueprint.get("/campaigns/<code>/questionnaire")
@staff(StaffRole.READER)
def questionnaire(code: str) -> str:
    """All questions, to read, and to be replaced: after the launch by a correction."""
    return questionnaire_page(code)


@blueprint.post("/campaigns/<code>/questionnaire")
@staff(StaffRole.MANAGER)
def questionnaire_given(code: str) -> Answer | tuple[str, int]:
    """Take the questionnaire from a workbook, or take it out."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    chosen = request.files.get("workbook")
    content = chosen.read() if chosen else b""
    looked = picture_files.looked_at(_pictures_given())
    if request.form.get("do") == "remove":
        contents.set_questionnaire(session, unit.storage(), campaign.id, None, staff_actor())
        flash(_("The questionnaire was taken out."), "done")
        return redirect(url_for("staff.questionnaire", code=campaign.code))
    if not content and not looked.kept:
        if looked.refused:
            return questionnaire_page(code, _("The pictures were not taken."), looked.refused), 422
        return questionnaire_page(code, _("Please choose a file.")), 422
    try:
        changed = _taken(campaign.id, content, looked)
    except Invalid as fault:
        return questionnaire_page(code, fault.message, (*fault.faults, *looked.refused)), 422
    form = questionnaires.form_of(session, campaign.questionnaire_version_id)
    remarks = [*looked.refused, *pictures.unneeded(form, looked.kept)]
    if changed and content and campaign.questionnaire_version_id:
        remarks += versions.remarks(session, unit.storage(), campaign.questionnaire_version_id)
    if remarks:
        heading = (
            _("The workbook was taken over. Please note:") if content else _("The pictures are saved. Please note:")
        )
        return questionnaire_page(code, remarks=remarks, heading=heading), 200
    flash(
        _("The questionnaire is saved.") if changed else _("This is the questionnaire that is there already."), "done"
    )
    return redirect(url_for("staff.questionnaire", code=campaign.code))


def _pictures_given() -> list[Given]:
    return [Given(one.filename, one.read()) for one in request.files.getlist("pictures") if one.filename]


def _taken(campaign_id: uuid.UUID, content: bytes, looked: LookedAt) -> bool:
    """Take the workbook with its pictures, or pictures alone; whether that made another version. Raises Invalid."""
    session, storage, actor = unit.session(), unit.storage(), staff_actor()
    if not content:
        return contents.set_pictures(session, storage, campaign_id, looked.kept, actor)
    return contents.set_questionnaire(session, storage, campaign_id, content, actor, pictures=looked.kept)


@blueprint.get("/campaigns/new/sample.xlsx")
@staff(StaffRole.READER)
def sample_workbook() -> Response:
    """The questionnaire of the sample, to begin one's own from."""
    answer = Response(
        (SAMPLE / "questionnaire.xlsx").read_bytes(),
        mimetype=file_types.XLSX,
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="questionnaire.xlsx"'
    return answer


def _documents(code: str, faults: dict[tuple[str, FileKind], str] | None = None) -> str:
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    printable = notes.offered(session, campaign)
    return render_template(
        "staff/documents.html",
        campaign=campaign,
        files={(file.language, file.kind): file for file in campaigns.files(session, campaign.id)},
        kinds=list(FileKind),
        file_names=names.files(),
        faults=faults or {},
        registers=list(Register),
        printable=printable,
        has_notes=any(Register.NOTE in registers for registers in printable.values()),
    )


def questionnaire_page(
    code: str,
    fault: str | None = None,
    faults: Sequence[str] = (),
    remarks: Sequence[str] = (),
    *,
    heading: str = "",
) -> str:
    """The page with all questions; `heading` stands above the remarks."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    version = campaign.questionnaire_version_id
    form = questionnaires.form_of(session, version) if version else None
    return render_template(
        "staff/questionnaire.html",
        campaign=campaign,
        form=form,
        names=form.picture_names() if form else (),
        missing=versions.missing_pictures(session, unit.storage(), version) if version else (),
        most=picture_files.MOST_BYTES // 1024**2,
        fault=fault,
        faults=faults,
        remarks=remarks,
        heading=heading,
        may_correct=may_change()
        and campaign.closed_at is None
        and (campaign.launched_at is None or campaign.questionnaire_version_id is not None),
    )
