"""What counts: a State once, by what a mission transmitted or staff accepted; all others apart, by behalf."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from outreach.campaigns.models import Invitation
from outreach.submissions.models import Behalf, Submission, SubmissionVersion

IN_FORCE: ColumnElement[bool] = SubmissionVersion.taken_back_at.is_(None)
"""Of a version in a statement: nobody took it back."""


@dataclass(frozen=True)
class Count:
    """How many submissions, and how many of them came after the deadline."""

    number: int
    late: int


def is_reply_of_state() -> ColumnElement[bool]:
    """Whether a version, joined to its submission, is a reply of the State."""
    return or_(SubmissionVersion.transmitted_by_id.is_not(None), Submission.accepted_at.is_not(None))


def replies_of_states(session: Session, campaign_id: uuid.UUID) -> dict[str, datetime]:
    """The code of each State that replied, with the instant at which its first reply was received."""
    rows = session.execute(
        select(Invitation.state_code, func.min(SubmissionVersion.received_at))
        .join(Submission, Submission.invitation_id == Invitation.id)
        .join(SubmissionVersion, SubmissionVersion.submission_id == Submission.id)
        .where(Invitation.campaign_id == campaign_id, Invitation.state_code.is_not(None), IN_FORCE, is_reply_of_state())
        .group_by(Invitation.state_code)
    )
    return {code: at for code, at in rows if code is not None}


def others(session: Session, campaign_id: uuid.UUID) -> dict[Behalf, Count]:
    """The submissions that are no reply of a State, by behalf; each once, however often it was corrected."""
    apart = (
        select(Submission.id, Submission.behalf, func.bool_and(SubmissionVersion.late).label("late"))
        .join(SubmissionVersion, SubmissionVersion.submission_id == Submission.id)
        .join(Invitation, Invitation.id == Submission.invitation_id)
        .where(Submission.campaign_id == campaign_id, IN_FORCE)
        .group_by(Submission.id, Invitation.state_code)
        .having(or_(Invitation.state_code.is_(None), ~func.bool_or(is_reply_of_state())))
        .subquery()
    )
    rows = session.execute(
        select(apart.c.behalf, func.count(), func.count().filter(apart.c.late)).group_by(apart.c.behalf)
    )
    return {behalf: Count(number, late) for behalf, number, late in rows}
