"""Finding States on the board: by a name of theirs in any of six languages, or by a body or address that was asked there."""

import uuid

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from outreach.campaigns.models import Invitation
from outreach.directory import finding
from outreach.directory.models import Contact, Institution


def states_matching(session: Session, campaign_id: uuid.UUID, text: str) -> set[str]:
    """The codes of the States that `text` (a part of a name or address, or a code) leads to in the campaign."""
    asked = (
        select(Invitation.state_code)
        .join(Institution, Institution.id == Invitation.institution_id)
        .outerjoin(Contact, Contact.institution_id == Institution.id)
        .where(
            Invitation.campaign_id == campaign_id,
            Invitation.state_code.is_not(None),
            or_(
                Institution.name.icontains(text.strip(), autoescape=True),
                Contact.email.icontains(text.strip(), autoescape=True),
            ),
        )
        .distinct()
    )
    return finding.states_matching(session, text) | {code for code in session.scalars(asked) if code is not None}
