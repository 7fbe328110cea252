"""What the calendar brings next, over all calls for input."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import reminders
from outreach.campaigns.deadlines import Deadline
from outreach.campaigns.models import Campaign
from outreach.campaigns.standing import clockwork


@dataclass(frozen=True)
class ComingReminder:
    """A step of the plan of an open call that has not come yet."""

    code: str
    at: datetime


def next_reminder(session: Session) -> ComingReminder | None:
    """The first step to come, also for States with a deadline of their own; None where no open call has one."""
    now = clock.now()
    coming: list[ComingReminder] = []
    for campaign in open_campaigns(session):
        plan = clockwork(session, campaign.id, campaign.deadline_at, campaign.deadline_zone)
        deadlines = {at for at, _since in (plan.general, *plan.own.values())}
        instants = [
            Deadline(at, plan.zone).day(step.days)
            for at in deadlines
            for step in reminders.steps_of(session, campaign.id)
        ]
        coming.extend(ComingReminder(campaign.code, at) for at in instants if at > now)
    return min(coming, key=lambda one: (one.at, one.code), default=None)


def open_campaigns(session: Session) -> list[Campaign]:
    """The calls that were sent and are not closed, the newest first."""
    return list(
        session.scalars(
            select(Campaign)
            .where(Campaign.launched_at.is_not(None), Campaign.closed_at.is_(None))
            .order_by(Campaign.launched_at.desc(), Campaign.code)
        )
    )
