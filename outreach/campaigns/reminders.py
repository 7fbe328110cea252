"""Reminders: when a step of the plan is due for a State, and to whom it goes. One reminder a step, for ever."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from outreach import clock, doorbell
from outreach.campaigns import letters, queries
from outreach.campaigns.deadlines import Deadline
from outreach.campaigns.models import Campaign, Invitation, ReminderStep
from outreach.campaigns.standing import Clockwork, Standing, StopReason, clockwork, standings, stop_reason
from outreach.correspondence.models import Letter, LetterKind, LetterState

TOO_LATE = timedelta(days=2)
"""A step that could not leave for so long (nothing ran) leaves no more: its words would be out of date."""

_LOCK = 7_203_118
"""The advisory lock that lets one tick at a time plan reminders; any number that nothing else in the database uses."""


@dataclass(frozen=True)
class Step:
    """One step of the plan: `days` from the deadline's date, negative before it. The number is only that of its row."""

    number: int
    days: int

    @property
    def occasion(self) -> str:
        """What the letter is about, in the unique key of letters: a step that is taken out and put back is the same one."""
        return f"step{self.days:+d}"


@dataclass(frozen=True)
class PlannedStep:
    """A step as the plan shows it: its instant for those without an extension of their own, and to how many institutions it has left.

    `would_reach` counts those whose own deadline lets it still come, and who would be reminded as things stand.
    """

    number: int
    days: int
    at: datetime
    passed: bool
    sent: int
    would_reach: int


def queue_due(session: Session) -> int:
    """Queue the reminders that are due now, in all open campaigns; how many letters. Safe to run twice, and at once."""
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    open_ones = session.scalars(
        select(Campaign)
        .where(Campaign.launched_at.is_not(None), Campaign.closed_at.is_(None))
        .where(select(ReminderStep.number).where(ReminderStep.campaign_id == Campaign.id).exists())
        .order_by(Campaign.code)
    ).all()
    queued = sum(_queue_for_campaign(session, campaign) for campaign in open_ones)
    if queued:
        doorbell.after_commit(session, doorbell.LETTERS)
    return queued


def due_step(
    steps: Iterable[Step], deadline: Deadline, since: datetime | None, moment: datetime
) -> tuple[Step, datetime] | None:
    """The step that is due at `moment`, and its instant: the latest that has come, unless it is too late or older than `since`.

    `since` is when the deadline was granted: steps that lay before it belong to the former plan.
    """
    come = [(deadline.day(step.days), step) for step in steps if deadline.day(step.days) <= moment]
    if not come:
        return None
    at, step = max(come, key=lambda pair: (pair[0], pair[1].number))
    if moment - at > TOO_LATE:
        return None
    if since is not None and at < since:
        return None
    return step, at


def stopped(session: Session, campaign_id: uuid.UUID) -> dict[uuid.UUID, StopReason]:
    """The invitations that are not reminded now, with the reason of each."""
    found = ((one.invitation_id, stop_reason(one)) for one in standings(session, campaign_id))
    return {invitation_id: reason for invitation_id, reason in found if reason is not None}


def plan(session: Session, campaign_id: uuid.UUID) -> list[PlannedStep]:
    """The steps in the order of their instants, each with how many institutions it would reach as things stand."""
    campaign = queries.campaign(session, campaign_id)
    deadlines = clockwork(session, campaign_id, campaign.deadline_at, campaign.deadline_zone)
    deadline, now = Deadline(deadlines.general[0], deadlines.zone), clock.now()
    going: list[Standing] = []
    if campaign.closed_at is None:
        going = [one for one in standings(session, campaign_id) if stop_reason(one) is None]
    sent = _sent(session, campaign_id)
    shown = [
        PlannedStep(
            number=step.number,
            days=step.days,
            at=deadline.day(step.days),
            passed=deadline.day(step.days) <= now,
            sent=sent.get(step.occasion, 0),
            would_reach=sum(
                step.occasion not in one.reminded and _day_for(one.state_code, step, deadlines) > now for one in going
            ),
        )
        for step in steps_of(session, campaign_id)
    ]
    return sorted(shown, key=lambda step: step.at)


def late_days(session: Session, campaign_id: uuid.UUID, days: Iterable[int]) -> list[int]:
    """Those of `days` that as new steps would come too late: passed for everybody, or so lately that they left to somebody at once."""
    campaign = queries.campaign(session, campaign_id)
    if campaign.launched_at is None:
        return []
    deadlines = clockwork(session, campaign_id, campaign.deadline_at, campaign.deadline_zone)
    states, now = [None, *deadlines.own], clock.now()
    here = {step.days for step in steps_of(session, campaign_id)}
    late = []
    for step in (Step(0, day) for day in sorted(set(days) - here)):
        behind = [now - _day_for(state, step, deadlines) for state in states]
        if min(behind) >= timedelta() or any(timedelta() <= passed <= TOO_LATE for passed in behind):
            late.append(step.days)
    return late


def steps_of(session: Session, campaign_id: uuid.UUID) -> list[Step]:
    """The plan's steps by number."""
    rows = session.scalars(
        select(ReminderStep).where(ReminderStep.campaign_id == campaign_id).order_by(ReminderStep.number)
    )
    return [Step(row.number, row.days) for row in rows]


def set_plan(session: Session, campaign_id: uuid.UUID, days: Iterable[int]) -> None:
    """Make these the steps, in days from the deadline's date. What has left stays sent: a day that is put back is the same step."""
    steps = session.scalars(select(ReminderStep).where(ReminderStep.campaign_id == campaign_id)).all()
    wanted, last = set(days), max((step.number for step in steps), default=0)
    for step in steps:
        if step.days not in wanted:
            session.delete(step)
    for number, day in enumerate(sorted(wanted - {step.days for step in steps}), last + 1):
        session.add(ReminderStep(campaign_id=campaign_id, number=number, days=day))
    session.flush()


def _sent(session: Session, campaign_id: uuid.UUID) -> dict[str, int]:
    """To how many institutions a reminder has left, by occasion."""
    rows = session.execute(
        select(Letter.occasion, func.count(Letter.invitation_id.distinct()))
        .where(Letter.campaign_id == campaign_id, Letter.kind == LetterKind.REMINDER, Letter.state == LetterState.SENT)
        .group_by(Letter.occasion)
    )
    return {row[0]: row[1] for row in rows}


def _day_for(state_code: str | None, step: Step, deadlines: Clockwork) -> datetime:
    return Deadline(deadlines.for_state(state_code)[0], deadlines.zone).day(step.days)


def _queue_for_campaign(session: Session, campaign: Campaign) -> int:
    steps = steps_of(session, campaign.id)
    deadlines = clockwork(session, campaign.id, campaign.deadline_at, campaign.deadline_zone)
    if not _due_states(steps, deadlines) or not _hold(session, campaign):
        return 0
    steps = steps_of(session, campaign.id)
    deadlines = clockwork(session, campaign.id, campaign.deadline_at, campaign.deadline_zone)
    candidates = _due(standings(session, campaign.id), steps, deadlines)
    if not candidates:
        return 0
    # An answer may be on its way in at this very instant. Whoever records a fact holds the invitation's row, so a State with a row
    # that is held waits for the next tick; the others are held by us, and read again, until our letters can be seen and cancelled.
    states = _lock(session, campaign.id, {one.state_code for one, _step in candidates})
    queued = 0
    for one, step in _due(standings(session, campaign.id, states), steps, deadlines):
        invitation = session.get_one(Invitation, one.invitation_id)
        queued += len(letters.queue_for(session, invitation, LetterKind.REMINDER, step.occasion))
    return queued


def _hold(session: Session, campaign: Campaign) -> bool:
    """Hold the campaign; False where it is being launched, extended or closed at this instant, or is closed by now."""
    held = session.scalars(
        select(Campaign)
        .where(Campaign.id == campaign.id, Campaign.closed_at.is_(None))
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    return held is not None


def _due_states(steps: Sequence[Step], deadlines: Clockwork) -> bool:
    """Whether any deadline of the campaign has a due step: most ticks end here."""
    moment = clock.now()
    every = {deadlines.general, *deadlines.own.values()}
    return any(due_step(steps, Deadline(at, deadlines.zone), since, moment) for at, since in every)


def _due(found: Iterable[Standing], steps: Sequence[Step], deadlines: Clockwork) -> list[tuple[Standing, Step]]:
    moment = clock.now()
    known: dict[str | None, tuple[Step, datetime] | None] = {}
    due: list[tuple[Standing, Step]] = []
    for one in found:
        if one.state_code not in known:
            at, since = deadlines.for_state(one.state_code)
            known[one.state_code] = due_step(steps, Deadline(at, deadlines.zone), since, moment)
        here = known[one.state_code]
        if here is None:
            continue
        step, instant = here
        if one.created_at > instant or step.occasion in one.reminded or stop_reason(one) is not None:
            continue
        due.append((one, step))
    return due


def _lock(session: Session, campaign_id: uuid.UUID, states: set[str | None]) -> set[str | None]:
    """Hold all invitations of these States; the States of which every row could be had."""
    named = [state for state in states if state is not None]
    of_states: ColumnElement[bool] = Invitation.state_code.in_(named)
    if None in states:
        of_states = of_states | Invitation.state_code.is_(None)
    chosen = select(Invitation.id, Invitation.state_code).where(Invitation.campaign_id == campaign_id, of_states)
    all_rows = session.execute(chosen).all()
    held = {row.id for row in session.execute(chosen.with_for_update(skip_locked=True))}
    return states - {row.state_code for row in all_rows if row.id not in held}
