"""A new call for input: by the form, from a folder packed as .zip, or from a note verbale that exists."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from outreach import clock, i18n
from outreach.campaigns import contents, note_files, packed_folder, service
from outreach.campaigns.contents import CampaignWords
from outreach.campaigns.draft import NoteDraft, read_note
from outreach.campaigns.folder import SAMPLE, read_folder
from outreach.errors import Invalid, OutreachError
from outreach.i18n import _
from outreach.identity.words import StaffRole
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.faults import blame
from outreach.web.staff import blueprint, note_read
from outreach.web.staff.settings_form import USUAL_ZONE, NewCallForm, proposed, read_from


@blueprint.get("/campaigns/new")
@staff(StaffRole.MANAGER)
def new_call() -> str:
    """Three ways to begin."""
    return _page(NewCallForm(data=proposed(clock.today(USUAL_ZONE), i18n.language())))


@blueprint.post("/campaigns/new")
@staff(StaffRole.MANAGER)
def new_call_made() -> Answer | tuple[str, int]:
    """Create the call for input that the form describes."""
    form, session = NewCallForm(zone_kept=None), unit.session()
    source = (form.source.data or "")[: note_files.LONGEST]
    draft = read_note(source) if source else None
    fault: str | None = None
    if form.validate():
        try:
            made = service.create(session, form.settings(), staff_actor())
        except Invalid as refused:
            fault = blame(form, refused)
        else:
            # The note's body is in the language of the note, which staff may have corrected in the form.
            words = CampaignWords(
                title=form.title.data or "",
                mandate=draft.mandate.words if draft and draft.mandate else "",
                note=draft.body if draft else "",
                letter="",
            )
            contents.set_text(session, made.id, made.original_language, words, staff_actor())
            flash(_("%(code)s is created. Below stands what is still missing.", code=made.code), "done")
            return redirect(url_for("staff.call", code=made.code))
    return _page(form, draft=draft, fault=fault), 422


@blueprint.post("/campaigns/new/from-note")
@staff(StaffRole.MANAGER)
def new_call_from_note() -> str | tuple[str, int]:
    """The form with what the text of a note says, and the words each value was read from. Nothing is kept yet."""
    try:
        source, uncertain = _note_given()
    except Invalid as fault:
        form = NewCallForm(formdata=None, data=proposed(clock.today(USUAL_ZONE), i18n.language()))
        return _page(form, note_fault=fault.message, note=request.form.get("note", "")), 422
    draft = read_note(source)
    values: dict[str, Any] = proposed(clock.today(USUAL_ZONE), i18n.language()) | read_from(draft)
    return _page(NewCallForm(formdata=None, data={**values, "source": source}), draft=draft, uncertain=uncertain)


@blueprint.post("/campaigns/new/from-folder")
@staff(StaffRole.MANAGER)
def new_call_from_folder() -> Answer | tuple[str, int]:
    """Take over a campaign's folder packed as .zip; until the launch also again, to bring the call to what the folder holds."""
    given = request.files.get("folder")
    content = given.read() if given else b""
    try:
        if not content:
            raise Invalid(_("Please choose a file."), field="folder")
        with TemporaryDirectory() as place:
            folder = read_folder(packed_folder.unpack(content, Path(place)))
            made = service.import_folder(unit.session(), unit.storage(), folder, staff_actor())
    except OutreachError as fault:
        faults = fault.faults if isinstance(fault, Invalid) else ()
        sentence = _("The folder was not taken over. Please mend the following in it:") if faults else fault.message
        form = NewCallForm(formdata=None, data=proposed(clock.today(USUAL_ZONE), i18n.language()))
        return _page(form, folder_fault=sentence, folder_faults=faults), 422
    flash(_("%(code)s was taken over from the folder.", code=made.code), "done")
    for sentence in folder.pictures.refused:
        flash(sentence, "amber")
    return redirect(url_for("staff.call", code=made.code))


@blueprint.get("/campaigns/new/sample.zip")
@staff(StaffRole.READER)
def sample_folder() -> Response:
    """The sample folder, to begin one's own from."""
    answer = Response(packed_folder.pack(SAMPLE), mimetype="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="sample.zip"'
    return answer


def _note_given() -> tuple[str, bool]:
    """The text of the note that was chosen as a file, else that which was put in; and whether it may be read wrongly. Raises Invalid."""
    chosen = request.files.get("file")
    content = chosen.read() if chosen else b""
    if not content:
        return note_files.cleaned(request.form.get("note", "")), False
    text = note_files.text_of(content)
    return text, note_files.is_uncertain(content, text)


def _page(
    form: NewCallForm,
    *,
    draft: NoteDraft | None = None,
    uncertain: bool = False,
    fault: str | None = None,
    note: str = "",
    note_fault: str | None = None,
    folder_fault: str | None = None,
    folder_faults: Sequence[str] = (),
) -> str:
    return render_template(
        "staff/new.html",
        form=form,
        draft=draft,
        read=note_read.lines(draft) if draft else [],
        pieces=note_read.pieces(draft) if draft else [],
        uncertain=uncertain,
        not_found=note_read.not_found(draft) if draft else [],
        fault=fault,
        note=note,
        note_fault=note_fault,
        folder_fault=folder_fault,
        folder_faults=folder_faults,
    )
