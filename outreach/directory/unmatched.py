"""Rows of imports that named no State: kept until staff decide what they mean."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.directory.models import UnmatchedRow


@dataclass(frozen=True)
class UnmatchedLine:
    """A row of an import that named no State of the 195."""

    id: uuid.UUID
    source: str
    line: int
    content: str
    reason: str
    imported_at: datetime


def unmatched_rows(session: Session) -> list[UnmatchedLine]:
    """The rows of imports that wait for a decision of staff, the oldest first."""
    found = session.scalars(
        select(UnmatchedRow).order_by(UnmatchedRow.imported_at, UnmatchedRow.source, UnmatchedRow.line)
    )
    return [UnmatchedLine(r.id, r.source, r.line, r.content, r.reason, r.imported_at) for r in found]


def unmatched_count(session: Session) -> int:
    """How many rows wait for a decision of staff."""
    return session.scalar(select(func.count()).select_from(UnmatchedRow)) or 0
