"""Importing the directory from a file: first what it would do, then the same file; and the rows that name no State."""

import re
import uuid

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach import i18n
from outreach.directory import import_words, importing, queries, service
from outreach.directory.importing import ImportReport
from outreach.directory.unmatched import unmatched_rows
from outreach.errors import Invalid, Missing
from outreach.i18n import _
from outreach.identity.words import StaffRole
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.staff import ZONE, blueprint
from outreach.web.staff.state import may_change

_LARGEST = 5 * 1024 * 1024
_SHOWN_AT_MOST = 200
_STRANGE = re.compile(r"[\x00-\x1f\x7f/\\\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@blueprint.get("/directory/import")
@staff(StaffRole.MANAGER)
def directory_import() -> str:
    """Choose a file."""
    return render_template("staff/directory_import.html")


@blueprint.post("/directory/import")
@staff(StaffRole.MANAGER)
def import_file() -> str | tuple[str, int]:
    """Say what the file would do; with do=apply, do it with the very content that was previewed."""
    applied = request.form.get("do") == "apply"
    try:
        if applied:
            # Kept by its hash at the preview: what is imported is what was looked at.
            key = request.form.get("content", "")
            content, source = _kept(key), _named(request.form.get("source", ""))
        else:
            content, source = _uploaded()
            key = unit.storage().put(content)
        report = _import(content, source, applied=applied)
    except Invalid as fault:
        return render_template("staff/directory_import.html", fault=fault.message), 422
    return render_template(
        "staff/directory_import_report.html",
        report=report,
        figures=import_words.figures(report),
        remarks=import_words.remarks(report),
        most=_SHOWN_AT_MOST,
        applied=applied,
        content=key,
    )


@blueprint.get("/directory/unmatched")
@staff(StaffRole.READER)
def unmatched() -> str:
    """The rows that name no State of the 195."""
    return _unmatched_page()


@blueprint.post("/directory/unmatched/<uuid:row_id>")
@staff(StaffRole.MANAGER)
def decide_unmatched(row_id: uuid.UUID) -> Response | tuple[str, int]:
    """Take the row in under the State that a person names, or leave it out with a reason."""
    session = unit.session()
    take = request.form.get("do") == "take"
    field = "state" if take else "reason"
    typed = request.form.get(field, "").strip()[:1000]
    try:
        if not typed:
            raise Invalid(_("Please fill in this field."))
        if take:
            code = queries.find_state(session, typed)
            if code is None:
                raise Invalid(_("“%(text)s” names no State of the 195.", text=typed[:100]))
            importing.take_unmatched(session, row_id, code, staff_actor())
            flash(
                _("The row was taken in under: %(state)s.", state=queries.state_name(session, code, i18n.language())),
                "done",
            )
        else:
            service.decide_unmatched(session, row_id, typed, staff_actor())
            flash(_("The row was left out. The reason stays in the audit trail."), "done")
    except Invalid as fault:
        session.rollback()
        return _unmatched_page(row_id, {field: typed}, {field: fault.message}), 422
    return redirect(url_for("staff.unmatched"))


def _uploaded() -> tuple[bytes, str]:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid(_("Please choose a file."))
    content = file.stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise Invalid(_("The file is larger than 5 MB. Please divide it."))
    return content, _named(file.filename)


def _kept(key: str) -> bytes:
    try:
        return unit.storage().get(key)
    except Missing:
        raise Invalid(_("Please choose the file once more.")) from None


def _named(written: str) -> str:
    return _STRANGE.sub("_", written)[-150:] or "import.csv"


def _import(content: bytes, source: str, *, applied: bool) -> ImportReport:
    session = unit.session()
    trial = session.begin_nested()
    report = importing.import_file(session, content, source, staff_actor())
    if applied:
        trial.commit()
    else:
        trial.rollback()
    return report


def _unmatched_page(
    row_id: uuid.UUID | None = None, typed: dict[str, str] | None = None, faults: dict[str, str] | None = None
) -> str:
    session = unit.session()
    rows = unmatched_rows(session)
    return render_template(
        "staff/unmatched.html",
        rows=rows[:_SHOWN_AT_MOST],
        total=len(rows),
        states=queries.states(session, i18n.language()),
        chosen=row_id,
        typed=typed or {},
        faults=faults or {},
        may_change=may_change(),
        zone=ZONE,
    )
