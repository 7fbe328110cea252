"""All calls for input in a list: how many States each asked, and how many replied. A few statements, however many calls there are."""

import enum
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.campaigns import attention
from outreach.campaigns.models import Invitation
from outreach.submissions.counting import IN_FORCE, is_reply_of_state
from outreach.submissions.models import Submission, SubmissionVersion


class CallState(enum.StrEnum):
    """Where a call for input stands."""

    DRAFT = "draft"
    LAUNCHED = "launched"
    CLOSED = "closed"


@dataclass(frozen=True)
class CallLine:
    """A call in the list. The title is in `language`, which may be another than the one asked for."""

    code: str
    title: str
    language: str
    deadline_at: datetime
    deadline_zone: str
    state: CallState
    asked: int
    replied: int


def calls(session: Session, language: str) -> list[CallLine]:
    """All calls for input, the newest first, titled in `language`."""
    asked = _states(session)
    replied = _replied(session)
    return [
        CallLine(
            code=line.code,
            title=line.title,
            language=line.language,
            deadline_at=line.deadline_at,
            deadline_zone=line.deadline_zone,
            state=CallState.CLOSED if line.closed_at else CallState.LAUNCHED if line.launched_at else CallState.DRAFT,
            asked=asked.get(line.id, 0),
            replied=replied.get(line.id, 0),
        )
        for line in attention.campaigns(session, language)
    ]


def _states(session: Session) -> dict[uuid.UUID, int]:
    """The States in which the Secretariat asked somebody itself, as the board counts them."""
    rows = session.execute(
        select(Invitation.campaign_id, func.count(Invitation.state_code.distinct()))
        .where(Invitation.parent_id.is_(None))
        .group_by(Invitation.campaign_id)
    )
    return dict(rows.all())


def _replied(session: Session) -> dict[uuid.UUID, int]:
    rows = session.execute(
        select(Invitation.campaign_id, func.count(Invitation.state_code.distinct()))
        .join(Submission, Submission.invitation_id == Invitation.id)
        .join(SubmissionVersion, SubmissionVersion.submission_id == Submission.id)
        .where(IN_FORCE, is_reply_of_state())
        .group_by(Invitation.campaign_id)
    )
    return dict(rows.all())
