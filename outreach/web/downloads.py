"""Files sent to a reader: always as a download, under a name and type that can't do harm."""

import re
import uuid
from io import BytesIO

from flask import Response, abort, send_file
from sqlalchemy.orm import Session

from outreach.campaigns import queries
from outreach.campaigns.deadline_calendar import deadline_calendar
from outreach.file_types import PDF
from outreach.i18n import language
from outreach.reports.copy_pdf import copy_pdf
from outreach.storage import Storage
from outreach.submissions.transmitted import Copy

_TYPES = {
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text/plain; charset=utf-8",
    "text/calendar; charset=utf-8",
}
_HARMFUL = re.compile(r"[\x00-\x1f\x7f/\\\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def attachment(content: bytes, filename: str, media_type: str) -> Response:
    """The content as a download; a type that is not on the list is sent as plain bytes."""
    sent = send_file(
        BytesIO(content),
        mimetype=media_type if media_type in _TYPES else "application/octet-stream",
        as_attachment=True,
        download_name=_HARMFUL.sub("_", filename)[:150] or "file",
    )
    sent.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return sent


def deadline_file(session: Session, campaign_id: uuid.UUID, state_code: str | None) -> Response:
    """The deadline that holds for a State (None: for everybody) as an entry for a calendar, in the language spoken now."""
    made = deadline_calendar(session, campaign_id, state_code)
    return attachment(made.content, f"deadline-{made.code}.ics", "text/calendar; charset=utf-8")


def copy_file(session: Session, read: Copy) -> Response:
    """A version that was sent, as a PDF in the language spoken now."""
    return attachment(copy_pdf(session, read), f"{read.line.number}.{read.line.version}.{language()}.pdf", PDF)


def campaign_file(session: Session, storage: Storage, campaign_id: uuid.UUID, of: str, kind: str) -> Response:
    """A note or annex of a campaign as a download; 404 where there is none."""
    for file in queries.files(session, campaign_id):
        if file.language == of and file.kind.value == kind:
            return attachment(storage.get(file.content), file.filename, file.media_type)
    return abort(404)
