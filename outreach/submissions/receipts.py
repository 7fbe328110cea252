"""Letters that an answer gives rise to: the receipt, the part for the mission, its return. Each is queued once."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from outreach.campaigns import queries as campaigns
from outreach.correspondence.models import LetterKind
from outreach.submissions import stops
from outreach.submissions.models import Submission, SubmissionVersion


def received(session: Session, submission: Submission, version: SubmissionVersion) -> None:
    """Queue the receipt in the respondent's language, and cancel the reminders that the reply makes needless."""
    invitation = campaigns.invitation(session, submission.invitation_id)
    of_state = version.transmitted_by_id is not None or submission.accepted_at is not None
    stop(session, submission, reply_of_state=of_state)
    _queue(session, invitation.id, LetterKind.RECEIPT, f"version {version.number}")


def stop(session: Session, submission: Submission, *, reply_of_state: bool) -> None:
    """Cancel the reminders that wait."""
    invitation = campaigns.invitation(session, submission.invitation_id)
    ids = stops.stopped_by(session, invitation, reply_of_state=reply_of_state)
    _cancel(session, ids, f"a reply was received: {submission.number}")


def sent_to_mission(session: Session, submission: Submission, mission_invitation_id: uuid.UUID) -> None:
    """Tell the mission that a part of the reply waits for it."""
    _queue(session, mission_invitation_id, LetterKind.PART_FOR_MISSION, f"{submission.id} {submission.revision}")


def returned(session: Session, submission: Submission, reason: str) -> None:
    """Tell the body that its mission returned its answer, and why."""
    _queue(
        session, submission.invitation_id, LetterKind.RETURNED, f"{submission.id} {submission.revision}", reason=reason
    )


def _queue(session: Session, invitation_id: uuid.UUID, kind: LetterKind, occasion: str, **extra: Any) -> None:
    pass


def _cancel(session: Session, ids: list[uuid.UUID], reason: str) -> None:
    pass
