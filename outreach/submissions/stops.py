"""What a reply stops: reminders that wait in the outbox. Those that were not queued yet are held back by the facts."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.campaigns.models import Invitation
from outreach.directory.models import MISSION_KINDS, NATIONAL_AUTHORITY_KINDS, Institution


def stopped_by(session: Session, invitation: Invitation, *, reply_of_state: bool) -> list[uuid.UUID]:
    """The invitations that a reply stops the reminders of.

    A reply of the State: both missions and every national authority of the State in the campaign. Any other: its own only.
    """
    if not reply_of_state or invitation.state_code is None:
        return [invitation.id]
    found = session.scalars(
        select(Invitation.id)
        .join(Institution, Institution.id == Invitation.institution_id)
        .where(
            Invitation.campaign_id == invitation.campaign_id,
            Invitation.state_code == invitation.state_code,
            Institution.kind.in_(MISSION_KINDS | NATIONAL_AUTHORITY_KINDS),
        )
        .order_by(Invitation.id)
    )
    return list(dict.fromkeys([invitation.id, *found]))
