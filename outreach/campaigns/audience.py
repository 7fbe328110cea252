"""Whom a campaign asks at its launch: the institutions of the directory that its audience names."""

import uuid
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.campaigns.letters import language_of
from outreach.campaigns.models import Campaign, Invitation
from outreach.directory.models import MISSION_KINDS, Contact, Institution, InstitutionKind, Seat, State


@dataclass(frozen=True)
class Recipient:
    """An institution of the audience. `languages` has the language of each mailbox that can be written to, `refused` counts those that
    a relay refused for good, `invited` says that it was asked already.
    """

    institution_id: uuid.UUID
    kind: InstitutionKind
    state_code: str | None
    languages: tuple[str, ...]
    refused: int
    invited: bool

    @property
    def contacts(self) -> int:
        """How many of its mailboxes can be written to."""
        return len(self.languages)


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
    languages: dict[uuid.UUID, list[str]] = defaultdict(list)
    refused: dict[uuid.UUID, int] = defaultdict(int)
    for institution_id, own, of_institution, refused_at in session.execute(
        select(
            Contact.institution_id,
            Contact.language,
            func.coalesce(Institution.language, State.language),
            Contact.refused_at,
        )
        .join(Institution, Institution.id == Contact.institution_id)
        .outerjoin(State, State.code == Institution.state_code)
        .where(Contact.retired_at.is_(None), Institution.kind.in_(kinds))
    ):
        if refused_at is None:
            languages[institution_id].append(language_of(own, of_institution))
        else:
            refused[institution_id] += 1
    invited = set(session.scalars(select(Invitation.institution_id).where(Invitation.campaign_id == campaign.id)))
    return [
        Recipient(
            one.id, one.kind, one.state_code, tuple(sorted(languages[one.id])), refused[one.id], one.id in invited
        )
        for one in institutions
    ]
