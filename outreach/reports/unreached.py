"""The institutions of a call that could not be reached, with or without a State, and what was said of their letters.

Whoever is being asked again is not among them: it is not known yet whether that letter arrives.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from outreach.campaigns.attention import not_reached
from outreach.campaigns.models import Invitation
from outreach.campaigns.reach import REACHING
from outreach.correspondence.models import Letter
from outreach.db import any_of
from outreach.directory import queries as directory


@dataclass(frozen=True)
class UnreachedLine:
    """An institution whose letter did not arrive. `letter_id` None: it was written to at no address of the directory."""

    invitation_id: uuid.UUID
    institution: str
    state_code: str | None
    since: datetime
    letter_id: uuid.UUID | None
    to_address: str
    words: str


def unreached_count(session: Session, campaign_id: uuid.UUID) -> int:
    """How many could not be reached."""
    return session.scalar(select(func.count()).select_from(Invitation).where(*_these(campaign_id))) or 0


def unreached(
    session: Session, campaign_id: uuid.UUID, language: str, limit: int, after: tuple[datetime, uuid.UUID] | None = None
) -> list[UnreachedLine]:
    """Those behind the place `after`, the last that were lost first."""
    wanted = select(Invitation).where(*_these(campaign_id))
    if after is not None:
        wanted = wanted.where(tuple_(Invitation.stage_at, Invitation.id) < after)
    found = session.scalars(wanted.order_by(Invitation.stage_at.desc(), Invitation.id.desc()).limit(limit)).all()
    named = directory.institutions(session, {one.institution_id for one in found}, language)
    lost = {
        letter.invitation_id: letter
        for letter in session.scalars(
            select(Letter)
            .where(
                Letter.invitation_id == any_of([one.id for one in found]),
                Letter.kind.in_(REACHING),
                Letter.contact_id.is_not(None),
            )
            .ext(distinct_on(Letter.invitation_id))
            .order_by(Letter.invitation_id, Letter.queued_at.desc(), Letter.attempt.desc(), Letter.id)
        )
    }
    return [_line(one, named[one.institution_id].name, lost.get(one.id)) for one in found]


def _these(campaign_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    return Invitation.campaign_id == campaign_id, not_reached()


def _line(one: Invitation, name: str, letter: Letter | None) -> UnreachedLine:
    return UnreachedLine(
        invitation_id=one.id,
        institution=name,
        state_code=one.state_code,
        since=one.stage_at,
        letter_id=letter.id if letter else None,
        to_address=letter.to_address if letter else "",
        words=(letter.reason or "") if letter else "",
    )
