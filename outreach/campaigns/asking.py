"""What staff do where a letter did not leave or arrive: send it again, correct the address, ask the mission at the other post."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from outreach import clock, doorbell
from outreach.campaigns import invitations, letters, links, queries
from outreach.campaigns.deadlines import deadline_for
from outreach.campaigns.invitations import NewFact
from outreach.campaigns.links import LinkKind
from outreach.campaigns.models import Invitation, Origin
from outreach.campaigns.stages import FactKind, Stage
from outreach.campaigns.standing import clockwork
from outreach.correspondence import outbox
from outreach.correspondence import queries as correspondence
from outreach.correspondence.editions import parts_of
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.correspondence.progress import take_off
from outreach.dates import un_instant
from outreach.directory import queries as directory
from outreach.directory import service as register
from outreach.directory.addresses import checked_address
from outreach.directory.models import MISSION_KINDS, Contact
from outreach.directory.queries import InstitutionLine
from outreach.directory.service import ContactDetails
from outreach.errors import Invalid, Missing, Refused
from outreach.i18n import LANGUAGES, _, lazy
from outreach.identity import audit
from outreach.identity.audit import Actor

OCCASION = "asked-by-staff"
"""The occasion of letters that a person of the Secretariat has sent."""

_LOST = (LetterState.CANCELLED, LetterState.FAILED, LetterState.REFUSED, LetterState.RETURNED)
_AT_ONCE = 1_000
_LATELY = timedelta(days=1)
"""So long after it a refusal may be held to have been the relay's fault."""
_NOTHING_LEFT = lazy(
    "There is no letter to send again: it waits already, or its address was refused. Please correct the address."
)
_NONE_REFUSED = lazy("No letter was refused within the last day.")

Progress = Callable[[int, int], None]


def _untold(done: int, of: int) -> None:
    """Nobody looks."""


def ask_again(
    session: Session,
    campaign_id: uuid.UUID,
    actor: Actor,
    invitation_id: uuid.UUID | None = None,
    *,
    told: Progress = _untold,
) -> int:
    """Queue once more the letters that asked an institution and did not leave or arrive, to its addresses that work, with the deadline
    that holds by now; how many. Without an invitation: to all whose letters were cancelled, as `orders.ask_again` has it done.

    `told` learns how many letters are queued, and of how many. Raises Missing, Busy, Refused where the call is not open, Invalid
    where nothing can be sent again.
    """
    check_open(session, campaign_id)
    chosen = _cancelled(campaign_id)
    if invitation_id is not None:
        # A worker that is at all of them holds this one, too, for longer than a page waits.
        queries.at_rest(session, campaign_id)
        queries.invitation(session, invitation_id)
        chosen = [Invitation.campaign_id == campaign_id, Invitation.id == invitation_id]
    _hold(session, chosen)
    lost = _found(session, _not_arrived(chosen))
    if not lost:
        raise Invalid(str(_NOTHING_LEFT))
    return _sent_again(session, campaign_id, lost, actor, told, invitation_id)


def check_cancelled(session: Session, campaign_id: uuid.UUID) -> int:
    """How many letters `ask_again` would queue to all whose letters were cancelled. Raises Refused and Invalid as it does."""
    check_open(session, campaign_id)
    number = _number(session, _not_arrived(_cancelled(campaign_id)))
    if not number:
        raise Invalid(str(_NOTHING_LEFT))
    return number


def refused_lately(session: Session, campaign_id: uuid.UUID) -> int:
    """How many letters that asked an institution the relay refused within the last day; `ask_refused` sends them again."""
    return _number(session, _not_arrived(_unreached(campaign_id), refused=True))


def check_refused(session: Session, campaign_id: uuid.UUID) -> int:
    """How many letters `ask_refused` would queue. Raises Refused and Invalid as it does."""
    check_open(session, campaign_id)
    number = refused_lately(session, campaign_id)
    if not number:
        raise Invalid(str(_NONE_REFUSED))
    return number


def ask_refused(session: Session, campaign_id: uuid.UUID, actor: Actor, *, told: Progress = _untold) -> int:
    """The relay was at fault, not the addresses: send what it refused within the last day to the same addresses once more; how many.

    That they were refused is forgotten with that. Raises Missing, Refused where the call is not open, Invalid where there is none.
    """
    check_open(session, campaign_id)
    chosen = _unreached(campaign_id)
    _hold(session, chosen)
    lost = _found(session, _not_arrived(chosen, refused=True))
    if not lost:
        raise Invalid(str(_NONE_REFUSED))
    register.refusals_forgotten(session, {one.contact_id for one in lost})
    return _sent_again(session, campaign_id, lost, actor, told)


def _cancelled(campaign_id: uuid.UUID) -> list[ColumnElement[bool]]:
    return [Invitation.campaign_id == campaign_id, Invitation.stage == Stage.CANCELLED]


def _unreached(campaign_id: uuid.UUID) -> list[ColumnElement[bool]]:
    return [Invitation.campaign_id == campaign_id, Invitation.stage == Stage.UNDELIVERABLE]


def _hold(session: Session, chosen: Sequence[ColumnElement[bool]]) -> None:
    """Hold these invitations, so that of two who send a letter again one finds that it waits."""
    session.execute(select(Invitation.id).where(*chosen).order_by(Invitation.id).with_for_update()).all()


def _sent_again(
    session: Session,
    campaign_id: uuid.UUID,
    lost: Sequence["_Lost"],
    actor: Actor,
    told: Progress,
    invitation_id: uuid.UUID | None = None,
) -> int:
    campaign = queries.campaign(session, campaign_id)
    deadlines = clockwork(session, campaign_id, campaign.deadline_at, campaign.deadline_zone)
    by_deadline: dict[datetime, list[_Lost]] = {}
    for one in lost:
        by_deadline.setdefault(deadlines.for_state(one.state_code)[0], []).append(one)
    number = done = 0
    for at, some in sorted(by_deadline.items()):
        said = {language: un_instant(at, campaign.deadline_zone, language) for language in LANGUAGES}
        for chunk in _chunks(some):
            number += outbox.send_again(session, [one.letter_id for one in chunk], said)
            again = sorted({one.invitation_id for one in chunk})
            facts = [NewFact(key, FactKind.ASKED_AGAIN, actor.name, clock.now()) for key in again]
            invitations.record_many(session, facts)
            done += len(chunk)
            told(done, len(lost))
    subject, subject_id = ("invitation", invitation_id) if invitation_id else ("campaign", campaign_id)
    audit.record(session, actor, "invitation.asked_again", subject, subject_id, after={"letters": number})
    take_off(session, [(campaign_id, one.state, one.settled_at, 1) for one in lost])
    return number


def _chunks(lost: Sequence["_Lost"]) -> Iterator[Sequence["_Lost"]]:
    """About so many at once, all letters of an institution together: they get the same attempt."""
    start = 0
    while start < len(lost):
        end = start + _AT_ONCE
        while end < len(lost) and lost[end].invitation_id == lost[end - 1].invitation_id:
            end += 1
        yield lost[start:end]
        start = end


class _Lost(NamedTuple):
    letter_id: uuid.UUID
    contact_id: uuid.UUID
    invitation_id: uuid.UUID
    state_code: str | None
    state: LetterState
    settled_at: datetime


def _found(session: Session, conditions: Sequence[ColumnElement[bool]]) -> list[_Lost]:
    """The last letters that asked some institutions, in the order of their invitations."""
    rows = session.execute(
        select(Letter.id, Contact.id, Invitation.id, Invitation.state_code, Letter.state, Letter.settled_at)
        .join(Invitation, Invitation.id == Letter.invitation_id)
        .join(Contact, Contact.id == Letter.contact_id)
        .where(*conditions)
        .order_by(Invitation.id, Letter.id)
    )
    return [
        _Lost(letter_id, contact_id, invitation_id, state_code, state, at)
        for letter_id, contact_id, invitation_id, state_code, state, at in rows
        if at is not None
    ]


def _number(session: Session, conditions: Sequence[ColumnElement[bool]]) -> int:
    counted = (
        select(func.count())
        .select_from(Letter)
        .join(Invitation, Invitation.id == Letter.invitation_id)
        .join(Contact, Contact.id == Letter.contact_id)
        .where(*conditions)
    )
    return session.scalar(counted) or 0


def _not_arrived(chosen: Sequence[ColumnElement[bool]], *, refused: bool = False) -> Sequence[ColumnElement[bool]]:
    """That a letter is the last that asked one of the chosen institutions, did not arrive, and its address still works (or was
    `refused` lately)."""
    later = aliased(Letter)
    how = (
        [
            Letter.state == LetterState.REFUSED,
            Letter.settled_at >= clock.now() - _LATELY,
            Contact.refused_at.is_not(None),
        ]
        if refused
        else [Letter.state.in_(_LOST), Contact.refused_at.is_(None)]
    )
    return [
        *chosen,
        *how,
        Letter.kind.in_([LetterKind.INVITATION, LetterKind.FORWARDED]),
        Contact.retired_at.is_(None),
        Contact.no_letters_at.is_(None),
        ~exists().where(
            later.invitation_id == Letter.invitation_id,
            later.contact_id == Letter.contact_id,
            later.kind == Letter.kind,
            tuple_(later.queued_at, later.attempt) > tuple_(Letter.queued_at, Letter.attempt),
        ),
    ]


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
    fresh = outbox.resend(
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
    # Who corrects the same letter a second time finds its contact retired: it was taken off before.
    if former is not None and line.settled_at is not None:
        take_off(session, [(asked.campaign_id, line.state, line.settled_at, 1)])
    return fresh


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
