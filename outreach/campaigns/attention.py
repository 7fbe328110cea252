"""All campaigns in a list, and what waits for staff in each: counted in a few statements, whatever the number of campaigns."""

import enum
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns.models import (
    Campaign,
    CampaignKind,
    CampaignText,
    Extension,
    ExtensionRequest,
    Invitation,
    InvitationFact,
)
from outreach.campaigns.reach import REACHING
from outreach.campaigns.stages import SETTLES_ADDRESSEE, FactKind, Stage
from outreach.correspondence.models import Letter


@dataclass(frozen=True)
class CampaignLine:
    """A campaign in a list; the title in the language asked for, else in the original one (`language` says which)."""

    id: uuid.UUID
    code: str
    kind: CampaignKind
    title: str
    language: str
    deadline_at: datetime
    """The deadline for all, extensions for all included."""
    deadline_zone: str
    launched_at: datetime | None
    closed_at: datetime | None
    invitations: int


class NeedKind(enum.StrEnum):
    """What waits for a person."""

    NOT_ASKED = "not_asked"
    UNDELIVERABLE = "undeliverable"
    MORE_TIME = "more_time"
    WRONG_ADDRESSEE = "wrong_addressee"
    MAIL = "mail"
    PAST_DEADLINE = "past_deadline"


@dataclass(frozen=True)
class Need:
    """So many of one kind in one campaign."""

    kind: NeedKind
    campaign_code: str
    count: int


def campaigns(session: Session, language: str) -> list[CampaignLine]:
    """All campaigns, the newest first, titled in `language`."""
    titles: dict[uuid.UUID, dict[str, str]] = {}
    for campaign_id, written_in, title in session.execute(
        select(CampaignText.campaign_id, CampaignText.language, CampaignText.title)
    ):
        titles.setdefault(campaign_id, {})[written_in] = title
    asked: dict[uuid.UUID, int] = {}
    for campaign_id, number in session.execute(
        select(Invitation.campaign_id, func.count()).group_by(Invitation.campaign_id)
    ):
        asked[campaign_id] = number
    later: dict[uuid.UUID, datetime] = {}
    for campaign_id, at in session.execute(
        select(Extension.campaign_id, func.max(Extension.deadline_at))
        .where(Extension.state_code.is_(None))
        .group_by(Extension.campaign_id)
    ):
        later[campaign_id] = at
    lines = []
    for one in session.scalars(select(Campaign).order_by(Campaign.created_at.desc(), Campaign.code)):
        shown_in = language if language in titles.get(one.id, {}) else one.original_language
        lines.append(
            CampaignLine(
                id=one.id,
                code=one.code,
                kind=one.kind,
                title=titles.get(one.id, {}).get(shown_in, one.code),
                language=shown_in,
                deadline_at=max(one.deadline_at, later.get(one.id, one.deadline_at)),
                deadline_zone=one.deadline_zone,
                launched_at=one.launched_at,
                closed_at=one.closed_at,
                invitations=asked.get(one.id, 0),
            )
        )
    return lines


def not_reached() -> ColumnElement[bool]:
    """That an institution could not be reached. One that is being asked again is not meant: that letter may arrive."""
    on_its_way = exists().where(
        Letter.invitation_id == Invitation.id, Letter.kind.in_(REACHING), Letter.settled_at.is_(None)
    )
    return and_(Invitation.stage == Stage.UNDELIVERABLE, ~on_its_way)


def needs(session: Session) -> list[Need]:
    """What waits for staff in the campaigns that are launched and not closed, most urgent kind first."""
    open_ones = (Campaign.launched_at.is_not(None), Campaign.closed_at.is_(None))
    counted: dict[tuple[NeedKind, str], int] = {}

    def add(kind: NeedKind, counts: Select[str, int]) -> None:
        counted.update({(kind, code): number for code, number in session.execute(counts) if number})

    by_campaign = select(Campaign.code, func.count()).where(*open_ones).group_by(Campaign.code)
    of_invitations = by_campaign.join(Invitation, Invitation.campaign_id == Campaign.id)
    add(NeedKind.NOT_ASKED, of_invitations.where(Invitation.stage == Stage.CANCELLED))
    add(NeedKind.UNDELIVERABLE, of_invitations.where(not_reached()))
    waiting = of_invitations.join(ExtensionRequest, ExtensionRequest.invitation_id == Invitation.id)
    add(NeedKind.MORE_TIME, waiting.where(ExtensionRequest.decided_at.is_(None)))
    for kind, first, answers in (
        (NeedKind.WRONG_ADDRESSEE, FactKind.WRONG_ADDRESSEE, SETTLES_ADDRESSEE),
        (NeedKind.MAIL, FactKind.MAIL_RECEIVED, {FactKind.MAIL_LOOKED_AT}),
    ):
        latest = (
            select(
                InvitationFact.invitation_id,
                func.max(InvitationFact.at).filter(InvitationFact.kind == first).label("came"),
                func.max(InvitationFact.at).filter(InvitationFact.kind.in_(answers)).label("answered"),
            )
            .where(InvitationFact.kind.in_([first, *answers]))
            .group_by(InvitationFact.invitation_id)
            .subquery()
        )
        unanswered = latest.c.came.is_not(None) & (latest.c.answered.is_(None) | (latest.c.answered < latest.c.came))
        add(kind, of_invitations.join(latest, latest.c.invitation_id == Invitation.id).where(unanswered))
    for line in campaigns(session, "en"):
        if line.launched_at is not None and line.closed_at is None and line.deadline_at < clock.now():
            counted[NeedKind.PAST_DEADLINE, line.code] = 1
    kinds = tuple(NeedKind)
    return sorted(
        (Need(kind, code, number) for (kind, code), number in counted.items()),
        key=lambda need: (kinds.index(need.kind), need.campaign_code),
    )
