"""A submission as staff read it: a version that was submitted, and what is known of the whole. A draft is never read."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.campaigns import queries as campaigns
from outreach.correspondence.queries import LetterLine
from outreach.directory import queries as directory
from outreach.submissions import queries as submissions
from outreach.submissions import taking_back
from outreach.submissions.models import Submission
from outreach.submissions.queries import VersionLine


@dataclass(frozen=True)
class Reading:
    """One version of a submission, with the names that its page shows. `counts`: it is the reply of the State."""

    line: VersionLine
    campaign_id: uuid.UUID
    state_code: str | None
    institution: str
    respondent_name: str | None
    respondent_email: str | None
    counts: bool
    accepted_at: datetime | None
    accepted_by: str | None
    transmitted_by: str | None
    receipts: tuple[LetterLine, ...]
    """Of a version that was taken back: the receipts that left all the same."""


def reading(session: Session, submission_id: uuid.UUID, language: str, version: int | None = None) -> Reading:
    """A version of a submission (default: the one in force), named in `language`. Raises Missing, also where there is only a draft."""
    line = submissions.version(session, submission_id, version)
    submission = session.get_one(Submission, submission_id)
    sent = taking_back.receipts_sent(session, submission_id, line.version) if line.taken_back_at else []
    invitation = campaigns.invitation(session, submission.invitation_id)
    received = submissions.received(session, submission.campaign_id, invitation_ids=[invitation.id])
    mission = line.transmitted_by_id and campaigns.invitation(session, line.transmitted_by_id).institution_id
    return Reading(
        line=line,
        campaign_id=submission.campaign_id,
        state_code=invitation.state_code,
        institution=directory.institution_name(session, invitation.institution_id, language),
        respondent_name=submission.respondent_name,
        respondent_email=submission.respondent_email,
        counts=line.taken_back_at is None and any(one.reply_of_state for one in received),
        accepted_at=submission.accepted_at,
        accepted_by=submission.accepted_by,
        transmitted_by=directory.institution_name(session, mission, language) if mission else None,
        receipts=tuple(sent),
    )
