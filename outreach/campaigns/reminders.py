"""Reminders: when a step of the plan is due for a State, and to whom it goes. One reminder a step, for ever."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import letters, queries, walks
from outreach.campaigns.deadlines import Deadline
from outreach.campaigns.models import Campaign, Invitation, ReminderStep
from outreach.campaigns.standing import (
    CHUNK,
    Alike,
    Clockwork,
    Standing,
    StopReason,
    alike,
    clockwork,
    standings,
    stateless,
    states_of,
    stop_reason,
)
from outreach.campaigns.walks import Position
from outreach.campaigns.wording import Wording
from outreach.correspondence.editions import Rendering
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.db import any_of

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


@dataclass(frozen=True)
class Outlook:
    """The plan, how many institutions are not reminded now and why, and how many are `going` to be as long as nothing changes."""

    steps: list[PlannedStep]
    stopped: Counter[StopReason]
    going: int


@dataclass(frozen=True)
class _Due:
    """A step that is due in a State ("": to those without one), and the step's instant there."""

    state_code: str
    step: Step
    instant: datetime


@dataclass
class Tick:
    """One tick of the beat: what it leaves to the next one."""

    campaigns: set[uuid.UUID] = field(default_factory=set)
    """Being changed at this instant, or closed by now."""
    groups: set[tuple[uuid.UUID, str]] = field(default_factory=set)
    """States (of a campaign) of which a row is held."""
    wordings: dict[uuid.UUID, dict[Rendering, Wording]] = field(default_factory=dict)
    """What was rendered for each campaign: the texts of one that was launched stay as they are."""


def queue_due(session: Session) -> int:
    """Queue all reminders that are due now, in all open campaigns; how many letters. Safe to run twice, and at once."""
    tick, queued = Tick(), 0
    while (some := queue_some(session, tick)) is not None:
        queued += some
    return queued


def queue_some(session: Session, tick: Tick) -> int | None:
    """Queue the reminders that are due in a State or a few, or to a thousand institutions without one; how many letters. None: nothing
    is left.

    Each call may be a transaction of its own. What was looked at is written down, so a tick with nothing left looks at no invitation.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    # A State is a small part of a campaign: its rows are found by their keys, where PostgreSQL would rather read whole tables.
    session.execute(
        text("SELECT set_config('enable_seqscan', 'off', true), set_config('random_page_cost', '1.1', true)")
    )
    open_ones = session.scalars(
        select(Campaign)
        .where(Campaign.launched_at.is_not(None), Campaign.closed_at.is_(None))
        .where(select(ReminderStep.number).where(ReminderStep.campaign_id == Campaign.id).exists())
        .order_by(Campaign.code)
    ).all()
    for campaign in open_ones:
        if campaign.id in tick.campaigns or not _left(session, campaign, tick):
            continue
        if not _hold(session, campaign):
            tick.campaigns.add(campaign.id)
            continue
        left = _left(session, campaign, tick)
        if left and left[0].state_code:
            return _remind_states(session, campaign, left, tick)
        if left:
            return _remind_stateless(session, campaign, left[0], tick)
    return None


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
    return outlook(session, campaign_id).steps


def outlook(session: Session, campaign_id: uuid.UUID) -> Outlook:
    """The plan and who is left out of it."""
    everybody = [(some, stop_reason(some.standing)) for some in alike(session, campaign_id)]
    going = [some for some, reason in everybody if reason is None]
    reasons: Counter[StopReason] = Counter()
    for some, reason in everybody:
        if reason is not None:
            reasons[reason] += some.number
    campaign = queries.campaign(session, campaign_id)
    return Outlook(_planned(session, campaign, going), reasons, sum(some.number for some in going))


def _planned(session: Session, campaign: Campaign, going: Sequence[Alike]) -> list[PlannedStep]:
    deadlines = clockwork(session, campaign.id, campaign.deadline_at, campaign.deadline_zone)
    deadline, now = Deadline(deadlines.general[0], deadlines.zone), clock.now()
    going = going if campaign.closed_at is None else ()
    sent = _sent(session, campaign.id)
    shown = [
        PlannedStep(
            number=step.number,
            days=step.days,
            at=deadline.day(step.days),
            passed=deadline.day(step.days) <= now,
            sent=sent.get(step.occasion, 0),
            would_reach=sum(
                some.number
                for some in going
                if step.occasion not in some.standing.reminded
                and _day_for(some.standing.state_code, step, deadlines) > now
            ),
        )
        for step in steps_of(session, campaign.id)
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
        # Written out: a plan for any kind would pass the index by.
        .where(Letter.campaign_id == campaign_id, text("letter.kind = 'reminder'"), Letter.state == LetterState.SENT)
        .group_by(Letter.occasion)
    )
    return {row[0]: row[1] for row in rows}


def _day_for(state_code: str | None, step: Step, deadlines: Clockwork) -> datetime:
    return Deadline(deadlines.for_state(state_code)[0], deadlines.zone).day(step.days)


def _left(session: Session, campaign: Campaign, tick: Tick) -> list[_Due]:
    """Where a step is due and has not come to everybody yet."""
    steps = steps_of(session, campaign.id)
    deadlines = clockwork(session, campaign.id, campaign.deadline_at, campaign.deadline_zone)
    moment, every = clock.now(), {deadlines.general, *deadlines.own.values()}
    due = {pair: due_step(steps, Deadline(pair[0], deadlines.zone), pair[1], moment) for pair in every}
    if not any(due.values()):
        return []
    come = walks.positions(session, campaign.id)
    left = []
    for state_code in ("", *states_of(session, campaign.id)):
        found = due[deadlines.for_state(state_code or None)]
        if found is None or (campaign.id, state_code) in tick.groups:
            continue
        position = come.get((state_code, found[0].occasion))
        if position is None or not position.ended:
            left.append(_Due(state_code, *found))
    return left


def _remind_states(session: Session, campaign: Campaign, left: Sequence[_Due], tick: Tick) -> int:
    """The first of these States, and others as long as they are small together. All of a State at once: one reply speaks for many,
    and one mail that nobody looked at holds all of them.
    """
    first = left[0]
    everybody: dict[str, int] = {}
    for one in left:
        if (one.step, one.instant) == (first.step, first.instant) and sum(everybody.values()) < CHUNK:
            of_state = (Invitation.campaign_id == campaign.id, Invitation.state_code == one.state_code)
            everybody[one.state_code] = (
                session.scalar(select(func.count()).select_from(Invitation).where(*of_state)) or 0
            )
    # An answer may be on its way in at this very instant. Whoever records a fact holds the invitation's row, so a State with a row
    # that is held waits for the next tick; the others are held by us until our letters can be seen and cancelled.
    held = Counter(_held(session, Invitation.campaign_id == campaign.id, Invitation.state_code.in_(everybody)).values())
    whole = [state_code for state_code, number in everybody.items() if held[state_code] == number]
    tick.groups.update((campaign.id, state_code) for state_code in everybody if state_code not in whole)
    found = standings(session, campaign.id, Invitation.state_code.in_(whole)) if whole else []
    queued = _remind(session, campaign, found, first, tick)
    for state_code in whole:
        walks.keep(session, campaign.id, state_code, first.step.occasion, Position(ended=True))
    return queued


def _remind_stateless(session: Session, campaign: Campaign, due: _Due, tick: Tick) -> int:
    """The next chunk of those without a State, for each of whom nobody else speaks."""
    come = walks.positions(session, campaign.id).get(("", due.step.occasion), Position())
    chunk = stateless(session, campaign.id, come.after, CHUNK)
    held = _held(session, Invitation.id == any_of([one for one, _institution in chunk]))
    queued = _remind(session, campaign, standings(session, campaign.id, Invitation.id == any_of(held)), due, tick)
    passed_over, last = come.passed_over or len(held) < len(chunk), len(chunk) < CHUNK
    if last and passed_over:
        # From the beginning, in the next tick.
        tick.groups.add((campaign.id, ""))
        walks.keep(session, campaign.id, "", due.step.occasion, Position())
    else:
        after = chunk[-1][1] if chunk else come.after
        walks.keep(session, campaign.id, "", due.step.occasion, Position(after, passed_over, ended=last))
    return queued


def _held(session: Session, *which: ColumnElement[bool]) -> dict[uuid.UUID, str | None]:
    """Hold the rows of these invitations; those that could be had, each with its State."""
    rows = session.execute(select(Invitation.id, Invitation.state_code).where(*which).with_for_update(skip_locked=True))
    return {row.id: row.state_code for row in rows}


def _remind(session: Session, campaign: Campaign, found: Sequence[Standing], due: _Due, tick: Tick) -> int:
    occasion = due.step.occasion
    to = [
        one.invitation_id
        for one in found
        if one.created_at <= due.instant and occasion not in one.reminded and stop_reason(one) is None
    ]
    desk, queued = letters.Desk(session, campaign, tick.wordings), 0
    for start in range(0, len(to), CHUNK):
        asked = queries.asked(session, to[start : start + CHUNK])
        queued += len(desk.queue(LetterKind.REMINDER, asked, occasion))
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
