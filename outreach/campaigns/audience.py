"""Whom a campaign asks at its launch: the institutions of the directory that its audience names."""

import uuid
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.campaigns.models import Campaign, Invitation
from outreach.directory.models import MISSION_KINDS, Contact, Institution, InstitutionKind, Seat


@dataclass(frozen=True)
class Recipient:
    """An institution of the audience, and how many of its mailboxes can be written to.

    `reachable` is false where there is none, or where relays refused all of them for good. `invited` says that it was asked already.
    """

    institution_id: uuid.UUID
    kind: InstitutionKind
    state_code: str | None
    contacts: int
    reachable: bool
    invited: bool


def recipients(session: Session, campaign: Campaign) -> list[Recipient]:
    """The audience as the directory stands now: missions at the campaign's seats, institutions of its other kinds at any seat."""
    kinds = {InstitutionKind(kind) for kind in campaign.audience.get("kinds", ())}
    seats = {Seat(seat) for seat in campaign.audience.get("seats", ())}
    at_a_seat = Institution.kind.in_(kinds & MISSION_KINDS) & Institution.seat.in_(seats)
    institutions = session.scalars(
        select(Institution)
        .where(Institution.retired_at.is_(None), at_a_seat | Institution.kind.in_(kinds - MISSION_KINDS))
        .order_by(Institution.state_code, Institution.kind, Institution.seat, Institution.id)
    ).all()
    mailboxes: dict[uuid.UUID, list[bool]] = defaultdict(list)
    for institution_id, refused_at in session.execute(
        select(Contact.institution_id, Contact.refused_at)
        .join(Institution, Institution.id == Contact.institution_id)
        .where(Contact.retired_at.is_(None), Institution.kind.in_(kinds))
    ):
        mailboxes[institution_id].append(refused_at is None)
    invited = set(session.scalars(select(Invitation.institution_id).where(Invitation.campaign_id == campaign.id)))
    return [
        Recipient(one.id, one.kind, one.state_code, len(mailboxes[one.id]), any(mailboxes[one.id]), one.id in invited)
        for one in institutions
    ]
