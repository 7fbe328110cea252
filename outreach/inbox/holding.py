"""Mail of an institution that nobody has looked at holds its reminders: one fact when it comes, one when the last was dealt with."""

import uuid

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import invitations
from outreach.campaigns.invitations import NewFact
from outreach.campaigns.stages import FactKind
from outreach.identity.audit import Actor
from outreach.inbox.models import ReceivedMail
from outreach.inbox.visible import visible


def came(session: Session, mail: ReceivedMail, by: Actor) -> None:
    """Hold reminders."""
    invitations.record_many(session, [arrived(mail, by)])


def arrived(mail: ReceivedMail, by: Actor) -> NewFact:
    """The fact that holds reminders. Its instant is now, not the mail's arrival: it must lie behind the last look at an earlier one."""
    assert mail.invitation_id is not None
    note, details = visible(mail.subject) or None, {"mail": str(mail.id)}
    return NewFact(mail.invitation_id, FactKind.MAIL_RECEIVED, by.name, clock.now(), note, details)


def absent(mail: ReceivedMail, by: Actor) -> NewFact:
    """An automatic reply, a fact of its invitation that holds nothing."""
    assert mail.invitation_id is not None
    details = {
        "mail": str(mail.id),
        "until": mail.until.isoformat() if mail.until else None,
        "substitute": mail.substitute or None,
    }
    note = visible(mail.subject) or None
    return NewFact(mail.invitation_id, FactKind.AUTO_REPLY, by.name, clock.now(), note, details)


def release(session: Session, invitation_id: uuid.UUID, by: Actor) -> None:
    """Let an invitation's reminders go on, unless further mail of it waits."""
    session.flush()
    invitations.hold(session, [invitation_id])
    waits = exists().where(
        ReceivedMail.invitation_id == invitation_id,
        ReceivedMail.outcome.is_(None),
        ReceivedMail.understood_at.is_not(None),
    )
    if not session.scalar(select(waits)):
        invitations.record(session, invitation_id, FactKind.MAIL_LOOKED_AT, by=by.name)
