"""What staff do where a letter did not arrive, or arrived at the wrong institution: correct the address and send it again, ask the
mission at the other post, write to whom the institution named, or leave the addressee as it is.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from outreach import clock, doorbell
from outreach.campaigns import invitations, letters, links, queries
from outreach.campaigns.deadlines import deadline_for
from outreach.campaigns.invitations import NewFact
from outreach.campaigns.links import LinkKind
from outreach.campaigns.models import Invitation, InvitationFact, Origin
from outreach.campaigns.stages import SETTLES_ADDRESSEE, FactKind, Stage
from outreach.correspondence import outbox
from outreach.correspondence import queries as correspondence
from outreach.correspondence.editions import parts_of
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.dates import un_instant
from outreach.directory import queries as directory
from outreach.directory import service as register
from outreach.directory.addresses import checked_address
from outreach.directory.models import MISSION_KINDS, Contact, Institution, InstitutionKind
from outreach.directory.queries import InstitutionLine
from outreach.directory.service import ContactDetails, InstitutionDetails
from outreach.errors import Invalid, Missing, Refused, Stale
from outreach.i18n import LANGUAGES, _
from outreach.identity import audit
from outreach.identity.audit import Actor

_OCCASION = "asked-by-staff"
_AT_ONCE = 1_000


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


def ask_again(session: Session, campaign_id: uuid.UUID, actor: Actor, invitation_id: uuid.UUID | None = None) -> int:
    """Queue once more the letters that asked an institution and did not leave or arrive, to its addresses that work, with the deadline
    that holds by now; how many. Without an invitation: to all whose letters were cancelled.

    Raises Missing, Refused where the call is not open, Invalid where nothing can be sent again.
    """
    _open(session, campaign_id)
    chosen = [Invitation.campaign_id == campaign_id]
    if invitation_id is None:
        chosen.append(Invitation.stage == Stage.CANCELLED)
    else:
        queries.invitation(session, invitation_id)
        chosen.append(Invitation.id == invitation_id)
    lost = _not_arrived(session, chosen)
    if not lost:
        raise Invalid(
            _(
                "There is no letter to send again: it waits already, or its address was refused. Please correct the address."
            )
        )
    campaign = queries.campaign(session, campaign_id)
    number = 0
    for state_code in sorted({one.state_code for one in lost}, key=str):
        deadline = deadline_for(session, campaign, state_code)
        keys = [one.letter_id for one in lost if one.state_code == state_code]
        number += outbox.send_again(
            session, keys, {language: un_instant(deadline.at, deadline.zone, language) for language in LANGUAGES}
        )
    again = sorted({one.invitation_id for one in lost})
    for start in range(0, len(again), _AT_ONCE):
        facts = [NewFact(key, FactKind.ASKED_AGAIN, actor.name, clock.now()) for key in again[start : start + _AT_ONCE]]
        invitations.record_many(session, facts)
    subject, subject_id = ("invitation", invitation_id) if invitation_id else ("campaign", campaign_id)
    audit.record(session, actor, "invitation.asked_again", subject, subject_id, after={"letters": number})
    return number


@dataclass(frozen=True)
class _Lost:
    letter_id: uuid.UUID
    invitation_id: uuid.UUID
    state_code: str | None


def _not_arrived(session: Session, chosen: Sequence[ColumnElement[bool]]) -> list[_Lost]:
    """The last letters that asked some institutions, where they did not arrive and their addresses still work."""
    later = aliased(Letter)
    rows = session.execute(
        select(Letter.id, Invitation.id, Invitation.state_code)
        .join(Invitation, Invitation.id == Letter.invitation_id)
        .join(Contact, Contact.id == Letter.contact_id)
        .where(
            *chosen,
            Letter.kind.in_([LetterKind.INVITATION, LetterKind.FORWARDED]),
            Letter.state.in_([LetterState.CANCELLED, LetterState.FAILED, LetterState.REFUSED]),
            Contact.retired_at.is_(None),
            Contact.refused_at.is_(None),
            Contact.no_letters_at.is_(None),
            ~exists().where(
                later.invitation_id == Letter.invitation_id,
                later.contact_id == Letter.contact_id,
                later.kind == Letter.kind,
                tuple_(later.queued_at, later.attempt) > tuple_(Letter.queued_at, Letter.attempt),
            ),
        )
    )
    return [_Lost(letter_id, invitation_id, state_code) for letter_id, invitation_id, state_code in rows]


def cancelled(session: Session, campaign_id: uuid.UUID) -> int:
    """How many institutions were not asked because their letters were cancelled."""
    found = session.scalar(
        select(func.count())
        .select_from(Invitation)
        .where(Invitation.campaign_id == campaign_id, Invitation.stage == Stage.CANCELLED)
    )
    return found or 0


def missions_to_ask(session: Session, campaign_id: uuid.UUID, state_code: str, language: str) -> list[InstitutionLine]:
    """The missions of a State that were not asked and can be written to; none while any asked mission was reached."""
    asked = queries.missions_of_state(session, campaign_id, state_code)
    if not asked or any(one.stage is not Stage.UNDELIVERABLE for one in asked):
        return []
    before = {one.institution_id for one in asked}
    return [
        line
        for line in directory.institutions_of_state(session, state_code, language)
        if line.kind in MISSION_KINDS
        and line.id not in before
        and any(contact.refused_at is None for contact in directory.contacts(session, line.id))
    ]


def ask(session: Session, campaign_id: uuid.UUID, institution_id: uuid.UUID, actor: Actor) -> uuid.UUID:
    """Ask one more institution, and queue its note or letter; the invitation's id. Asked twice, it is the same one.

    Raises Missing, and Refused where the campaign was not launched or is closed.
    """
    _open(session, campaign_id)
    line = directory.institution(session, institution_id, "en")
    before = session.scalars(
        select(Invitation.id).where(Invitation.campaign_id == campaign_id, Invitation.institution_id == institution_id)
    ).one_or_none()
    if before is not None:
        return before
    made = invitations.invite(
        session,
        campaign_id=campaign_id,
        institution_id=institution_id,
        state_code=line.state_code,
        origin=Origin.STAFF,
    )
    letters.queue_for(session, made, LetterKind.INVITATION, _OCCASION)
    audit.record(session, actor, "invitation.asked", "invitation", made.id, after={"name": line.name})
    doorbell.after_commit(session, doorbell.LETTERS)
    return made.id


def correct_address(session: Session, letter_id: uuid.UUID, email: str, actor: Actor) -> uuid.UUID:
    """Write to an institution at another address: the former contact retires, and the letter is queued again, with the deadline that
    holds by now; its new id.

    Raises Missing, Invalid for an address that can't be taken or a letter that is still on its way.
    """
    line = correspondence.letter(session, letter_id)
    if line.invitation_id is None or line.contact_id is None:
        raise Missing(_("This letter was not sent to a contact of the directory."))
    asked = queries.invitation(session, line.invitation_id)
    address = checked_address(email)
    former = next((one for one in directory.contacts(session, asked.institution_id) if one.id == line.contact_id), None)
    if former is not None and former.email.lower() == address.lower():
        raise Invalid(_("This is the address that the letter was sent to. Please write another one."), field="email")
    details = ContactDetails(
        email=address,
        name=former.name if former else None,
        salutation=former.salutation if former else None,
        language=former.language if former else None,
        source=actor.name,
    )
    contact_id = _added_contact(session, asked.institution_id, details, actor)
    if former is not None:
        register.retire_contact(session, former.id, actor)
    invitations.record(
        session,
        asked.id,
        FactKind.ADDRESS_CHANGED,
        by=actor.name,
        note=address,
        details={"before": line.to_address, "after": address},
    )
    deadline = deadline_for(session, queries.campaign(session, asked.campaign_id), asked.state_code)
    return outbox.resend(
        session,
        letter_id,
        contact_id=contact_id,
        to_address=address,
        values={
            language: {
                "deadline": un_instant(deadline.at, deadline.zone, language),
                "linkstop": links.address(LinkKind.STOP, asked.id, language, contact_id=contact_id),
            }
            for language in parts_of(line.language)
        },
    )


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
    _open(session, wrong.campaign_id)
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
        queued = letters.queue_for(session, asked, kind, _OCCASION)
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
    _open(session, asked.campaign_id)
    address = checked_address(email)
    former = directory.contacts(session, asked.institution_id)
    details = ContactDetails(
        email=address, source=actor.name, language=next((one.language for one in former if one.language), None)
    )
    kept = _added_contact(session, asked.institution_id, details, actor)
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
    queued = letters.queue_for(session, asked, kind, _OCCASION)
    doorbell.after_commit(session, doorbell.LETTERS)
    return len(queued)


def keep_addressee(session: Session, invitation_id: uuid.UUID, reason: str, actor: Actor) -> None:
    """Leave the addressee as it is: the proposal was looked at, and reminders go on. Raises Stale where nothing waits any more."""
    asked = _to_decide(session, invitation_id)
    invitations.record(session, asked.id, FactKind.ADDRESSEE_KEPT, by=actor.name, note=reason.strip() or None)
    audit.record(
        session, actor, "invitation.addressee_kept", "invitation", asked.id, after={"reason": reason.strip() or None}
    )


def _open(session: Session, campaign_id: uuid.UUID) -> None:
    campaign = queries.campaign(session, campaign_id)
    if campaign.launched_at is None or campaign.closed_at is not None:
        raise Refused(_("This call for input is not open. Nobody can be asked now."))


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


def _added_contact(session: Session, institution_id: uuid.UUID, details: ContactDetails, actor: Actor) -> uuid.UUID:
    """The contact at this address, new or known. Raises Invalid where no more letters are wanted there."""
    contact_id = register.add_contact(session, institution_id, details, actor)
    if directory.contact(session, contact_id).no_letters_at is not None:
        raise Invalid(_("No more letters are wanted at this address. Please give another one."), field="email")
    return contact_id


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
        .order_by(Institution.created_at)
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
