"""Whom a campaign asks at its launch: the institutions of the directory that its audience names, counted and read by PostgreSQL."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from outreach.campaigns.models import Campaign, Invitation
from outreach.campaigns.wording import NOTE_KINDS
from outreach.correspondence.editions import BOTH
from outreach.directory import recipients
from outreach.directory.models import MISSION_KINDS, Contact, Institution, InstitutionKind, Seat, State

CHUNK = 1000
"""How many institutions are asked at once."""

_MISSION = Institution.kind.in_(MISSION_KINDS)


@dataclass(frozen=True)
class Headcount:
    """The audience as the directory stands now. What is `asked` was asked already; the others are asked by a launch, if they can be
    written to: at an address that no relay refused for good, and where letters are wanted.
    """

    missions: int
    """To be asked, as are the `others`, in so many `states`."""
    others: int
    states: int
    without_address: int
    """Neither asked nor to be asked: there is no address that works."""
    reachable: int
    """Of all, asked or not, those that can be written to."""
    missions_without_address: int
    """Of all missions those for which the directory has no address; those of `missions_refused` refused all that it has."""
    missions_refused: int

    @property
    def to_ask(self) -> int:
        """How many institutions a launch would ask."""
        return self.missions + self.others


def headcount(session: Session, campaign: Campaign) -> Headcount:
    """Count the audience."""
    boxes = (
        select(
            Contact.institution_id,
            func.count().filter(Contact.refused_at.is_(None), Contact.no_letters_at.is_(None)).label("working"),
            func.count(Contact.refused_at).label("refused"),
        )
        .where(Contact.retired_at.is_(None))
        .group_by(Contact.institution_id)
        .subquery()
    )
    works, refused = func.coalesce(boxes.c.working, 0) > 0, func.coalesce(boxes.c.refused, 0) > 0
    asked = Invitation.id.is_not(None)
    new = and_(~asked, works)
    row = session.execute(
        select(
            func.count().filter(new, _MISSION),
            func.count().filter(new, ~_MISSION),
            func.count(Institution.state_code.distinct()).filter(new),
            func.count().filter(~asked, ~works),
            func.count().filter(works),
            func.count().filter(_MISSION, ~works, ~refused),
            func.count().filter(_MISSION, ~works, refused),
        )
        .select_from(Institution)
        .outerjoin(boxes, boxes.c.institution_id == Institution.id)
        .outerjoin(Invitation, and_(Invitation.institution_id == Institution.id, Invitation.campaign_id == campaign.id))
        .where(_chosen(campaign))
    ).one()
    return Headcount(*row)


def languages(session: Session, campaign: Campaign) -> Mapping[str, int]:
    """How many letters a launch would write in each language of letters: one to each address of those who were not asked yet."""
    spoken = func.coalesce(Contact.language, Institution.language, State.language, literal(BOTH))
    rows = session.execute(
        select(spoken, func.count())
        .select_from(Contact)
        .join(Institution, Institution.id == Contact.institution_id)
        .outerjoin(State, State.code == Institution.state_code)
        .where(_chosen(campaign), _working(), ~_asked(campaign))
        .group_by(spoken)
    )
    return dict(rows.all())


def to_ask(campaign: Campaign) -> Select[Any]:
    """What finds the institutions that a launch would ask, for `recipients.named`."""
    # Looked up once: a plan that searches anew for each institution wades through the invitations that the launch is adding.
    asked = select(Invitation.institution_id).where(Invitation.campaign_id == campaign.id)
    return recipients.statement().where(
        _chosen(campaign),
        Institution.id.not_in(asked),
        select(Contact.id).where(Contact.institution_id == Institution.id, _working()).exists(),
    )


def first_state(session: Session, campaign: Campaign) -> str | None:
    """A State of which somebody is in the audience: the first by its code; None where there is none."""
    return session.scalar(select(func.min(Institution.state_code)).where(_chosen(campaign)))


def missions_and_ministries(session: Session, campaign: Campaign) -> list[uuid.UUID]:
    """The institutions of the audience that get notes verbales, with an address or without."""
    chosen = select(Institution.id).where(_chosen(campaign), Institution.kind.in_(NOTE_KINDS))
    return list(session.scalars(chosen.order_by(Institution.state_code, Institution.seat, Institution.id)))


def _chosen(campaign: Campaign) -> ColumnElement[bool]:
    """Missions at the campaign's seats, institutions of its other kinds at any seat."""
    kinds = {InstitutionKind(kind) for kind in campaign.audience.get("kinds", ())}
    seats = {Seat(seat) for seat in campaign.audience.get("seats", ())}
    at_a_seat = Institution.kind.in_(kinds & MISSION_KINDS) & Institution.seat.in_(seats)
    return and_(Institution.retired_at.is_(None), or_(at_a_seat, Institution.kind.in_(kinds - MISSION_KINDS)))


def _working() -> ColumnElement[bool]:
    return and_(Contact.retired_at.is_(None), Contact.refused_at.is_(None), Contact.no_letters_at.is_(None))


def _asked(campaign: Campaign) -> ColumnElement[bool]:
    return (
        select(Invitation.id)
        .where(Invitation.institution_id == Institution.id, Invitation.campaign_id == campaign.id)
        .exists()
    )
