"""What staff do where a letter did not arrive: correct the address and send it again, or ask the mission at the other post."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import doorbell
from outreach.campaigns import invitations, letters, queries
from outreach.campaigns.models import Invitation, Origin
from outreach.campaigns.stages import FactKind, Stage
from outreach.correspondence import outbox
from outreach.correspondence import queries as correspondence
from outreach.correspondence.models import LetterKind
from outreach.directory import queries as directory
from outreach.directory import service as register
from outreach.directory.addresses import checked_address
from outreach.directory.models import MISSION_KINDS
from outreach.directory.queries import InstitutionLine
from outreach.directory.service import ContactDetails
from outreach.errors import Invalid, Missing, Refused
from outreach.i18n import _
from outreach.identity import audit
from outreach.identity.audit import Actor

_OCCASION = "asked-by-staff"


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
    campaign = queries.campaign(session, campaign_id)
    if campaign.launched_at is None or campaign.closed_at is not None:
        raise Refused(_("This call for input is not open. Nobody can be asked now."))
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
    """Write to an institution at another address: the former contact retires, and the letter is queued again; its new id.

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
    contact_id = register.add_contact(session, asked.institution_id, details, actor)
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
    return outbox.resend(session, letter_id, contact_id=contact_id, to_address=address)
