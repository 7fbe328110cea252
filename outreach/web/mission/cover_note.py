"""The mission's own cover note to its reply, drafted in its language: to copy, or to download as Word."""

from flask import Response, abort, render_template, request

from outreach.campaigns.links import LinkKind
from outreach.file_types import DOCX
from outreach.forwarding import queries
from outreach.i18n import LANGUAGES, language
from outreach.submissions.cover_note import cover_note
from outreach.web import unit
from outreach.web.access import here, holder
from outreach.web.downloads import attachment
from outreach.web.mission import blueprint
from outreach.web.mission.overview import frame


@blueprint.get("/m/<token>/cover-note")
@holder(LinkKind.MISSION)
def cover() -> str:
    """The note in the mission's language of correspondence, or in another one that is asked for."""
    own = here()
    asked = request.args.get("text", "")
    usual = queries.who(unit.session(), own.invitation_id, language()).language or language()
    drafted = cover_note(unit.session(), own.invitation_id, asked if asked in LANGUAGES else usual)
    return render_template("mission/cover_note.html", drafted=drafted, **frame())


@blueprint.get("/m/<token>/cover-note/<of>.docx")
@holder(LinkKind.MISSION)
def cover_file(of: str) -> Response:
    """The note as a Word file."""
    if of not in LANGUAGES:
        abort(404)
    drafted = cover_note(unit.session(), here().invitation_id, of)
    return attachment(drafted.docx(), f"cover-note.{of}.docx", DOCX)
