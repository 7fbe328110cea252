"""How far each State was reached: both missions and all bodies below them, counted in the database and never listed.

Reach rolls up, replies do not: what a body below submitted makes the State "forwarded", not "received" (`reports.replies` says who replied).
"""

import uuid
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from outreach.campaigns.models import ExtensionRequest, Invitation, InvitationFact, Origin
from outreach.campaigns.stages import SETTLES_ADDRESSEE, STAGE_ORDER, FactKind, Stage
from outreach.directory.models import MISSION_KINDS, Contact, Institution, InstitutionKind, Seat
from outreach.submissions.counting import IN_FORCE
from outreach.submissions.models import Behalf, Submission, SubmissionVersion

_MINISTRIES = (InstitutionKind.MINISTRY, InstitutionKind.FOREIGN_MINISTRY)


@dataclass(frozen=True)
class Asked:
    """An institution of a State that the Secretariat asked itself: mostly a mission. Those that are none and have forwarded to nobody are
    counted where they stand at one stage: then `invitation_id` is None, and `institution_id` one of `number`.
    """

    invitation_id: uuid.UUID | None
    institution_id: uuid.UUID
    seat: Seat | None
    mission: bool
    stage: Stage
    at: datetime
    number: int = 1


@dataclass(frozen=True)
class Bodies:
    """So many bodies below an asked institution (`under`; None: further down) that stand at one stage."""

    under: uuid.UUID | None
    ministries: bool
    origin: Origin
    stage: Stage
    number: int
    at: datetime


@dataclass
class Reach:
    """What is known of one State in one campaign before anybody reads an answer."""

    asked: list[Asked] = field(default_factory=list)
    bodies: list[Bodies] = field(default_factory=list)
    more_time_asked: datetime | None = None
    """When more time was asked for and nobody has decided yet."""
    wrong_addressee: datetime | None = None
    """When an institution said that it is the wrong addressee, and nobody has decided on that since."""
    mail_waits: datetime | None = None
    """When mail came that nobody has looked at yet."""
    to_accept: datetime | None = None
    """When a submission on behalf of the State came that nobody has accepted."""

    def stage(self, replied: bool) -> tuple[Stage, datetime | None]:
        """The furthest stage of all invitations, and since when; "received" only where the State itself replied."""
        if replied:
            return Stage.SUBMITTED, None
        stood = [(_own_stage(one), one.at) for one in self.asked] + [
            (_below_stage(some), some.at) for some in self.bodies
        ]
        furthest = max((STAGE_ORDER.index(stage) for stage, _at in stood), default=STAGE_ORDER.index(Stage.QUEUED))
        reached = STAGE_ORDER[furthest]
        if reached is Stage.UNDELIVERABLE and any(stage is Stage.QUEUED for stage, _at in stood):
            reached = Stage.QUEUED  # another letter has not left yet, and may arrive
        return reached, max((at for stage, at in stood if stage is reached), default=None)

    def number(self, *stages: Stage, origin: Origin | None = None) -> int:
        """How many bodies below stand at one of the stages (none named: at any)."""
        return sum(
            some.number
            for some in self.bodies
            if (not stages or some.stage in stages) and (origin is None or some.origin is origin)
        )


def _own_stage(one: Asked) -> Stage:
    if one.stage is Stage.SUBMITTED:
        return Stage.ACKNOWLEDGED
    if one.stage is Stage.NO_SUBMISSION_EXPECTED and not one.mission:
        return Stage.ACKNOWLEDGED
    return one.stage


def _below_stage(some: Bodies) -> Stage:
    return some.stage if some.stage in (Stage.DRAFTING, Stage.SENT_TO_MISSION) else Stage.FORWARDED


def reach_of_states(session: Session, campaign_id: uuid.UUID) -> dict[str, Reach]:
    """The reach of each State that was asked in the campaign, by State code."""
    found: dict[str, Reach] = {}
    _add_asked(session, campaign_id, found)
    _add_bodies(session, campaign_id, found)
    _add_requests(session, campaign_id, found)
    _add_waiting(session, campaign_id, found)
    return found


def _add_asked(session: Session, campaign_id: uuid.UUID, found: dict[str, Reach]) -> None:
    mission = Institution.kind.in_(MISSION_KINDS)
    givers = select(Invitation.parent_id).where(
        Invitation.campaign_id == campaign_id, Invitation.parent_id.is_not(None)
    )
    alone = case((or_(mission, Invitation.id.in_(givers)), Invitation.id))
    since = func.min(Invitation.created_at)
    rows = session.execute(
        select(
            Invitation.state_code,
            alone,
            func.array_agg(Invitation.institution_id)[1],
            Institution.seat,
            mission,
            Invitation.stage,
            func.max(Invitation.stage_at),
            func.count(),
        )
        .join(Institution, Institution.id == Invitation.institution_id)
        .where(
            Invitation.campaign_id == campaign_id, Invitation.parent_id.is_(None), Invitation.state_code.is_not(None)
        )
        .group_by(Invitation.state_code, alone, Institution.seat, mission, Invitation.stage)
        .order_by(Institution.seat, since, alone, Invitation.stage)
    )
    for code, *asked in rows:
        found.setdefault(code, Reach()).asked.append(Asked(*asked))


def _add_bodies(session: Session, campaign_id: uuid.UUID, found: dict[str, Reach]) -> None:
    above = aliased(Invitation)
    under = case((above.parent_id.is_(None), above.id))
    ministries = Institution.kind.in_(_MINISTRIES)
    rows = session.execute(
        select(
            Invitation.state_code,
            under,
            ministries,
            Invitation.origin,
            Invitation.stage,
            func.count(),
            func.max(Invitation.stage_at),
        )
        .join(above, above.id == Invitation.parent_id)
        .join(Institution, Institution.id == Invitation.institution_id)
        .where(Invitation.campaign_id == campaign_id, Invitation.state_code.is_not(None))
        .group_by(Invitation.state_code, under, ministries, Invitation.origin, Invitation.stage)
    )
    for code, *counted in rows:
        found.setdefault(code, Reach()).bodies.append(Bodies(*counted))


def _add_requests(session: Session, campaign_id: uuid.UUID, found: dict[str, Reach]) -> None:
    rows = session.execute(
        select(Invitation.state_code, func.min(ExtensionRequest.asked_at))
        .join(Invitation, Invitation.id == ExtensionRequest.invitation_id)
        .where(Invitation.campaign_id == campaign_id, ExtensionRequest.decided_at.is_(None))
        .group_by(Invitation.state_code)
    )
    for code, at in rows:
        if code in found:
            found[code].more_time_asked = at


def _add_waiting(session: Session, campaign_id: uuid.UUID, found: dict[str, Reach]) -> None:
    unaccepted = session.execute(
        select(Invitation.state_code, func.max(SubmissionVersion.received_at))
        .join(Submission, Submission.invitation_id == Invitation.id)
        .join(SubmissionVersion, SubmissionVersion.submission_id == Submission.id)
        .where(
            Invitation.campaign_id == campaign_id,
            Submission.behalf == Behalf.STATE,
            Submission.accepted_at.is_(None),
            IN_FORCE,
        )
        .group_by(Invitation.state_code, Submission.id)
        .having(~func.bool_or(SubmissionVersion.transmitted_by_id.is_not(None)))
    )
    mails = _unanswered(session, campaign_id, FactKind.MAIL_RECEIVED, {FactKind.MAIL_LOOKED_AT})
    for code, at in mails:
        if code in found:
            found[code].mail_waits = max(found[code].mail_waits or at, at)
    for code, at in unaccepted:
        if code in found and at is not None:
            found[code].to_accept = max(found[code].to_accept or at, at)
    for code, at in _unanswered(session, campaign_id, FactKind.WRONG_ADDRESSEE, SETTLES_ADDRESSEE):
        if code in found:
            found[code].wrong_addressee = at


def _unanswered(
    session: Session, campaign_id: uuid.UUID, came: FactKind, seen: Set[FactKind]
) -> list[tuple[str | None, datetime]]:
    """The State and instant of each invitation whose latest `came` has none of `seen` at or after it."""
    last_came = func.max(InvitationFact.at).filter(InvitationFact.kind == came)
    last_seen = func.max(InvitationFact.at).filter(InvitationFact.kind.in_(seen))
    rows = session.execute(
        select(Invitation.state_code, last_came)
        .join(Invitation, Invitation.id == InvitationFact.invitation_id)
        .where(
            Invitation.campaign_id == campaign_id,
            InvitationFact.kind.in_([came, *seen]),
        )
        .group_by(Invitation.state_code, Invitation.id)
        .having(and_(last_came.is_not(None), or_(last_seen.is_(None), last_seen < last_came)))
    )
    return [(code, at) for code, at in rows]


@dataclass(frozen=True)
class Refusal:
    """An address that a server refused for good, with the server's own words."""

    at: datetime
    words: str


def refusals(session: Session, institution_ids: list[uuid.UUID]) -> dict[uuid.UUID, Refusal]:
    """The last refusal of each institution's address that still stands."""
    rows = session.execute(
        select(Contact.institution_id, Contact.refused_at, Contact.refused_words)
        .where(
            Contact.institution_id.in_(institution_ids), Contact.refused_at.is_not(None), Contact.retired_at.is_(None)
        )
        .order_by(Contact.refused_at, Contact.id)
    )
    return {key: Refusal(at, words or "") for key, at, words in rows if at is not None}


def unasked_missions(session: Session, campaign_id: uuid.UUID, state_codes: list[str]) -> dict[str, Seat]:
    """For each of these States the post of a mission that was not asked in the campaign and has an address that works."""
    rows = session.execute(
        select(Institution.state_code, Institution.seat)
        .join(Contact, Contact.institution_id == Institution.id)
        .outerjoin(Invitation, and_(Invitation.institution_id == Institution.id, Invitation.campaign_id == campaign_id))
        .where(
            Institution.state_code.in_(state_codes),
            Institution.kind.in_(MISSION_KINDS),
            Institution.retired_at.is_(None),
            Contact.retired_at.is_(None),
            Contact.refused_at.is_(None),
            Invitation.id.is_(None),
        )
        .order_by(Institution.seat)
    )
    return {code: seat for code, seat in rows if code is not None and seat is not None}


@dataclass(frozen=True)
class Part:
    """The last part of a reply that a body sent to its mission and that waits there."""

    name: str
    at: datetime


def parts_waiting(session: Session, campaign_id: uuid.UUID) -> dict[str, Part]:
    """For each State the last part that waits for a mission."""
    rows = session.execute(
        select(Invitation.state_code, Institution.name, Invitation.stage_at)
        .join(Institution, Institution.id == Invitation.institution_id)
        .where(Invitation.campaign_id == campaign_id, Invitation.stage == Stage.SENT_TO_MISSION)
        .ext(distinct_on(Invitation.state_code))
        .order_by(Invitation.state_code, Invitation.stage_at.desc(), Invitation.id)
    )
    return {code: Part(name, at) for code, name, at in rows if code is not None}
