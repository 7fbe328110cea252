"""Mail is taken in, given to an invitation, looked at, recorded as a reply, called what it is. Nothing is dropped; the last act can be undone."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import invitations
from outreach.campaigns import queries as campaigns
from outreach.campaigns.models import Invitation
from outreach.directory import queries as directory
from outreach.errors import Missing, Refused, Stale
from outreach.i18n import _
from outreach.identity import audit
from outreach.identity.audit import SERVICE, Actor
from outreach.inbox import acknowledging, documents, holding, keeping, opening, returned, thinking
from outreach.inbox.keeping import Incoming
from outreach.inbox.models import MailOutcome, MatchedBy, ReceivedMail
from outreach.inbox.understanding import MailKind
from outreach.storage import Storage
from outreach.submissions import service as submissions
from outreach.submissions.models import Behalf, Channel, Submission, SubmissionVersion
from outreach.submissions.recording import RecordedReply

MARKS = (MailKind.REPLY, MailKind.AUTO_REPLY, MailKind.BOUNCE, MailKind.OTHER)
"""What staff can say that a mail is."""
_OUTCOMES = {MailKind.AUTO_REPLY: MailOutcome.AUTO_REPLY, MailKind.BOUNCE: MailOutcome.DELIVERY_REPORT}


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
    silent: bool = False,
    actor: Actor = SERVICE,
) -> TakenIn:
    """Keep a mail as it came, understand it and do what follows, in one transaction; see `keeping.keep` and `thinking.think`.

    What reads mailboxes does this in two, so that a mail that ends its process is kept all the same (`taking_in`).
    """
    (kept,) = keeping.keep(session, storage, [Incoming(raw, source, arrived_at)], silent=silent, actor=actor)
    if kept.new:
        thinking.think(session, storage, [kept.mail_id])
    return TakenIn(kept.mail_id, kept.new, session.get_one(ReceivedMail, kept.mail_id).invitation_id)


def mark_looked_at(session: Session, mail_id: uuid.UUID, actor: Actor) -> None:
    """Somebody has looked at the mail, and there is nothing to record. Done twice, or after it was recorded, it changes nothing."""
    mail = _held(session, mail_id)
    if mail.outcome is not None:
        return
    _remember(session, mail)
    _dealt_with(session, mail, MailOutcome.NO_ACTION, actor)
    audit.record(session, actor, "mail.looked_at", "received_mail", mail.id)


def attach_to(session: Session, mail_id: uuid.UUID, invitation_id: uuid.UUID, actor: Actor) -> None:
    """The mail belongs to this invitation, as staff say; it waits there to be dealt with. Raises Missing, Refused."""
    mail = _held(session, mail_id)
    invitation = campaigns.invitation(session, invitation_id)
    if mail.outcome is MailOutcome.RECORDED:
        raise Refused(_("This mail was recorded as a reply already, so it stays where it is."))
    if mail.invitation_id == invitation_id and mail.outcome not in _OUTCOMES.values():
        return
    _remember(session, mail)
    former, waited = mail.invitation_id, mail.outcome is None
    invitations.hold(session, {invitation_id, former or invitation_id})
    before = {} if former is None else _named(session, campaigns.invitation(session, former))
    mail.invitation_id, mail.matched_by = invitation_id, MatchedBy.STAFF
    mail.outcome, mail.looked_at_at, mail.looked_at_by = None, None, None
    session.flush()
    holding.came(session, mail, actor)
    if former not in (None, invitation_id) and waited:
        holding.release(session, former, actor)
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
    version = _recorded(session, storage, mail, mail.invitation_id, behalf, reason, actor, chosen)
    done = _number_of(session, version)
    mail.submission_id, mail.submission_version_id = version.submission_id, version.id
    mail.former = None
    _dealt_with(session, mail, MailOutcome.RECORDED, actor)
    acknowledging.recorded(session, storage, mail, done.number)
    return done


def record_another(
    session: Session,
    storage: Storage,
    mail_id: uuid.UUID,
    invitation_id: uuid.UUID,
    behalf: Behalf,
    reason: str,
    actor: Actor,
    *,
    chosen: Collection[str] | None = None,
) -> RecordedMail:
    """Record a further reply from a mail that was recorded: one that carries the replies of two institutions, or to two calls.

    The sender was told once; the institution gets its receipt. Raises what `record_as_reply` raises.
    """
    mail = _held(session, mail_id)
    if mail.outcome is not MailOutcome.RECORDED:
        raise Refused(_("Please record first the reply of the institution that this mail belongs to."))
    if mail.invitation_id == invitation_id:
        raise Stale(_("This mail was recorded as a reply already."))
    version = _recorded(session, storage, mail, invitation_id, behalf, reason, actor, chosen)
    return _number_of(session, version)


def _recorded(
    session: Session,
    storage: Storage,
    mail: ReceivedMail,
    invitation_id: uuid.UUID,
    behalf: Behalf,
    reason: str,
    actor: Actor,
    chosen: Collection[str] | None,
) -> SubmissionVersion:
    invitation = campaigns.invitation(session, invitation_id)
    campaign = campaigns.campaign(session, invitation.campaign_id)
    of_state = behalf is Behalf.STATE
    reply = RecordedReply(
        campaign_id=campaign.id,
        behalf=behalf,
        channel=Channel.MAIL,
        received_on=mail.received_at.astimezone(ZoneInfo(campaign.deadline_zone)).date(),
        documents=documents.contents(opening.opened(session, storage, mail.content).says, chosen),
        invitation_id=invitation.id,
        reason=reason if of_state else "",
        note="" if of_state else reason,
    )
    version = submissions.record_by_staff(session, storage, reply, actor)
    done = _number_of(session, version)
    told = {"number": done.number, "submission": str(done.submission_id), "version": version.number}
    audit.record(session, actor, "mail.recorded", "received_mail", mail.id, after=told)
    return version


def _number_of(session: Session, version: SubmissionVersion) -> RecordedMail:
    return RecordedMail(version.submission_id, session.get_one(Submission, version.submission_id).number or "")


def mark_as(session: Session, mail_id: uuid.UUID, kind: MailKind, actor: Actor) -> None:
    """Staff say what a mail is (one of MARKS). A reply or another waits for somebody then; what a bounce had changed is taken back.

    That it is a bounce only puts it with the delivery reports: what it says of an address is for staff to act on. Raises Missing, Refused.
    """
    mail = _held(session, mail_id)
    if mail.outcome is MailOutcome.RECORDED:
        raise Refused(_("This mail was recorded as a reply already, so it stays where it is."))
    if kind not in MARKS:
        raise Refused(_("Please choose what the mail is."))
    if mail.kind is kind and mail.outcome is _OUTCOMES.get(kind):
        return
    before = mail.kind.value if mail.kind else None
    _remember(session, mail)
    _become(session, mail, kind, _OUTCOMES.get(kind), actor)
    mail.kind_by = actor.name
    audit.record(
        session, actor, "mail.marked", "received_mail", mail.id, before={"kind": before}, after={"kind": kind.value}
    )


def undo(session: Session, mail_id: uuid.UUID, actor: Actor) -> None:
    """Take back the last act of staff on a mail; that it was recorded as a reply `undoing` takes back. Raises Missing, Refused."""
    mail = _held(session, mail_id)
    if mail.former is None or mail.outcome is MailOutcome.RECORDED:
        raise Refused(_("There is nothing to undo with this mail."))
    was = mail.former
    outcome = MailOutcome(was["outcome"]) if was["outcome"] else None
    invitation_id = uuid.UUID(was["invitation"]) if was["invitation"] else None
    invitations.hold(session, {one for one in (invitation_id, mail.invitation_id) if one is not None})
    if invitation_id != mail.invitation_id:
        left, mail.invitation_id, mail.matched_by = mail.invitation_id, invitation_id, MatchedBy(was["matched_by"])
        waited = mail.outcome is None
        mail.outcome = MailOutcome.NO_ACTION  # it waits nowhere while it moves
        if left is not None and waited:
            holding.release(session, left, actor)
    took_back = mail.letter_id is None
    _become(session, mail, MailKind(was["kind"]) if was["kind"] else MailKind.OTHER, outcome, actor)
    if took_back and was.get("returned"):
        returned.again(session, mail, was["returned"])
    mail.kind_by, mail.former = was["kind_by"], None
    mail.looked_at_at = datetime.fromisoformat(was["looked_at_at"]) if was["looked_at_at"] else None
    mail.looked_at_by = was["looked_at_by"]
    audit.record(session, actor, "mail.undone", "received_mail", mail.id)


def _held(session: Session, mail_id: uuid.UUID) -> ReceivedMail:
    mail = session.get(ReceivedMail, mail_id, populate_existing=True, with_for_update=True)
    if mail is None:
        raise Missing(_("There is no such mail."))
    return mail


def _remember(session: Session, mail: ReceivedMail) -> None:
    """How the mail stands, for `undo`."""
    mail.former = _standing(mail) | {"returned": returned.remembered(session, mail)}


def _standing(mail: ReceivedMail) -> dict[str, Any]:
    return {
        "kind": mail.kind.value if mail.kind else None,
        "kind_by": mail.kind_by,
        "outcome": mail.outcome.value if mail.outcome else None,
        "invitation": str(mail.invitation_id) if mail.invitation_id else None,
        "matched_by": mail.matched_by.value,
        "looked_at_at": mail.looked_at_at.isoformat() if mail.looked_at_at else None,
        "looked_at_by": mail.looked_at_by,
    }


def _become(session: Session, mail: ReceivedMail, kind: MailKind, outcome: MailOutcome | None, actor: Actor) -> None:
    """Let a mail be of a kind with an outcome, with all that follows for its letter and its institution's reminders."""
    waited = mail.outcome is None
    if mail.kind is MailKind.BOUNCE and kind is not MailKind.BOUNCE:
        returned.take_back(session, mail, actor.name)
    mail.kind, mail.outcome = kind, outcome
    mail.looked_at_at, mail.looked_at_by = (None, None) if outcome is None else (clock.now(), actor.name)
    session.flush()
    if mail.invitation_id is None:
        return
    if outcome is MailOutcome.AUTO_REPLY:
        invitations.record_many(session, [holding.absent(mail, actor)])
    if outcome is None:
        holding.came(session, mail, actor)
    elif waited:
        holding.release(session, mail.invitation_id, actor)


def _dealt_with(session: Session, mail: ReceivedMail, outcome: MailOutcome, actor: Actor) -> None:
    mail.outcome, mail.looked_at_at, mail.looked_at_by = outcome, clock.now(), actor.name
    session.flush()
    if mail.invitation_id is not None:
        holding.release(session, mail.invitation_id, actor)


def _named(session: Session, invitation: Invitation) -> dict[str, str | None]:
    """An invitation as the audit trail names it."""
    return {
        "name": directory.institution_name(session, invitation.institution_id, "en"),
        "state": invitation.state_code,
    }
