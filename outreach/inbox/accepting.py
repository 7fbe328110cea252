"""What a mail proposes, and what follows when staff accept it. Nothing follows by itself.

Where a mail says nothing else and brings no file, whoever accepts what it says has dealt with it: each act here says whether that is so.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parseaddr

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import config
from outreach.campaigns import extensions, invitations
from outreach.campaigns import queries as campaigns
from outreach.campaigns.facts import STANDS
from outreach.campaigns.models import Campaign, Invitation, InvitationFact
from outreach.campaigns.stages import FactKind
from outreach.correspondence import addresses
from outreach.db import any_of
from outreach.errors import Missing, Refused
from outreach.forwarding import acts
from outreach.i18n import _
from outreach.identity import audit
from outreach.identity.audit import Actor
from outreach.inbox import diplomacy, service
from outreach.inbox.diplomacy import Proposal
from outreach.inbox.diplomacy_phrases import Saying
from outreach.inbox.models import MailOutcome, ReceivedMail
from outreach.inbox.understanding import MailKind

_BY_PEOPLE = frozenset({MailKind.REPLY, MailKind.FORWARDED, MailKind.OTHER})
_FACTS = {
    FactKind.ACKNOWLEDGED: Saying.FORWARDED,
    FactKind.MORE_TIME_ASKED: Saying.MORE_TIME,
    FactKind.ADDRESS_CHANGED: Saying.NEW_ADDRESS,
    FactKind.NO_SUBMISSION_EXPECTED: Saying.NOTHING,
}

_BEGINNING = 5_000
"""Characters of a mail in which a list looks for what it says."""

UNDONE = frozenset({Saying.FORWARDED, Saying.MORE_TIME, Saying.NOTHING})
"""What can be taken back once it was accepted; another address is corrected in the directory."""


@dataclass(frozen=True)
class Accepted:
    """Who accepted a proposal of a mail, and when."""

    by: str
    at: datetime


def proposals_of(session: Session, mail: ReceivedMail) -> tuple[Proposal, ...]:
    """What the words of a mail propose; nothing where a machine wrote it."""
    if mail.kind not in _BY_PEOPLE:
        return ()
    own = {parseaddr(config.settings().sender)[1]}
    if mail.invitation_id is not None:
        invitation = campaigns.invitation(session, mail.invitation_id)
        own.add(campaigns.campaign(session, invitation.campaign_id).contact)
    return _proposed(mail, own)


def sayings_of(session: Session, mails: Sequence[ReceivedMail]) -> dict[uuid.UUID, tuple[Saying, ...]]:
    """What each of these mails proposes, for a list: in one statement, and by the beginning of long ones."""
    calls = select(Invitation.id, Campaign.contact).join(Campaign, Campaign.id == Invitation.campaign_id)
    wanted = {one.invitation_id for one in mails if one.invitation_id is not None}
    contacts = dict(session.execute(calls.where(Invitation.id == any_of(wanted))).all()) if wanted else {}
    sender = parseaddr(config.settings().sender)[1]
    return {
        mail.id: tuple(one.saying for one in _proposed(mail, {sender, contacts[mail.invitation_id]}, most=_BEGINNING))
        for mail in mails
        if mail.kind in _BY_PEOPLE and mail.invitation_id is not None
    }


def _proposed(mail: ReceivedMail, own: set[str], *, most: int | None = None) -> tuple[Proposal, ...]:
    found = diplomacy.proposals(
        (mail.own_words or mail.text)[:most], written=mail.received_at.date(), has_files=bool(mail.attachments), own=own
    )
    return tuple(one for one in found if not (one.address and addresses.is_own(one.address)))


def accepted(session: Session, mail_id: uuid.UUID) -> dict[Saying, Accepted]:
    """The proposals of a mail that staff have accepted, and not taken back since."""
    return {saying: Accepted(fact.by, fact.at) for saying, fact in _accepted(session, mail_id).items()}


def _accepted(session: Session, mail_id: uuid.UUID) -> dict[Saying, InvitationFact]:
    facts = session.scalars(
        select(InvitationFact)
        .join(ReceivedMail, ReceivedMail.invitation_id == InvitationFact.invitation_id)
        .where(
            ReceivedMail.id == mail_id,
            InvitationFact.kind.in_(list(_FACTS)),
            InvitationFact.details["mail"].astext == str(mail_id),
            STANDS,
        )
        .order_by(InvitationFact.at, InvitationFact.id)
    )
    return {_FACTS[fact.kind]: fact for fact in facts}


def take_back(session: Session, mail_id: uuid.UUID, saying: Saying, actor: Actor) -> None:
    """What was accepted is not so after all (one of UNDONE): the fact stands in the history and counts no more, reminders are as before,
    a request for more time waits no longer, and a mail that was dealt with waits again. Raises Missing, Refused where nothing was accepted, Stale where the request was decided.
    """
    mail = _lock(session, mail_id)
    fact = _accepted(session, mail_id).get(saying)
    if fact is None or saying not in UNDONE:
        raise Refused(_("There is nothing to undo with this mail."))
    if saying is Saying.MORE_TIME:
        extensions.withdraw_request(session, fact.invitation_id, fact.at, actor)
    invitations.take_back(session, [fact], by=actor.name)
    audit.record(
        session, actor, "mail.acceptance_undone", "received_mail", mail_id,
        before={"proposal": saying.value, "words": fact.note},
    )  # fmt: skip
    if mail.outcome is MailOutcome.NO_ACTION and mail.former is not None:
        service.undo(session, mail_id, actor)


def forwarded(session: Session, mail_id: uuid.UUID, actor: Actor) -> bool:
    """The note reached the institution, which sent it on: receipt is acknowledged, with its words. Raises Missing, Refused."""
    mail, said = _held(session, mail_id, Saying.FORWARDED)
    acts.told_by_mail(session, _asked(mail), FactKind.ACKNOWLEDGED, said.sentence, mail_id, actor)
    return _written(session, mail, Saying.FORWARDED, said.sentence, actor)


def nothing(session: Session, mail_id: uuid.UUID, actor: Actor) -> bool:
    """No submission is expected, in the institution's words; it is reminded no more. Raises Missing, Refused."""
    mail, said = _held(session, mail_id, Saying.NOTHING)
    acts.told_by_mail(session, _asked(mail), FactKind.NO_SUBMISSION_EXPECTED, said.sentence, mail_id, actor)
    return _written(session, mail, Saying.NOTHING, said.sentence, actor)


def more_time(session: Session, mail_id: uuid.UUID, until: date, reason: str, actor: Actor) -> bool:
    """Lay the request for more time before those who decide on it. Raises Missing, Refused, Invalid (fields "until", "reason")."""
    mail, said = _held(session, mail_id, Saying.MORE_TIME)
    extensions.ask_for_time(session, _asked(mail), until, reason, actor, mail_id=mail_id)
    return _written(session, mail, Saying.MORE_TIME, said.sentence, actor)


def new_address(session: Session, mail_id: uuid.UUID, email: str, actor: Actor) -> bool:
    """Write to the institution at this address only. Raises Missing, Refused, Invalid (field "email")."""
    mail, said = _held(session, mail_id, Saying.NEW_ADDRESS)
    acts.address_told_by_mail(session, _asked(mail), email, mail_id, actor)
    return _written(session, mail, Saying.NEW_ADDRESS, said.sentence, actor)


def _held(session: Session, mail_id: uuid.UUID, saying: Saying) -> tuple[ReceivedMail, Proposal]:
    """The mail, locked, and what it says: two who accept at once accept once."""
    mail = _lock(session, mail_id)
    if mail.invitation_id is None:
        raise Refused(_("Please say first to whom this mail belongs."))
    said = next((one for one in proposals_of(session, mail) if one.saying is saying), None)
    if said is None or saying in accepted(session, mail_id):
        raise Refused(_("This was accepted already, or the mail does not say it any more."))
    return mail, said


def _lock(session: Session, mail_id: uuid.UUID) -> ReceivedMail:
    mail = session.get(ReceivedMail, mail_id, populate_existing=True, with_for_update=True)
    if mail is None:
        raise Missing(_("There is no such mail."))
    return mail


def _asked(mail: ReceivedMail) -> uuid.UUID:
    assert mail.invitation_id is not None
    return mail.invitation_id


def _written(session: Session, mail: ReceivedMail, saying: Saying, sentence: str, actor: Actor) -> bool:
    audit.record(
        session, actor, "mail.proposal_accepted", "received_mail", mail.id,
        after={"proposal": saying.value, "words": sentence},
    )  # fmt: skip
    if mail.attachments or {one.saying for one in proposals_of(session, mail)} - {*accepted(session, mail.id), saying}:
        return False
    service.mark_looked_at(session, mail.id, actor)
    return True
