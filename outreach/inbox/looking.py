"""What of a stranger's mail may be looked at: its HTML, cleaned; its files, once the scanner let them pass."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import scanning
from outreach.errors import Refused
from outreach.i18n import _
from outreach.identity.models import AuditEntry
from outreach.inbox import html_view, queries
from outreach.inbox.html_view import HtmlView
from outreach.inbox.parts import MailFile
from outreach.inbox.service import RecordedMail
from outreach.scanning import Finding, Scan
from outreach.storage import Storage
from outreach.submissions.models import SubmissionVersion


def has_html(session: Session, storage: Storage, mail_id: uuid.UUID) -> bool:
    """Whether there is something to look at beside its words. Raises Missing."""
    return html_view.has_html(queries.opened(session, storage, mail_id).part)


def html(session: Session, storage: Storage, mail_id: uuid.UUID) -> HtmlView | None:
    """The HTML of a mail as it may be shown, None where it has none that can be. Raises Missing."""
    return html_view.html_view(queries.opened(session, storage, mail_id).part)


def scans(session: Session, storage: Storage, mail_id: uuid.UUID) -> Sequence[Scan]:
    """What the scanner says of each file of a mail, by its place in it; nothing where none is set. Raises Missing."""
    if not scanning.is_set():
        return []
    files = queries.opened(session, storage, mail_id).says.files
    return scanning.scan_all([file.content for file in files])


def file(session: Session, storage: Storage, mail_id: uuid.UUID, index: int) -> MailFile:
    """A file of a mail, to be given out. Raises Missing, and Refused where the scanner objects or could not look."""
    found = queries.attachment(session, storage, mail_id, index)
    _let_pass([scanning.scan(found.content)])
    return found


def raw(session: Session, storage: Storage, mail_id: uuid.UUID) -> bytes:
    """The mail as it came, to be given out with all its files. Raises Missing, Refused as above."""
    mail = queries.opened(session, storage, mail_id)
    if scanning.is_set():
        _let_pass(scanning.scan_all([mail.raw, *(one.content for one in mail.says.files)]))
    return mail.raw


def recorded(session: Session, mail_id: uuid.UUID) -> list[RecordedMail]:
    """The submissions that a mail was recorded as, in that order, but for those that were taken back."""
    told = session.execute(
        select(AuditEntry.at, AuditEntry.after).where(
            AuditEntry.act == "mail.recorded", AuditEntry.subject_id == mail_id
        )
    )
    made = [(row.at, row.after) for row in told if row.after and "submission" in row.after]
    # Of one instant, as the counter at the end of each number says.
    made.sort(key=lambda entry: (entry[0], entry[1]["number"].rpartition("-")[2]))
    recorded = [(uuid.UUID(one["submission"]), one) for _at, one in made]
    taken_back = {
        (row.submission_id, row.number)
        for row in session.execute(
            select(SubmissionVersion.submission_id, SubmissionVersion.number).where(
                SubmissionVersion.submission_id.in_({submission_id for submission_id, _one in recorded}),
                SubmissionVersion.taken_back_at.is_not(None),
            )
        )
    }
    return [
        RecordedMail(submission_id, one["number"])
        for submission_id, one in recorded
        if (submission_id, one.get("version")) not in taken_back
    ]


def _let_pass(found: Sequence[Scan]) -> None:
    for one in found:
        if one.finding is Finding.INFECTED:
            raise Refused(_("The virus scanner found %(found)s in this file. It is not given out.", found=one.words))
    if not all(one.passes for one in found):
        raise Refused(_("This file could not be checked for viruses just now. Please try again in a few minutes."))
