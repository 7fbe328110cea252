"""All campaigns in a list, and what waits for staff in each: counted in a few statements, whatever the number of campaigns."""

import enum
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
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
from outreach.campaigns.stages import FactKind, Stage


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
    asked = dict(
        session.execute(select(Invitation.campaign_id, func.count()).group_by(Invitation.campaign_id)).tuples().all()
    )
    later = dict(
        session.execute(
            select(Extension.campaign_id, func.max(Extension.deadline_at))
            .where(Extension.state_code.is_(None))
            .group_by(Extension.campaign_id)
        )
        .tuples()
        .all()
    )
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


def needs(session: Session) -> list[Need]:
    """What waits for staff in the campaigns that are launched and not closed, most urgent kind first."""
    open_ones = (Campaign.launched_at.is_not(None), Campaign.closed_at.is_(None))
    counted: dict[tuple[NeedKind, str], int] = {}

    def add(kind: NeedKind, rows: list[tuple[str, int]]) -> None:
        counted.update({(kind, code): number for code, number in rows if number})

    by_campaign = select(Campaign.code, func.count()).where(*open_ones).group_by(Campaign.code)
    of_invitations = by_campaign.join(Invitation, Invitation.campaign_id == Campaign.id)
    add(
        NeedKind.UNDELIVERABLE,
        list(session.execute(of_invitations.where(Invitation.stage == Stage.UNDELIVERABLE)).tuples()),
    )
    waiting = of_invitations.join(ExtensionRequest, ExtensionRequest.invitation_id == Invitation.id)
    add(NeedKind.MORE_TIME, list(session.execute(waiting.where(ExtensionRequest.decided_at.is_(None))).tuples()))
    for kind, first, answer in (
        (NeedKind.WRONG_ADDRESSEE, FactKind.WRONG_ADDRESSEE, FactKind.ADDRESS_CHANGED),
        (NeedKind.MAIL, FactKind.MAIL_RECEIVED, FactKind.MAIL_LOOKED_AT),
    ):
        last = {
            fact: func.max(InvitationFact.at).filter(InvitationFact.kind == fact).label(fact.value)
            for fact in (first, answer)
        }
        latest = (
            select(InvitationFact.invitation_id, *last.values())
            .where(InvitationFact.kind.in_([first, answer]))
            .group_by(InvitationFact.invitation_id)
            .subquery()
        )
        unanswered = latest.c[first.value].is_not(None) & (
            latest.c[answer.value].is_(None) | (latest.c[answer.value] < latest.c[first.value])
        )
        rows = session.execute(of_invitations.join(latest, latest.c.invitation_id == Invitation.id).where(unanswered))
        add(kind, list(rows.tuples()))
    for line in campaigns(session, "en"):
        if line.launched_at is not None and line.closed_at is None and line.deadline_at < clock.now():
            counted[NeedKind.PAST_DEADLINE, line.code] = 1
    kinds = tuple(NeedKind)
    return sorted(
        (Need(kind, code, number) for (kind, code), number in counted.items()),
        key=lambda need: (kinds.index(need.kind), need.campaign_code),
    )
