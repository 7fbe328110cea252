"""What staff decide where an institution says that the note or letter is not for it: write to whom it named, take its own new address,
or leave the addressee as it is.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from outreach import doorbell
from outreach.campaigns import invitations, letters, queries
from outreach.campaigns.asking import OCCASION, check_open, contact_at
from outreach.campaigns.models import Invitation, InvitationFact, Origin
from outreach.campaigns.stages import SETTLES_ADDRESSEE, FactKind
from outreach.correspondence.models import LetterKind
from outreach.directory import queries as directory
from outreach.directory import service as register
from outreach.directory.addresses import checked_address
from outreach.directory.models import MISSION_KINDS, Contact, Institution, InstitutionKind
from outreach.directory.service import ContactDetails, InstitutionDetails
from outreach.errors import Invalid, Stale
from outreach.i18n import _
from outreach.identity import audit
from outreach.identity.audit import Actor


@dataclass(frozen=True)
class Proposal:
    """What an institution said when it found that the note or letter is not for it, and nobody has decided on. `write_to` and `words`
    (who is competent) may be empty, not both. `known` is the institution that the directory has at that address.
    """

    invitation_id: uuid.UUID
    institution_id: uuid.UUID
    state_code: str | None
    at: datetime
    write_to: str
    words: str
    known: uuid.UUID | None


@dataclass(frozen=True)
class Addressee:
    """Another institution to write to. Its name and kind are needed where the directory does not have the address in that State."""

    email: str
    name: str = ""
    kind: InstitutionKind | None = None


@dataclass(frozen=True)
class Redirected:
    """Who is asked instead; `letters` is 0 where it had been asked before."""

    invitation_id: uuid.UUID
    name: str
    letters: int


def proposals(session: Session, campaign_id: uuid.UUID, state_code: str | None = None) -> list[Proposal]:
    """What waits for a decision in a campaign (or in one State of it): the latest word of each institution, the oldest first."""
    chosen = [Invitation.campaign_id == campaign_id]
    if state_code is not None:
        chosen.append(Invitation.state_code == state_code)
    return [_proposal(session, invitation, fact) for invitation, fact in _undecided(session, chosen)]


def write_instead(session: Session, invitation_id: uuid.UUID, addressee: Addressee, actor: Actor) -> Redirected:
    """Ask another institution instead of one that said that it is the wrong addressee: the one that the directory has at the address,
    else a new one. It takes the place of the other below the same mission, and replies by the same route. The other one is reminded
    no more.

    Raises Invalid with its field, Refused where the call is not open, Stale where nothing waits for a decision any more.
    """
    wrong = _to_decide(session, invitation_id)
    check_open(session, wrong.campaign_id)
    address = checked_address(addressee.email)
    institution_id = _known_at(session, wrong, address) or _added(session, wrong, address, addressee, actor)
    line = directory.institution(session, institution_id, "en")
    asked = session.scalars(
        select(Invitation).where(
            Invitation.campaign_id == wrong.campaign_id, Invitation.institution_id == institution_id
        )
    ).one_or_none()
    queued: Sequence[uuid.UUID] = ()
    if asked is None and not letters.contacts_of(session, institution_id):
        raise Invalid(_("A letter to this address was refused before. Please give another one."), field="email")
    if asked is None and letters.wants_none(session, institution_id):
        raise Invalid(_("No more letters are wanted at this address. Please give another one."), field="email")
    if asked is None:
        asked = invitations.invite(
            session,
            campaign_id=wrong.campaign_id,
            institution_id=institution_id,
            state_code=line.state_code,
            origin=Origin.STAFF,
            reply_route=wrong.reply_route,
            parent_id=wrong.parent_id,
            message=wrong.message,
        )
        kind = LetterKind.INVITATION if wrong.parent_id is None else LetterKind.FORWARDED
        queued = letters.queue_for(session, asked, kind, OCCASION)
    told = {"name": line.name, "email": address}
    invitations.record(
        session, wrong.id, FactKind.REDIRECTED, by=actor.name, note=f"{line.name} · {address}", details=told
    )
    audit.record(session, actor, "invitation.redirected", "invitation", wrong.id, after=told)
    doorbell.after_commit(session, doorbell.LETTERS)
    return Redirected(asked.id, line.name, len(queued))


def change_own_address(session: Session, invitation_id: uuid.UUID, email: str, actor: Actor) -> int:
    """Take what an institution proposed for its own new address: its former contacts retire, and the note or letter goes there; how many
    letters. Raises Invalid (field "email"), Refused where the call is not open, Stale where nothing waits for a decision any more.
    """
    asked = _to_decide(session, invitation_id)
    check_open(session, asked.campaign_id)
    address = checked_address(email)
    former = directory.contacts(session, asked.institution_id)
    details = ContactDetails(
        email=address, source=actor.name, language=next((one.language for one in former if one.language), None)
    )
    kept = contact_at(session, asked.institution_id, details, actor)
    for one in former:
        if one.id != kept:
            register.retire_contact(session, one.id, actor)
    invitations.record(
        session,
        asked.id,
        FactKind.ADDRESS_CHANGED,
        by=actor.name,
        note=address,
        details={"before": [one.email for one in former], "after": address},
    )
    kind = LetterKind.INVITATION if asked.parent_id is None else LetterKind.FORWARDED
    queued = letters.queue_for(session, asked, kind, OCCASION)
    doorbell.after_commit(session, doorbell.LETTERS)
    return len(queued)


def keep_addressee(session: Session, invitation_id: uuid.UUID, reason: str, actor: Actor) -> None:
    """Leave the addressee as it is: the proposal was looked at, and reminders go on. Raises Stale where nothing waits any more."""
    asked = _to_decide(session, invitation_id)
    invitations.record(session, asked.id, FactKind.ADDRESSEE_KEPT, by=actor.name, note=reason.strip() or None)
    audit.record(
        session, actor, "invitation.addressee_kept", "invitation", asked.id, after={"reason": reason.strip() or None}
    )


def _undecided(session: Session, chosen: Sequence[ColumnElement[bool]]) -> list[tuple[Invitation, InvitationFact]]:
    rows = session.execute(
        select(Invitation, InvitationFact)
        .join(InvitationFact, InvitationFact.invitation_id == Invitation.id)
        .where(InvitationFact.kind.in_([FactKind.WRONG_ADDRESSEE, *SETTLES_ADDRESSEE]), *chosen)
    )
    waiting: dict[uuid.UUID, tuple[Invitation, InvitationFact]] = {}
    for invitation, fact in sorted(rows, key=lambda row: (row[1].at, row[1].kind is not FactKind.WRONG_ADDRESSEE)):
        if fact.kind is FactKind.WRONG_ADDRESSEE:
            waiting[invitation.id] = (invitation, fact)
        else:
            waiting.pop(invitation.id, None)
    return sorted(waiting.values(), key=lambda pair: (pair[1].at, pair[0].id))


def _to_decide(session: Session, invitation_id: uuid.UUID) -> Invitation:
    """The invitation, locked: two who decide at once decide once."""
    found = queries.invitation(session, invitation_id)
    session.refresh(found, with_for_update=True)
    if not _undecided(session, [Invitation.id == invitation_id]):
        raise Stale(_("Somebody has decided on this meanwhile, or the institution took it back."))
    return found


def _proposal(session: Session, invitation: Invitation, fact: InvitationFact) -> Proposal:
    write_to = str(fact.details.get("write_to") or "")
    return Proposal(
        invitation_id=invitation.id,
        institution_id=invitation.institution_id,
        state_code=invitation.state_code,
        at=fact.at,
        write_to=write_to,
        words=str(fact.details.get("words") or ""),
        known=_known_at(session, invitation, write_to) if write_to else None,
    )


def _known_at(session: Session, wrong: Invitation, address: str) -> uuid.UUID | None:
    """Another institution of the same State (or of none, like this one) that the directory has at this address."""
    return session.scalars(
        select(Institution.id)
        .join(Contact, Contact.institution_id == Institution.id)
        .where(
            func.lower(Contact.email) == address.lower(),
            Contact.retired_at.is_(None),
            Institution.retired_at.is_(None),
            Institution.id != wrong.institution_id,
            Institution.state_code.is_not_distinct_from(wrong.state_code),
        )
        .order_by(Institution.created_at, Institution.id)
    ).first()


def _added(session: Session, wrong: Invitation, address: str, addressee: Addressee, actor: Actor) -> uuid.UUID:
    if not addressee.name.strip():
        raise Invalid(_("Please give the name of the institution."), field="name")
    if addressee.kind is None or addressee.kind in MISSION_KINDS:
        raise Invalid(
            _("Please choose what kind of institution it is. Missions are added in the directory."), field="kind"
        )
    details = InstitutionDetails(addressee.kind, addressee.name.strip(), state_code=wrong.state_code)
    added = register.add_institution(session, details, actor)
    register.add_contact(session, added, ContactDetails(email=address, source=actor.name), actor)
    return added
