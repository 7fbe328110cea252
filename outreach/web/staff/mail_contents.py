"""What a mail holds, apart from its page: its files and the whole of it as downloads, and its HTML for a frame in which nothing runs."""

import uuid

from flask import Response
from markupsafe import escape

from outreach.i18n import _
from outreach.identity.words import StaffRole
from outreach.inbox import looking
from outreach.inbox.html_view import POLICY
from outreach.web import unit
from outreach.web.access import staff
from outreach.web.downloads import attachment
from outreach.web.staff import blueprint
from outreach.web.staff.mail import readable
from outreach.web.staff.without_links import without_links


@blueprint.get("/mail/<uuid:mail_id>/attachments/<int:index>")
@staff(StaffRole.READER)
def mail_attachment(mail_id: uuid.UUID, index: int) -> Response:
    """A file of a mail, as a download."""
    readable(mail_id)
    file = looking.file(unit.session(), unit.storage(), mail_id, index)
    return attachment(file.content, file.filename, file.media_type)


@blueprint.get("/mail/<uuid:mail_id>/mail.eml")
@staff(StaffRole.MANAGER)
def mail_raw(mail_id: uuid.UUID) -> Response:
    """The mail as it came, with the links that it quotes, as a download."""
    readable(mail_id)
    return attachment(looking.raw(unit.session(), unit.storage(), mail_id), f"{mail_id}.eml", "message/rfc822")


@blueprint.get("/mail/<uuid:mail_id>/look")
@staff(StaffRole.READER)
def mail_look(mail_id: uuid.UUID) -> Response:
    """The mail's HTML alone, cleaned, for a frame in which nothing runs and nothing is loaded."""
    readable(mail_id)
    found = looking.html(unit.session(), unit.storage(), mail_id)
    sorry = escape(_("This mail can’t be shown like this."))
    answer = Response(without_links(found.document) if found else f"<!doctype html><p>{sorry}", mimetype="text/html")
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
