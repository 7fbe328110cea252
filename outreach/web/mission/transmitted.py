"""What was transmitted, read again: the holder's own answer, and what it transmitted for bodies, version by version, as it was sent."""

import uuid

from flask import Response as Download
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach.campaigns.links import LinkKind
from outreach.dates import un_instant
from outreach.directory import queries as directory
from outreach.i18n import language
from outreach.reports.words import BEHALVES, CHANNELS, PUBLICATIONS
from outreach.submissions import transmitted
from outreach.web import unit
from outreach.web.access import here, holder
from outreach.web.call import elsewhere
from outreach.web.downloads import attachment, copy_file
from outreach.web.mission import blueprint
from outreach.web.mission.overview import frame
from outreach.web.names import record_taken_back


@blueprint.get("/m/<token>/transmitted/<uuid:submission_id>")
@holder(LinkKind.MISSION)
def transmitted_answer(submission_id: uuid.UUID) -> str:
    """The last version that the holder may read, or a former one (?version=)."""
    session, framed = unit.session(), frame()
    read = transmitted.copy(session, here().invitation_id, submission_id, request.args.get("version", type=int))
    zone = framed["call"].zone
    named = [one for one in (read.institution_id, read.transmitted_by) if one is not None]
    back = read.line.taken_back_at
    return render_template(
        "mission/transmitted.html",
        read=read,
        named=directory.institutions(session, named, language()),
        at=lambda instant: un_instant(instant, zone),
        gone=record_taken_back(read.line.number, un_instant(back, zone), framed["call"].contact) if back else None,
        elsewhere=elsewhere(session, read.line.received_at, framed["institution"]),
        behalves=BEHALVES,
        channels=CHANNELS,
        publications=PUBLICATIONS,
        **framed,
    )


@blueprint.get("/m/<token>/transmitted/<uuid:submission_id>/<int:version>.pdf")
@holder(LinkKind.MISSION)
def transmitted_copy(submission_id: uuid.UUID, version: int) -> Download:
    """A version as a PDF to keep and to send on."""
    session = unit.session()
    return copy_file(session, transmitted.copy(session, here().invitation_id, submission_id, version))


@blueprint.get("/m/<token>/transmitted/<uuid:submission_id>/files/<uuid:file_id>")
@holder(LinkKind.MISSION)
def transmitted_file(submission_id: uuid.UUID, file_id: uuid.UUID) -> Download:
    """A file of a version that the holder may read, as a download."""
    line = transmitted.file(unit.session(), here().invitation_id, submission_id, file_id)
    return attachment(unit.storage().get(line.content), line.filename, line.media_type)


def lead_to_transmitted(submission_id: uuid.UUID) -> Response:
    """Go to what was transmitted."""
    return redirect(url_for("mission.transmitted_answer", token=here().token, submission_id=submission_id))
