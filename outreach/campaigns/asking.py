"""What staff do where a letter did not leave or arrive: send it again, correct the address, ask the mission at the other post."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from outreach import clock, doorbell
from outreach.campaigns import invitations, letters, links, queries
from outreach.campaigns.deadlines import deadline_for
from outreach.campaigns.invitations import NewFact
from outreach.campaigns.links import LinkKind
from outreach.campaigns.models import Invitation, Origin
from outreach.campaigns.stages import FactKind, Stage
from outreach.correspondence import outbox
from outreach.correspondence import queries as correspondence
from outreach.correspondence.editions import parts_of
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.dates import un_instant
from outreach.directory import queries as directory
from outreach.directory import service as register
from outreach.directory.addresses import checked_address
from outreach.directory.models import MISSION_KINDS, Contact
from outreach.directory.queries import InstitutionLine
from outreach.directory.service import ContactDetails
from outreach.errors import Invalid, Missing, Refused
from outreach.i18n import LANGUAGES, _
from outreach.identity import audit
from outreach.identity.audit import Actor

OCCASION = "asked-by-staff"
"""The occasion of letters that a person of the Secretariat has sent."""

_AT_ONCE = 1_000
_LATELY = timedelta(days=1)
"""So long after it a refusal may be held to have been the relay's fault."""


def ask_again(session: Session, campaign_id: uuid.UUID, actor: Actor, invitation_id: uuid.UUID | None = None) -> int:
    """Queue once more the letters that asked an institution and did not leave or arrive, to its addresses that work, with the deadline
    that holds by now; how many. Without an invitation: to all whose letters were cancelled.

    Raises Missing, Refused where the call is not open, Invalid where nothing can be sent again.
    """
    check_open(session, campaign_id)
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
    return _sent_again(session, campaign_id, lost, actor, invitation_id)


def refused_lately(session: Session, campaign_id: uuid.UUID) -> int:
    """How many letters that asked an institution the relay refused within the last day; `ask_refused` sends them again."""
    return len(_not_arrived(session, _refused_lately(campaign_id), refused=True))


def ask_refused(session: Session, campaign_id: uuid.UUID, actor: Actor) -> int:
    """The relay was at fault, not the addresses: send what it refused within the last day to the same addresses once more; how many.

    That they were refused is forgotten with that. Raises Missing, Refused where the call is not open, Invalid where there is none.
    """
    check_open(session, campaign_id)
    lost = _not_arrived(session, _refused_lately(campaign_id), refused=True)
    if not lost:
        raise Invalid(_("No letter was refused within the last day."))
    register.refusals_forgotten(session, {one.contact_id for one in lost})
    return _sent_again(session, campaign_id, lost, actor)


def _refused_lately(campaign_id: uuid.UUID) -> list[ColumnElement[bool]]:
    return [
        Invitation.campaign_id == campaign_id,
        Invitation.stage == Stage.UNDELIVERABLE,
        Letter.state == LetterState.REFUSED,
        Letter.settled_at >= clock.now() - _LATELY,
    ]


def _sent_again(
    session: Session,
    campaign_id: uuid.UUID,
    lost: Sequence["_Lost"],
    actor: Actor,
    invitation_id: uuid.UUID | None = None,
) -> int:
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
    contact_id: uuid.UUID
    invitation_id: uuid.UUID
    state_code: str | None


def _not_arrived(session: Session, chosen: Sequence[ColumnElement[bool]], *, refused: bool = False) -> list[_Lost]:
    """The last letters that asked some institutions, where they did not arrive and their addresses still work (or were `refused`)."""
    later = aliased(Letter)
    rows = session.execute(
        select(Letter.id, Contact.id, Invitation.id, Invitation.state_code)
        .join(Invitation, Invitation.id == Letter.invitation_id)
        .join(Contact, Contact.id == Letter.contact_id)
        .where(
            *chosen,
            Letter.kind.in_([LetterKind.INVITATION, LetterKind.FORWARDED]),
            Letter.state.in_([LetterState.CANCELLED, LetterState.FAILED, LetterState.REFUSED, LetterState.RETURNED]),
            Contact.retired_at.is_(None),
            Contact.refused_at.is_not(None) if refused else Contact.refused_at.is_(None),
            Contact.no_letters_at.is_(None),
            ~exists().where(
                later.invitation_id == Letter.invitation_id,
                later.contact_id == Letter.contact_id,
                later.kind == Letter.kind,
                tuple_(later.queued_at, later.attempt) > tuple_(Letter.queued_at, Letter.attempt),
            ),
        )
    )
    return [_Lost(*row) for row in rows]


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
    check_open(session, campaign_id)
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
    letters.queue_for(session, made, LetterKind.INVITATION, OCCASION)
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
    contact_id = contact_at(session, asked.institution_id, details, actor)
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


def check_open(session: Session, campaign_id: uuid.UUID) -> None:
    """Raises Refused where nobody can be asked: the call is not launched, or closed."""
    campaign = queries.campaign(session, campaign_id)
    if campaign.launched_at is None or campaign.closed_at is not None:
        raise Refused(_("This call for input is not open. Nobody can be asked now."))


def contact_at(session: Session, institution_id: uuid.UUID, details: ContactDetails, actor: Actor) -> uuid.UUID:
    """The contact at this address, new or known. Raises Invalid where no more letters are wanted there."""
    contact_id = register.add_contact(session, institution_id, details, actor)
    if directory.contact(session, contact_id).no_letters_at is not None:
        raise Invalid(_("No more letters are wanted at this address. Please give another one."), field="email")
    return contact_id
