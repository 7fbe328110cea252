"""Reads of staff accounts and of the audit trail, as small frozen values."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from outreach.errors import Missing
from outreach.i18n import _
from outreach.identity.models import AuditEntry, Staff, StaffRole
from outreach.identity.service import role_of


@dataclass(frozen=True)
class StaffLine:
    """An account. `active`: its holder may sign in; `signed_in_at`: when they last did."""

    id: uuid.UUID
    name: str
    email: str
    role: StaffRole
    active: bool
    created_at: datetime
    signed_in_at: datetime | None


@dataclass(frozen=True)
class AuditLine:
    """One entry of the trail; `act` is domain.verb, `subject` the table of what changed."""

    id: uuid.UUID
    at: datetime
    actor: str
    act: str
    subject: str
    subject_id: uuid.UUID
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def accounts(session: Session) -> list[StaffLine]:
    """Everybody with an account: those who may sign in first, then by name."""
    found = session.scalars(select(Staff).order_by(Staff.active.desc(), Staff.name, Staff.email))
    return [_line(member) for member in found]


def account(session: Session, staff_id: uuid.UUID) -> StaffLine:
    """One account. Raises Missing."""
    member = session.get(Staff, staff_id)
    if member is None:
        raise Missing(_("There is no such account."))
    return _line(member)


def trail(
    session: Session,
    limit: int,
    *,
    actor: str = "",
    subject_id: uuid.UUID | None = None,
    after: tuple[datetime, uuid.UUID] | None = None,
) -> list[AuditLine]:
    """Entries of the audit trail, the newest first, from behind the place `after` on.

    `actor` is a part of the name of whoever acted; `subject_id` what was changed.
    """
    wanted = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit)
    if actor:
        wanted = wanted.where(AuditEntry.actor.icontains(actor, autoescape=True))
    if subject_id is not None:
        wanted = wanted.where(AuditEntry.subject_id == subject_id)
    if after is not None:
        wanted = wanted.where(tuple_(AuditEntry.at, AuditEntry.id) < after)
    return [
        AuditLine(e.id, e.at, e.actor, e.act, e.subject, e.subject_id, e.before or {}, e.after or {})
        for e in session.scalars(wanted)
    ]


def _line(member: Staff) -> StaffLine:
    return StaffLine(
        member.id,
        member.name,
        member.email,
        role_of(member),
        member.active,
        member.created_at,
        member.signed_in_at,
    )
