"""Mail is taken in, given to an invitation, looked at, recorded as a reply. Nothing is dropped, and nothing is answered."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import invitations
from outreach.campaigns import queries as campaigns
from outreach.campaigns.models import Invitation
from outreach.campaigns.stages import FactKind
from outreach.correspondence import outbox
from outreach.correspondence.models import Letter
from outreach.directory import queries as directory
from outreach.errors import Missing, Refused, Stale
from outreach.i18n import _
from outreach.identity import audit
from outreach.identity.audit import SERVICE, Actor
from outreach.inbox import documents, matching, parsing
from outreach.inbox.matching import Clues, Known
from outreach.inbox.models import MailOutcome, MatchedBy, ReceivedMail
from outreach.inbox.parsing import ParsedMail
from outreach.storage import Storage
from outreach.submissions import service as submissions
from outreach.submissions.models import Behalf, Channel, Submission
from outreach.submissions.recording import RecordedReply


@dataclass(frozen=True)
class TakenIn:
    """A mail that is kept. `new` False: the very same mail, byte by byte, was kept before, and nothing changed."""

    mail_id: uuid.UUID
    new: bool
    invitation_id: uuid.UUID | None


@dataclass(frozen=True)
class RecordedMail:
    """The submission that a mail was recorded as."""

    submission_id: uuid.UUID
    number: str


def take_in(
    session: Session,
    storage: Storage,
    raw: bytes,
    source: str,
    *,
    arrived_at: datetime | None = None,
    actor: Actor = SERVICE,
) -> TakenIn:
    """Keep a mail as it came, find its invitation, and hold that one's reminders until somebody has looked at it.

    `source` says where it was read, `arrived_at` when it reached the mailbox (default: what its last server wrote, else now).
    """
    content = storage.put(raw)
    mail = parsing.parse(raw)
    clues = matching.clues(mail)
    found = matching.match(clues, _known(session, clues))
    report = matching.is_delivery_report(mail)
    if found.invitation_id is not None:
        # Held before the row that refers to it is added, or two mails of one institution wait for each other.
        invitations.hold(session, [found.invitation_id])
    mail_id = session.execute(
        insert(ReceivedMail)
        .values(
            id=uuid.uuid4(),
            content=content,
            size=len(raw),
            received_at=min(arrived_at or mail.arrived_at or clock.now(), clock.now()),
            source=source,
            matched_by=found.by,
            invitation_id=found.invitation_id,
            outcome=MailOutcome.DELIVERY_REPORT if report else None,
            **_as_read(mail),
        )
        .on_conflict_do_nothing(index_elements=["content"])
        .returning(ReceivedMail.id)
    ).scalar_one_or_none()
    if mail_id is None:
        kept = session.scalars(select(ReceivedMail).where(ReceivedMail.content == content)).one()
        return TakenIn(kept.id, False, kept.invitation_id)
    if found.invitation_id is not None and not report:
        _came(session, found.invitation_id, mail_id, mail.subject, SERVICE)
    if actor != SERVICE:
        audit.record(session, actor, "mail.taken_in", "received_mail", mail_id, after={"source": source})
    return TakenIn(mail_id, True, found.invitation_id)


def mark_looked_at(session: Session, mail_id: uuid.UUID, actor: Actor) -> None:
    """Somebody has looked at the mail, and there is nothing to record. Done twice, or after it was recorded, it changes nothing."""
    mail = _held(session, mail_id)
    if mail.outcome is not None:
        return
    _dealt_with(session, mail, MailOutcome.NO_ACTION, actor)
    audit.record(session, actor, "mail.looked_at", "received_mail", mail.id)


def attach_to(session: Session, mail_id: uuid.UUID, invitation_id: uuid.UUID, actor: Actor) -> None:
    """The mail belongs to this invitation, as staff say; it waits there to be dealt with. Raises Missing, Refused."""
    mail = _held(session, mail_id)
    invitation = campaigns.invitation(session, invitation_id)
    if mail.outcome is MailOutcome.RECORDED:
        raise Refused(_("This mail was recorded as a reply already, so it stays where it is."))
    if mail.invitation_id == invitation_id and mail.outcome is not MailOutcome.DELIVERY_REPORT:
        return
    former, waited = mail.invitation_id, mail.outcome is None
    invitations.hold(session, {invitation_id, former or invitation_id})
    before = {} if former is None else _named(session, campaigns.invitation(session, former))
    mail.invitation_id, mail.matched_by = invitation_id, MatchedBy.STAFF
    mail.outcome, mail.looked_at_at, mail.looked_at_by = None, None, None
    session.flush()
    _came(session, invitation_id, mail.id, mail.subject, actor)
    if former not in (None, invitation_id) and waited:
        _release(session, former, actor)
    audit.record(
        session, actor, "mail.attached", "received_mail", mail.id, before=before, after=_named(session, invitation)
    )


def record_as_reply(
    session: Session,
    storage: Storage,
    mail_id: uuid.UUID,
    behalf: Behalf,
    reason: str,
    actor: Actor,
    *,
    chosen: Collection[str] | None = None,
) -> RecordedMail:
    """Record the mail as a reply of the institution it belongs to, received on the day it arrived.

    `chosen` are the keys of its documents (`documents.candidates`; default: the usual ones); `reason` says why it is the reply of the
    State, or is a note. Raises Invalid with its field, Missing, Refused, Stale where a colleague was quicker.
    """
    mail = _held(session, mail_id)
    if mail.outcome is MailOutcome.RECORDED:
        raise Stale(_("This mail was recorded as a reply already."))
    if mail.invitation_id is None:
        raise Refused(_("Please say first to whom this mail belongs."))
    invitation = campaigns.invitation(session, mail.invitation_id)
    campaign = campaigns.campaign(session, invitation.campaign_id)
    of_state = behalf is Behalf.STATE
    reply = RecordedReply(
        campaign_id=campaign.id,
        behalf=behalf,
        channel=Channel.MAIL,
        received_on=mail.received_at.astimezone(ZoneInfo(campaign.deadline_zone)).date(),
        documents=documents.contents(parsing.parse(storage.get(mail.content)), chosen),
        invitation_id=invitation.id,
        reason=reason if of_state else "",
        note="" if of_state else reason,
    )
    version = submissions.record_by_staff(session, storage, reply, actor)
    submission = session.get_one(Submission, version.submission_id)
    number = submission.number or ""
    mail.submission_id = submission.id
    _dealt_with(session, mail, MailOutcome.RECORDED, actor)
    audit.record(session, actor, "mail.recorded", "received_mail", mail.id, after={"number": number})
    return RecordedMail(submission.id, number)


def _known(session: Session, clues: Clues) -> Known:
    """What the clues of a mail lead to."""
    named = {found for name in (*clues.tokens, *clues.answers) if (found := outbox.letter_named(name)) is not None}
    of_letters = select(Letter.envelope_token, Letter.message_id, Letter.invitation_id).where(
        Letter.id.in_(named), Letter.invitation_id.is_not(None)
    )
    letters = session.execute(of_letters).all() if named else []
    of_codes = select(Invitation.code, Invitation.id).where(Invitation.code.in_(clues.codes))
    return Known(
        by_token={token: invitation_id for token, _id, invitation_id in letters if invitation_id is not None},
        by_message_id={id_: invitation_id for _token, id_, invitation_id in letters if invitation_id is not None},
        by_code=dict(session.execute(of_codes).all()) if clues.codes else {},
    )


def _as_read(mail: ParsedMail) -> dict[str, object]:
    return {
        "found_for": matching.found_for(mail),
        "from_name": mail.from_name,
        "from_address": mail.from_address,
        "subject": mail.subject,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "text": mail.text[: parsing.MOST_TEXT],
        "attachments": [
            {"filename": file.filename, "media_type": file.media_type, "size": len(file.content)} for file in mail.files
        ],
        "readable": mail.readable,
    }


def _held(session: Session, mail_id: uuid.UUID) -> ReceivedMail:
    mail = session.get(ReceivedMail, mail_id, populate_existing=True, with_for_update=True)
    if mail is None:
        raise Missing(_("There is no such mail."))
    return mail


def _came(session: Session, invitation_id: uuid.UUID, mail_id: uuid.UUID, subject: str, by: Actor) -> None:
    """The fact holds reminders. Its instant is now, not the mail's arrival: it must lie behind the last look at an earlier one."""
    invitations.record(
        session,
        invitation_id,
        FactKind.MAIL_RECEIVED,
        by=by.name,
        note=subject or None,
        details={"mail": str(mail_id)},
    )


def _dealt_with(session: Session, mail: ReceivedMail, outcome: MailOutcome, actor: Actor) -> None:
    mail.outcome, mail.looked_at_at, mail.looked_at_by = outcome, clock.now(), actor.name
    session.flush()
    if mail.invitation_id is not None:
        _release(session, mail.invitation_id, actor)


def _release(session: Session, invitation_id: uuid.UUID, actor: Actor) -> None:
    """Let an invitation's reminders go on, unless further mail of it waits."""
    invitations.hold(session, [invitation_id])
    waits = exists().where(ReceivedMail.invitation_id == invitation_id, ReceivedMail.outcome.is_(None))
    if not session.scalar(select(waits)):
        invitations.record(session, invitation_id, FactKind.MAIL_LOOKED_AT, by=actor.name)


def _named(session: Session, invitation: Invitation) -> dict[str, str | None]:
    """An invitation as the audit trail names it."""
    return {
        "name": directory.institution_name(session, invitation.institution_id, "en"),
        "state": invitation.state_code,
    }
