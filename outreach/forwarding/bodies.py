"""The bodies below a mission: which of them the directory knows already, who asked them, and how many there are."""

import uuid
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from outreach.campaigns import queries as campaigns
from outreach.campaigns.models import Invitation, Origin
from outreach.directory import queries as directory
from outreach.directory.models import MISSION_KINDS, Contact, Institution
from outreach.i18n import _, language

AT_ONCE = 20
"""Bodies that may be named in one form."""
PER_MISSION = 100
"""Bodies that may be forwarded to below one mission, on all levels."""


@dataclass(frozen=True)
class AskedBefore:
    """That an institution is asked already in this campaign: under which name, since when, by whom."""

    invitation_id: uuid.UUID
    name: str
    day: date
    by: str


def hold_line(session: Session, invitation: Invitation) -> None:
    """Wait until no other transaction adds bodies of the same State in the campaign: two at once could ask one body twice."""
    key = f"forwarding {invitation.campaign_id} {invitation.state_code}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def at_address(
    session: Session, campaign_id: uuid.UUID, state_code: str | None, email: str, name: str = ""
) -> Institution | None:
    """The institution of the State that has this address; of several the one asked already, then the one with the name."""
    return session.scalars(
        select(Institution)
        .join(Contact, Contact.institution_id == Institution.id)
        .outerjoin(Invitation, (Invitation.institution_id == Institution.id) & (Invitation.campaign_id == campaign_id))
        .where(
            func.lower(Contact.email) == email.lower(),
            Contact.retired_at.is_(None),
            Institution.retired_at.is_(None),
            Institution.state_code.is_not_distinct_from(state_code),
        )
        .order_by(
            case((Invitation.id.is_not(None), 0), else_=1),
            case((func.lower(Institution.name) == name.strip().lower(), 0), else_=1),
            Institution.created_at,
        )
        .limit(1)
    ).one_or_none()


def asked_before(session: Session, campaign_id: uuid.UUID, institution_id: uuid.UUID) -> AskedBefore | None:
    """How the institution came to be asked in the campaign, in the language spoken now; None where it was not."""
    found = session.scalars(
        select(Invitation).where(Invitation.campaign_id == campaign_id, Invitation.institution_id == institution_id)
    ).one_or_none()
    if found is None:
        return None
    spoken = language()
    return AskedBefore(
        invitation_id=found.id,
        name=directory.institution_name(session, institution_id, spoken),
        day=found.created_at.astimezone(ZoneInfo(campaigns.campaign(session, campaign_id).deadline_zone)).date(),
        by=asked_by(session, found, spoken),
    )


def asked_by(session: Session, invitation: Invitation, spoken: str) -> str:
    """Who asked: the institution that forwarded or passed on, else the Secretariat."""
    if invitation.parent_id is None or invitation.origin not in {Origin.FORWARDED, Origin.PASSED_ON}:
        return _("the Secretariat")
    parent = campaigns.invitation(session, invitation.parent_id)
    return directory.institution_name(session, parent.institution_id, spoken)


def chain(session: Session, invitation_id: uuid.UUID) -> list[Invitation]:
    """The invitation and those above it, up to the one that the Secretariat sent."""
    found = [campaigns.invitation(session, invitation_id)]
    while found[-1].parent_id is not None:
        found.append(campaigns.invitation(session, found[-1].parent_id))
    return found


def mission_above(session: Session, invitation_id: uuid.UUID) -> Invitation | None:
    """The nearest mission, the invitation itself included; None below an institution that is no mission."""
    for step in chain(session, invitation_id):
        institution = session.get(Institution, step.institution_id)
        if institution is not None and institution.kind in MISSION_KINDS:
            return step
    return None


def below(session: Session, invitation_id: uuid.UUID) -> list[Invitation]:
    """All invitations below one, on all levels, the oldest first."""
    walk = select(Invitation.id).where(Invitation.parent_id == invitation_id).cte("below", recursive=True)
    walk = walk.union(select(Invitation.id).join(walk, Invitation.parent_id == walk.c.id))
    return list(
        session.scalars(
            select(Invitation).join(walk, walk.c.id == Invitation.id).order_by(Invitation.created_at, Invitation.id)
        )
    )
