"""What came back: replies of States, and all other submissions counted apart. One statement each, however many there are.

A reply of the State is a version that a mission transmitted, or a submission that staff accepted with a reason. Nothing rolls up:
a ministry that answers directly is counted apart, and two missions of one State that both answer are one State.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, and_, func, or_, select
from sqlalchemy.orm import Session

from outreach.campaigns.models import Invitation
from outreach.submissions.counting import IN_FORCE, is_reply_of_state
from outreach.submissions.models import Behalf, Submission, SubmissionVersion


@dataclass(frozen=True)
class StateReply:
    """The reply of a State: when the first version that counts was received, and whether all that count came late."""

    at: datetime
    late: bool


@dataclass(frozen=True)
class OthersCount:
    """Submissions not counted as a reply of the State. `state_code` None: of institutions without a State."""

    state_code: str | None
    behalf: Behalf
    number: int
    late: int


def replies(session: Session, campaign_id: uuid.UUID) -> dict[str, StateReply]:
    """The State code of each State that replied in the campaign, with its reply."""
    rows = session.execute(
        select(
            Invitation.state_code,
            func.min(SubmissionVersion.received_at),
            func.bool_and(SubmissionVersion.late),
        )
        .join(Submission, Submission.invitation_id == Invitation.id)
        .join(SubmissionVersion, SubmissionVersion.submission_id == Submission.id)
        .where(Invitation.campaign_id == campaign_id, Invitation.state_code.is_not(None), IN_FORCE, is_reply_of_state())
        .group_by(Invitation.state_code)
    )
    return {code: StateReply(at, late) for code, at, late in rows if code is not None}


def other_submissions(campaign_id: uuid.UUID) -> Subquery:
    """A subquery of the submissions that were received and count for no State, one row each with its last version's instant."""
    return (
        select(
            Submission.id.label("submission_id"),
            Invitation.id.label("invitation_id"),
            Invitation.state_code.label("state_code"),
            Submission.behalf.label("behalf"),
            func.min(SubmissionVersion.received_at).label("received_at"),
            func.bool_and(SubmissionVersion.late).label("late"),
            func.max(SubmissionVersion.number).label("versions"),
        )
        .join(Invitation, Invitation.id == Submission.invitation_id)
        .join(SubmissionVersion, SubmissionVersion.submission_id == Submission.id)
        .where(Submission.campaign_id == campaign_id, IN_FORCE)
        .group_by(Submission.id, Invitation.id)
        # An institution without a State has no State to reply for, whoever handed its answer on.
        .having(or_(Invitation.state_code.is_(None), ~func.bool_or(is_reply_of_state())))
        .subquery()
    )


def others_counted(session: Session, campaign_id: uuid.UUID) -> list[OthersCount]:
    """How many other submissions came, by State and behalf."""
    apart = other_submissions(campaign_id)
    rows = session.execute(
        select(apart.c.state_code, apart.c.behalf, func.count(), func.count().filter(apart.c.late)).group_by(
            apart.c.state_code, apart.c.behalf
        )
    )
    return [OthersCount(*row) for row in rows]


@dataclass(frozen=True)
class OtherLine:
    """One submission in the list of those counted apart."""

    submission_id: uuid.UUID
    invitation_id: uuid.UUID
    institution_id: uuid.UUID
    state_code: str | None
    behalf: Behalf
    number: str | None
    received_at: datetime
    late: bool
    versions: int


def others_page(
    session: Session,
    campaign_id: uuid.UUID,
    behalf: Behalf | None = None,
    after: tuple[datetime, uuid.UUID] | None = None,
    size: int = 50,
) -> list[OtherLine]:
    """The next `size` submissions counted apart, the newest first, after the one that `after` names (instant, id)."""
    apart = other_submissions(campaign_id)
    wanted: list[ColumnElement[bool]] = []
    if behalf is not None:
        wanted.append(apart.c.behalf == behalf)
    if after is not None:
        at, key = after
        wanted.append(or_(apart.c.received_at < at, and_(apart.c.received_at == at, apart.c.submission_id > key)))
    rows = session.execute(
        select(
            apart.c.submission_id,
            apart.c.invitation_id,
            Invitation.institution_id,
            apart.c.state_code,
            apart.c.behalf,
            Submission.number,
            apart.c.received_at,
            apart.c.late,
            apart.c.versions,
        )
        .join(Submission, Submission.id == apart.c.submission_id)
        .join(Invitation, Invitation.id == apart.c.invitation_id)
        .where(*wanted)
        .order_by(apart.c.received_at.desc(), apart.c.submission_id)
        .limit(size)
    )
    return [OtherLine(*row) for row in rows]
