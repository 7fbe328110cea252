"""Finding States on the board: by a name of theirs in any of six languages, or by a body or address that was asked there."""

import uuid

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from outreach.campaigns.models import Invitation
from outreach.directory.finding import fold
from outreach.directory.models import Contact, Institution, State, StateName


def states_matching(session: Session, campaign_id: uuid.UUID, text: str) -> set[str]:
    """The codes of the States that `text` (a part of a name or address, or a code) leads to in the campaign."""
    wanted = fold(text)
    found: set[str] = set()
    for code, iso2, m49, short, formal in session.execute(
        select(State.code, State.iso2, State.m49, StateName.short, StateName.formal).join(
            StateName, StateName.state_code == State.code
        )
    ):
        exact = text.strip().upper() in (code, iso2, m49)
        if exact or (wanted and (wanted in fold(short) or wanted in fold(formal))):
            found.add(code)
    pattern = f"%{_escaped(text.strip())}%"
    asked = (
        select(Invitation.state_code)
        .join(Institution, Institution.id == Invitation.institution_id)
        .outerjoin(Contact, Contact.institution_id == Institution.id)
        .where(
            Invitation.campaign_id == campaign_id,
            Invitation.state_code.is_not(None),
            or_(Institution.name.ilike(pattern, escape="\\"), Contact.email.ilike(pattern, escape="\\")),
        )
        .distinct()
    )
    return found | {code for code in session.scalars(asked) if code is not None}


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
