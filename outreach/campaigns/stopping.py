"""A stakeholder wants no more letters at an address: what asks ends there, what answers somebody still goes out."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.campaigns import invitations, queries
from outreach.campaigns.models import Invitation, InvitationFact
from outreach.campaigns.stages import FactKind
from outreach.campaigns.wording import ENDING_KINDS, speaks_for_a_state
from outreach.correspondence import outbox
from outreach.directory import queries as directory
from outreach.directory import service as register
from outreach.errors import Missing, Refused
from outreach.i18n import _
from outreach.identity.audit import Actor

_REASON = "no more letters are wanted at this address"


def stop(session: Session, invitation_id: uuid.UUID, contact_id: uuid.UUID, actor: Actor) -> bool:
    """No more letters to this address, in any call for input; what waits to leave is cancelled. Whether that is new: said twice, it
    changes nothing.

    Raises Missing, and Refused for an institution that speaks for a State.
    """
    invitation = queries.invitation(session, invitation_id)
    contact = directory.contact(session, contact_id)
    if contact.institution_id != invitation.institution_id:
        raise Missing(_("There is no such contact in the directory."))
    if speaks_for_a_state(directory.institution(session, invitation.institution_id, "en").kind):
        raise Refused(
            _("Letters to missions and national authorities do not end here. Please write to the Secretariat.")
        )
    asked = session.scalars(select(Invitation.id).where(Invitation.institution_id == invitation.institution_id)).all()
    # The invitations first, as by everybody else, then the address.
    invitations.hold(session, asked)
    if not register.no_more_letters(session, contact_id, actor):
        return False
    outbox.cancel(session, asked, ENDING_KINDS, _REASON, contact_id=contact_id)
    invitations.record(session, invitation_id, FactKind.NO_MORE_LETTERS, by=actor.name, note=contact.email)
    return True


def resume(session: Session, contact_id: uuid.UUID, reason: str, actor: Actor) -> bool:
    """Staff let letters go to this address again, on that person's word (`reason`); whether that is new. What was cancelled stays so.

    Raises Missing, Invalid (field "reason").
    """
    contact = directory.contact(session, contact_id)
    asked = session.scalars(select(Invitation.id).where(Invitation.institution_id == contact.institution_id)).all()
    invitations.hold(session, asked)
    if not register.letters_again(session, contact_id, reason, actor):
        return False
    said = select(InvitationFact.invitation_id).where(
        InvitationFact.invitation_id.in_(asked), InvitationFact.kind == FactKind.NO_MORE_LETTERS
    )
    for invitation_id in session.scalars(said.distinct()).all():
        invitations.record(session, invitation_id, FactKind.LETTERS_AGAIN, by=actor.name, note=contact.email)
    return True
