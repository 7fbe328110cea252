"""Submissions for the tests of reports: rows as the submissions domain writes them, with the facts beside them."""

import itertools
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.campaigns import invitations
from outreach.campaigns.models import Invitation
from outreach.campaigns.stages import FactKind
from outreach.db import fresh_key
from outreach.submissions.models import Behalf, Channel, Submission, SubmissionVersion
from tests import factories

_numbers = itertools.count(1)


def draft(
    session: Session, of: Invitation, behalf: Behalf = Behalf.STATE, *, at: datetime = factories.NOW
) -> Submission:
    """A draft that was begun."""
    made = Submission(
        id=fresh_key(),
        campaign_id=of.campaign_id,
        invitation_id=of.id,
        behalf=behalf,
        language="en",
        answers={"q1": "a draft that staff must not read"},
        begun_at=at,
        saved_at=at,
    )
    session.add(made)
    session.flush()
    invitations.record(session, of.id, FactKind.DRAFT_BEGUN, by="test", at=at)
    return made


def submitted(
    session: Session,
    of: Invitation,
    behalf: Behalf = Behalf.STATE,
    *,
    by_mission: Invitation | None = None,
    late: bool = False,
    accepted: bool = False,
    at: datetime = factories.NOW,
    channel: Channel = Channel.WEB,
) -> Submission:
    """A submission with one version, transmitted by the mission's invitation where one is given."""
    made = draft(session, of, behalf, at=at)
    number = next(_numbers)
    made.number = f"KH-2027-{of.state_code}-{number:04d}"
    if accepted:
        made.accepted_at, made.accepted_by, made.accepted_reason = at, "manager@secretariat.example", "By note verbale"
    session.add(
        SubmissionVersion(
            id=fresh_key(),
            submission_id=made.id,
            number=1,
            behalf=behalf,
            channel=channel,
            answers={"q1": "the answer"},
            files=[],
            received_at=at,
            recorded_at=at,
            recorded_by="test",
            transmitted_by_id=by_mission.id if by_mission else None,
            late=late,
            digest=f"{number:064d}",
        )
    )
    session.flush()
    kind = FactKind.TRANSMITTED if by_mission is not None and by_mission.id != of.id else FactKind.SUBMITTED
    invitations.record(session, of.id, kind, by="test", at=at)
    return made
