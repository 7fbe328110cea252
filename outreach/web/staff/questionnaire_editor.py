"""The editor of a questionnaire: the list of its sections and questions, to order, add to, look at, and publish as a version."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from outreach import i18n
from outreach.campaigns import contents
from outreach.campaigns import queries as campaigns
from outreach.errors import Invalid, Refused, Stale
from outreach.i18n import LANGUAGES, _, lazy
from outreach.identity.words import StaffRole
from outreach.questionnaires import drafting, editing, reading_rows
from outreach.questionnaires import queries as questionnaires
from outreach.questionnaires.blocks import block, blocks
from outreach.questionnaires.columns import MEDIA, MEDIA_TEXT
from outreach.questionnaires.drafting import Draft
from outreach.questionnaires.editing import Spot
from outreach.questionnaires.form import Form, Picture
from outreach.questionnaires.rows import Cells, Rows
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.staff import blueprint
from outreach.web.staff.documents import questionnaire_page

TYPES = {
    "text": lazy("Text"),
    "integer": lazy("Whole number"),
    "decimal": lazy("A number"),
    "date": lazy("A date"),
    "time": lazy("A time of day"),
    "dateTime": lazy("A date and a time of day"),
    "select_one": lazy("One choice"),
    "select_multiple": lazy("Several choices"),
    "rank": lazy("Order of importance"),
    "range": lazy("Scale"),
    "file": lazy("File"),
    "image": lazy("Picture"),
    "note": lazy("Text to read"),
    "acknowledge": lazy("Confirmation"),
    "calculate": lazy("Worked out by a rule"),
    "hidden": lazy("Not shown"),
    "begin_group": lazy("Section"),
    "begin_repeat": lazy("Section to be repeated"),
    "group": lazy("Section within a section"),
}
"""What the editor calls the types, also those that it does not offer."""

WITHIN = "group"


def open_campaign(code: str) -> Any:
    """The campaign. Raises Refused where its questionnaire can't be changed any more."""
    campaign = campaigns.campaign_by_code(unit.session(), code)
    if campaign.closed_at is not None:
        raise Refused(_("This call for input is closed."))
    if campaign.launched_at is not None and campaign.questionnaire_version_id is None:
        raise Refused(_("The call for input was launched. Its texts and documents stay as they were sent."))
    return campaign


def draft_of(campaign: Any) -> Draft:
    """What stands in the editor."""
    session, storage, version_id = unit.session(), unit.storage(), campaign.questionnaire_version_id
    return drafting.draft(session, storage, campaign.code, version_id, campaign.original_language)


def write(campaign: Any, change: Callable[[Rows], Rows]) -> Draft:
    """Change what stands in the editor."""
    return drafting.write(
        unit.session(),
        unit.storage(),
        campaign.code,
        campaign.questionnaire_version_id,
        change,
        staff_actor().name,
        language=campaign.original_language,
    )


def pictures_of(campaign: Any, rows: Rows) -> dict[str, str]:
    """The pictures that the draft's labels can name: those of the version in force, and those that were given in the editor."""
    version_id = campaign.questionnaire_version_id
    published = questionnaires.form_of(unit.session(), version_id).pictures if version_id else {}
    return {**published, **rows.pictures}


def drawn(campaign: Any, rows: Rows) -> Callable[[Cells, str], Picture | None]:
    """What finds the picture that stands with a row's label in a language, with what is read aloud for it."""
    form = Form("", "", rows.default_language, rows.languages, (), pictures=pictures_of(campaign, rows))

    def found(row: Cells, spoken: str) -> Picture | None:
        picture = form.picture(_texts(row, MEDIA), spoken)
        text = form.say(_texts(row, MEDIA_TEXT), spoken)
        return replace(picture, text=text.text, language=text.language) if picture else None

    return found


def _texts(row: Cells, kind: str) -> dict[str, str]:
    return {code: row.get(f"{kind}::{code}", "") for code in LANGUAGES}


def said(rows: Rows, row: Cells, kind: str = "label") -> tuple[str, str]:
    """A text of a row in the language spoken, else in the questionnaire's own, else in any; and the language it is in."""
    for language in (i18n.language(), rows.default_language, *LANGUAGES):
        if row.get(f"{kind}::{language}"):
            return row[f"{kind}::{language}"], language
    return "", i18n.language()


def spot_words(rows: Rows, spot: Spot) -> str:
    """What a spot is called in a list to pick from, further in the deeper it is."""
    text, _language = said(rows, spot.row)
    code = spot.row.get("outreach::code", "")
    # Isolated: 3.a would turn around in Arabic.
    called = f"\u2068{code}\u2069 {text[:50]}" if code else text[:50] or spot.row.get("name", "")
    return "\u2003" * spot.depth + (_("after %(question)s", question=called) if spot.after else called)


@blueprint.get("/campaigns/<code>/questionnaire/edit")
@staff(StaffRole.MANAGER)
def questionnaire_editor(code: str) -> str:
    """All sections and questions."""
    return _page(code)


@blueprint.post("/campaigns/<code>/questionnaire/edit")
@staff(StaffRole.MANAGER)
def questionnaire_edited(code: str) -> Response | tuple[str, int]:
    """Do what the pressed button says: move, add, number anew, publish, or throw the draft away."""
    session, campaign, form = unit.session(), open_campaign(code), request.form
    if form.get("do") == "publish":
        return _published(code, campaign)
    if form.get("do") == "discard" and not form.get("sure"):
        return _page(code, asking=True), 200
    if form.get("do") == "discard":
        drafting.discard(session, campaign.code)
        flash(_("The draft was thrown away."), "done")
        return redirect(url_for("staff.questionnaire", code=campaign.code))
    made: list[str] = []

    def change(rows: Rows) -> Rows:
        rows, name = _changed(rows)
        made.append(name)
        return rows

    write(campaign, change)
    if form.get("do") == "add":
        return redirect(url_for("staff.question_edited", code=campaign.code, name=made[-1]))
    return redirect(url_for("staff.questionnaire_editor", code=campaign.code, _anchor=f"q-{made[-1]}"))


def _changed(rows: Rows) -> tuple[Rows, str]:
    """The rows after the act, and the question to look at."""
    form = request.form
    for way in ("up", "down"):
        if form.get(way):
            return editing.move(rows, form[way], up=way == "up"), form[way]
    below = form.get("below", "")
    if form.get("do") == "put-back":
        return editing.put_back(rows), ""
    if form.get("do") == "number":
        return editing.number_anew(rows), ""
    if form.get("do") == "block":
        return editing.insert(rows, below, block(form.get("block", "")).rows)
    kind = form.get("kind", "text")
    if kind == "begin_group":
        return editing.add_section(rows, below)
    if kind in ("begin_repeat", WITHIN):
        return editing.add_within(rows, below, repeat=kind == "begin_repeat")
    return editing.add(rows, below, kind if kind in (*editing.TYPES, "calculate") else "text")


def _published(code: str, campaign: Any) -> Response | tuple[str, int]:
    revision = request.form.get("revision", -1, type=int)
    rows = draft_of(campaign).rows
    try:
        contents.publish_draft(unit.session(), unit.storage(), campaign.id, revision, staff_actor())
    except Stale as stale:
        return _page(code, stale.message), 409
    except Invalid as fault:
        return _page(code, fault.message, reading_rows.placed(rows, fault.faults)), 422
    remarks = reading_rows.remarks(rows)
    if remarks:
        return questionnaire_page(code, remarks=remarks, heading=_("The questionnaire is published. Please note:")), 200
    flash(_("The questionnaire is published."), "done")
    return redirect(url_for("staff.questionnaire", code=campaign.code))


def _page(code: str, fault: str | None = None, faults: tuple[str, ...] = (), *, asking: bool = False) -> str:
    """The list; `asking` whether the draft is to be thrown away."""
    campaign = open_campaign(code)
    draft = draft_of(campaign)
    return render_template(
        "staff/questionnaire_edit.html",
        campaign=campaign,
        draft=draft,
        lines=editing.lines(draft.rows),
        spots=[(spot, spot_words(draft.rows, spot)) for spot in editing.spots(draft.rows)],
        said=said,
        types=TYPES,
        kinds=editing.TYPES,
        blocks=blocks(),
        below=request.args.get("below", ""),
        fault=fault,
        faults=faults,
        asking=asking,
    )


@blueprint.get("/campaigns/<code>/questionnaire/edit/preview")
@staff(StaffRole.MANAGER)
def questionnaire_preview(code: str) -> str:
    """The draft as its readers will see it, in any of six languages; where it can't be asked yet, what is to be mended."""
    campaign = open_campaign(code)
    rows = draft_of(campaign).rows
    of = request.args.get("in", i18n.language())
    if of not in LANGUAGES:
        of = i18n.language()
    questions = Markup()
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    try:
        remarks = reading_rows.remarks(rows)
        form = replace(reading_rows.form_of(rows), pictures=pictures_of(campaign, rows))
    except Invalid as fault:
        faults = reading_rows.placed(rows, fault.faults)
    else:
        with i18n.speaking(of):
            # Escaped by the template itself.
            questions = Markup(render_template("public/_questions.html", form=form))  # noqa: S704
    return render_template(
        "staff/questionnaire_preview.html",
        campaign=campaign,
        of=of,
        questions=questions,
        faults=faults,
        remarks=remarks,
    )
