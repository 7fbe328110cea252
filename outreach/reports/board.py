"""The board: all States of a campaign on one page, how far each got, its reply, its next act, and the figures above them."""

import enum
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock, i18n
from outreach.campaigns import queries as campaigns
from outreach.campaigns.deadlines import Deadline, deadlines_by_state
from outreach.campaigns.models import Campaign, ReminderStep
from outreach.campaigns.stages import STAGE_ORDER, Stage
from outreach.directory import queries as directory
from outreach.directory.models import RegionalGroup
from outreach.directory.queries import StateLine
from outreach.reports import lines, reach, words
from outreach.reports.lines import NextAct, ReplyLine
from outreach.reports.reach import Reach
from outreach.reports.replies import OthersCount, StateReply, others_counted, replies
from outreach.reports.searching import states_matching


class Show(enum.StrEnum):
    """Which rows a figure counts."""

    ASKED = "asked"
    REACHED = "reached"
    NOT_REACHED = "not_reached"
    ACKNOWLEDGED = "acknowledged"
    FORWARDED = "forwarded"
    DRAFTING = "drafting"
    REPLIED = "replied"
    LATE = "late"
    NEEDS_ACTION = "needs_action"


@dataclass(frozen=True)
class Filters:
    """What of the board is shown. `group` "observers": the observer States."""

    text: str = ""
    group: RegionalGroup | str | None = None
    stage: Stage | None = None
    show: Show = Show.ASKED

    @property
    def any(self) -> bool:
        """Whether anything is left out."""
        return bool(self.text) or self.group is not None or self.stage is not None or self.show is not Show.ASKED


OBSERVERS = "observers"
"""The value of `Filters.group` for the observer States, which belong to no regional group."""


@dataclass(frozen=True)
class StateRow:
    """One State on the board. `own_deadline`: the deadline where one was granted to this State alone."""

    code: str
    name: str
    group: RegionalGroup | None
    stage: Stage
    since: datetime | None
    how_far: str
    reply: ReplyLine | None
    next: NextAct
    own_deadline: datetime | None
    missions: int
    bodies: int
    drafting: int
    others: int

    def counted_by(self, show: Show) -> bool:
        """Whether a figure counts this State."""
        if show is Show.NOT_REACHED:
            return self.stage is Stage.UNDELIVERABLE
        if show is Show.FORWARDED:
            return self.bodies > 0 or self.stage is Stage.FORWARDED
        if show is Show.DRAFTING:
            return self.drafting > 0
        if show is Show.REPLIED:
            return self.reply is not None and self.reply.received_at is not None
        if show is Show.LATE:
            return self.reply is not None and self.reply.late
        if show is Show.NEEDS_ACTION:
            return self.next.ours
        least = {Show.REACHED: Stage.SENT, Show.ACKNOWLEDGED: Stage.ACKNOWLEDGED}.get(show, Stage.CANCELLED)
        return STAGE_ORDER.index(self.stage) >= STAGE_ORDER.index(least)


@dataclass(frozen=True)
class GroupRows:
    """The States of a regional group that are shown; `asked` and `replied` count the whole group. `group` None: observer States."""

    group: RegionalGroup | None
    name: str
    rows: tuple[StateRow, ...]
    asked: int
    replied: int


@dataclass(frozen=True)
class Figures:
    """How many States each figure counts, whatever is filtered; `bodies` below them, and `others`: submissions counted apart."""

    states: dict[Show, int]
    bodies: int
    others: int


@dataclass(frozen=True)
class Board:
    """All that the page shows. `not_asked`: the names of the States that nobody was asked in."""

    campaign: Campaign
    deadline: Deadline
    next_reminder: datetime | None
    groups: tuple[GroupRows, ...]
    figures: Figures
    shown: int
    needs: tuple[StateRow, ...]
    not_asked: tuple[str, ...]
    replied: tuple[str, ...]
    """The codes of the States that replied."""


def board(session: Session, campaign_id: uuid.UUID, language: str, filters: Filters | None = None) -> Board:
    """The board of a campaign, its words in `language`. Ten statements, whatever the number of invitations. Raises Missing."""
    with i18n.speaking(language):
        return _board(session, campaigns.campaign(session, campaign_id), language, filters or Filters())


def _board(session: Session, campaign: Campaign, language: str, filters: Filters) -> Board:
    names = directory.states(session, language)
    reached = reach.reach_of_states(session, campaign.id)
    others = others_counted(session, campaign.id)
    rows = _rows(session, campaign, names, reached, others)
    figures = Figures(
        states={show: sum(row.counted_by(show) for row in rows) for show in Show},
        bodies=sum(row.bodies for row in rows),
        others=sum(one.number for one in others),
    )
    found = states_matching(session, campaign.id, filters.text) if filters.text else None
    shown = [row for row in rows if _is_shown(row, filters, found)]
    general, _own = deadlines_by_state(session, campaign.id)
    deadline = Deadline(max(campaign.deadline_at, general or campaign.deadline_at), campaign.deadline_zone)
    return Board(
        campaign=campaign,
        deadline=deadline,
        next_reminder=_next_reminder(deadline, campaign, _steps(session, campaign)),
        groups=tuple(_grouped(rows, shown)),
        figures=figures,
        shown=len(shown),
        needs=tuple(row for row in rows if row.next.ours),
        not_asked=tuple(state.short for state in names if state.code not in reached),
        replied=tuple(row.code for row in rows if row.counted_by(Show.REPLIED)),
    )


def _rows(
    session: Session,
    campaign: Campaign,
    names: list[StateLine],
    reached: dict[str, Reach],
    others: list[OthersCount],
) -> list[StateRow]:
    replied = replies(session, campaign.id)
    general, own = deadlines_by_state(session, campaign.id)
    steps = _steps(session, campaign)
    parts = reach.parts_waiting(session, campaign.id)
    lost = [
        one.institution_id
        for some in reached.values()
        for one in some.asked
        if one.stage is Stage.UNDELIVERABLE and one.number == 1
    ]
    refused = reach.refusals(session, lost) if lost else {}
    silent = [code for code, some in reached.items() if some.stage(code in replied)[0] is Stage.UNDELIVERABLE]
    elsewhere = reach.unasked_missions(session, campaign.id, silent) if silent else {}
    apart: Counter[str | None] = Counter()
    for one in others:
        apart[one.state_code] += one.number
    zone = campaign.deadline_zone
    rows = []
    for state in names:
        some = reached.get(state.code)
        if some is None:
            continue
        reply: StateReply | None = replied.get(state.code)
        stage, at = some.stage(reply is not None)
        latest = max(filter(None, (campaign.deadline_at, general, own.get(state.code))))
        reminder = _next_reminder(Deadline(latest, zone), campaign, steps)
        rows.append(
            StateRow(
                code=state.code,
                name=state.short,
                group=state.regional_group,
                stage=stage,
                since=reply.at if reply else at,
                how_far=lines.how_far(some, stage, at, parts.get(state.code), refused, zone),
                reply=lines.reply_line(reply, some, stage, zone),
                next=lines.next_act(some, stage, reply is not None, elsewhere.get(state.code), reminder, zone),
                own_deadline=own.get(state.code) if own.get(state.code) == latest else None,
                missions=sum(one.mission for one in some.asked),
                bodies=some.number(),
                drafting=some.number(Stage.DRAFTING)
                + sum(one.number for one in some.asked if one.stage is Stage.DRAFTING),
                others=apart[state.code],
            )
        )
    return rows


def _is_shown(row: StateRow, filters: Filters, found: set[str] | None) -> bool:
    in_group = filters.group is None or (row.group or OBSERVERS) == filters.group
    at_stage = filters.stage is None or row.stage is filters.stage
    return in_group and at_stage and row.counted_by(filters.show) and (found is None or row.code in found)


def _grouped(rows: list[StateRow], shown: list[StateRow]) -> list[GroupRows]:
    groups: tuple[RegionalGroup | None, ...] = (*RegionalGroup, None)
    made = [
        GroupRows(
            group=group,
            name=str(words.GROUPS[group] if group is not None else words.OBSERVERS),
            rows=tuple(row for row in shown if row.group is group),
            asked=sum(row.group is group for row in rows),
            replied=sum(row.group is group and row.counted_by(Show.REPLIED) for row in rows),
        )
        for group in groups
    ]
    return [one for one in made if one.rows]


def _steps(session: Session, campaign: Campaign) -> list[int]:
    return list(
        session.scalars(
            select(ReminderStep.days).where(ReminderStep.campaign_id == campaign.id).order_by(ReminderStep.days)
        )
    )


def _next_reminder(deadline: Deadline, campaign: Campaign, steps: list[int]) -> datetime | None:
    if campaign.launched_at is None or campaign.closed_at is not None:
        return None
    now = clock.now()
    return next((at for at in map(deadline.day, steps) if at > now), None)
