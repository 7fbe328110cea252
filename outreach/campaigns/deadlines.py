"""Deadlines: the campaign's own, and the extensions of it for all States or one. "No later than" includes the instant."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from outreach.campaigns.models import Campaign, Extension


@dataclass(frozen=True)
class Deadline:
    """An instant, and the zone in which it is written."""

    at: datetime
    zone: str

    def passed(self, instant: datetime) -> bool:
        """Whether what comes at `instant` is late."""
        return instant > self.at

    def day(self, days: int = 0, hour: time = time(9, 0)) -> datetime:
        """The instant at `hour` on the deadline's calendar day moved by `days`, in the deadline's zone (steps of the plan)."""
        zone = ZoneInfo(self.zone)
        local = datetime.combine(self.at.astimezone(zone).date() + timedelta(days=days), hour, zone)
        return local.astimezone(UTC)


def instant_of(day: date, hour: time, zone: str) -> datetime:
    """The last UTC instant that a wall-clock time in a zone can mean: where clocks go back, an hour comes twice, in Cairo and Santiago
    the one before midnight; "no later than" then ends with the second. A time that clocks skip is read as if they had not jumped.
    """
    local = datetime.combine(day, hour, ZoneInfo(zone))
    return max(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def deadline_for(session: Session, campaign: Campaign, state_code: str | None) -> Deadline:
    """The deadline that holds for a State (None: for those without a State): the latest that was granted to it or to all."""
    whose: ColumnElement[bool] = Extension.state_code.is_(None)
    if state_code is not None:
        whose = or_(whose, Extension.state_code == state_code)
    granted = session.scalars(
        select(Extension.deadline_at)
        .where(Extension.campaign_id == campaign.id, whose)
        .order_by(Extension.deadline_at.desc())
    ).first()
    return Deadline(max(campaign.deadline_at, granted) if granted else campaign.deadline_at, campaign.deadline_zone)


def deadlines_by_state(session: Session, campaign_id: uuid.UUID) -> tuple[datetime | None, dict[str, datetime]]:
    """The latest extension for all (or None), and the latest of each State that was granted its own."""
    general: datetime | None = None
    own: dict[str, datetime] = {}
    for state_code, at in session.execute(
        select(Extension.state_code, Extension.deadline_at).where(Extension.campaign_id == campaign_id)
    ):
        if state_code is None:
            general = max(general, at) if general else at
        else:
            own[state_code] = max(own.get(state_code, at), at)
    return general, own
