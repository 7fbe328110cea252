"""The audit trail: who changed what, when, from what to what."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.identity.models import AuditEntry


@dataclass(frozen=True)
class Actor:
    """Who acts: a member of staff, an institution by its link, or the service itself."""

    name: str
    staff_id: uuid.UUID | None = None


SERVICE = Actor("the service")
"""What happens by itself: deliveries, reminders, the rehearsal's set-up."""


def record(
    session: Session,
    actor: Actor,
    act: str,
    subject: str,
    subject_id: uuid.UUID,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add an entry: `act` as domain.verb, `subject` the table, values as JSON takes them."""
    session.add(
        AuditEntry(
            at=clock.now(),
            actor=actor.name,
            staff_id=actor.staff_id,
            act=act,
            subject=subject,
            subject_id=subject_id,
            before=before,
            after=after,
        )
    )
