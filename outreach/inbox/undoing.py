"""A recorded reply is taken back: what it was recorded as counts no more, and the mail waits in the tray again."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.errors import Missing, Refused
from outreach.i18n import _
from outreach.identity import audit
from outreach.identity.audit import Actor
from outreach.inbox import holding
from outreach.inbox.models import MailOutcome, ReceivedMail
from outreach.submissions import taking_back
from outreach.submissions.models import SubmissionVersion
from outreach.submissions.taking_back import TakenBack


def take_back(session: Session, submission_id: uuid.UUID, version: int, reason: str, actor: Actor) -> TakenBack:
    """Take back a version that staff recorded (`submissions.taking_back`), and lay the mail that it came in before staff again.

    What the sender and the institution were told stays told. Raises Invalid (field "reason"), Missing, Refused, Stale.
    """
    done = taking_back.take_back(session, submission_id, version, reason, actor)
    mail = session.scalars(
        select(ReceivedMail)
        .where(ReceivedMail.submission_version_id == done.version_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if mail is not None:
        mail.outcome, mail.submission_id, mail.submission_version_id = None, None, None
        mail.looked_at_at = mail.looked_at_by = mail.former = None
        session.flush()
        holding.came(session, mail, actor)
        audit.record(
            session, actor, "mail.record_taken_back", "received_mail", mail.id,
            before={"number": done.number}, after={"reason": reason.strip()},
        )  # fmt: skip
    return done


def take_back_mail(session: Session, mail_id: uuid.UUID, reason: str, actor: Actor) -> TakenBack:
    """Take back what a mail was recorded as. Raises what `take_back` raises."""
    mail = session.get(ReceivedMail, mail_id)
    if mail is None:
        raise Missing(_("There is no such mail."))
    if mail.outcome is not MailOutcome.RECORDED or mail.submission_version_id is None:
        raise Refused(_("There is nothing to undo with this mail."))
    version = session.get_one(SubmissionVersion, mail.submission_version_id)
    return take_back(session, version.submission_id, version.number, reason, actor)
