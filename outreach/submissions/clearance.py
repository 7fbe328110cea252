"""Through the mission: a body sends its answer to its mission, which transmits it or returns it with a reason.

Until it is transmitted, its text is between the two: staff see that a draft exists, nothing more.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import invitations
from outreach.campaigns import queries as campaigns
from outreach.campaigns.stages import FactKind
from outreach.errors import Invalid, Missing, Refused
from outreach.i18n import _, language
from outreach.identity import audit
from outreach.identity.audit import Actor
from outreach.submissions import completeness, corrections, drafts, files, reading, receipts, versions
from outreach.submissions.behalf import asked_form, clearing_mission
from outreach.submissions.files import FileLine
from outreach.submissions.models import Channel, Publication, Submission, SubmissionVersion
from outreach.submissions.reading import PartLines


@dataclass(frozen=True)
class PartToClear:
    """What a body sent to its mission: the answers as they would go to the Secretariat."""

    submission_id: uuid.UUID
    invitation_id: uuid.UUID
    institution_id: uuid.UUID
    sent_at: datetime
    respondent_name: str | None
    publication: Publication | None
    correction_of: str | None
    parts: list[PartLines]
    files: list[FileLine]


def send_to_mission(
    session: Session, submission_id: uuid.UUID, *, revision: int, publication: Publication | None, actor: Actor
) -> Submission:
    """Hand the draft to the mission, which is told by mail. Sent twice, it changes nothing.

    Raises Stale, Incomplete, Invalid, Refused.
    """
    submission = drafts.held(session, submission_id)
    campaign = drafts.open_call(session, submission.campaign_id)
    invitation = campaigns.invitation(session, submission.invitation_id)
    mission = clearing_mission(session, invitation)
    if mission is None:
        raise Refused(_("Your answer goes to the Secretariat directly."))
    if submission.sent_to_mission_at is not None:
        return submission
    if not drafts.editable(submission):
        raise Refused(_("This answer was submitted already."))
    corrections.require_seen(session, submission, campaign)
    form = asked_form(session, invitation, campaign.questionnaire_version_id)
    completeness.require(session, submission, form, revision, publication)
    submission.sent_to_mission_at = clock.now()
    submission.returned_at = submission.return_reason = None
    submission.language = language()
    session.flush()
    invitations.record(session, invitation.id, FactKind.SENT_TO_MISSION, by=actor.name)
    audit.record(session, actor, "submission.sent_to_mission", "submission", submission.id)
    receipts.sent_to_mission(session, submission, mission.id)
    return submission


def part(session: Session, mission_invitation_id: uuid.UUID, submission_id: uuid.UUID) -> PartToClear:
    """What waits for this mission, to read. Raises Missing where it is not sent to it, or no more."""
    submission = session.get(Submission, submission_id)
    if submission is None:
        raise _not_there()
    _of_mission(session, submission, mission_invitation_id)
    if submission.sent_to_mission_at is None:
        raise _not_there()
    campaign = campaigns.campaign(session, submission.campaign_id)
    invitation = campaigns.invitation(session, submission.invitation_id)
    form = asked_form(session, invitation, drafts.version_of(submission, campaign))
    given = files.in_draft(session, submission.id)
    return PartToClear(
        submission_id=submission.id,
        invitation_id=submission.invitation_id,
        institution_id=invitation.institution_id,
        sent_at=submission.sent_to_mission_at,
        respondent_name=submission.respondent_name,
        publication=submission.publication,
        correction_of=submission.number,
        parts=reading.parts(form, completeness.settled(form, submission.answers, given), given, language()),
        files=completeness.sent(form, submission.answers, given),
    )


def transmit(
    session: Session, submission_id: uuid.UUID, mission_invitation_id: uuid.UUID, actor: Actor
) -> SubmissionVersion:
    """Transmit what waits for the mission: it becomes a reply of the State. Done twice, it is one version.

    It binds the State: the caller has redeemed the code mailed to the mission. Raises Missing, Refused.
    """
    submission = drafts.held(session, submission_id)
    _of_mission(session, submission, mission_invitation_id)
    if submission.sent_to_mission_at is None:
        last = drafts.last_version(session, submission_id)
        if last is not None and last.transmitted_by_id == mission_invitation_id and submission.correcting_since is None:
            return last
        raise _not_there()
    campaign = drafts.open_call(session, submission.campaign_id)
    invitation = campaigns.invitation(session, submission.invitation_id)
    form = asked_form(session, invitation, drafts.version_of(submission, campaign))
    given = files.in_draft(session, submission.id)
    version = versions.freeze(
        session,
        submission,
        answers=completeness.settled(form, submission.answers, given),
        given=completeness.sent(form, submission.answers, given),
        channel=Channel.WEB,
        received_at=clock.now(),
        actor=actor,
        transmitted_by=mission_invitation_id,
    )
    submission.sent_to_mission_at = submission.correcting_since = None
    session.flush()
    receipts.received(session, submission, version)
    return version


def return_part(
    session: Session, submission_id: uuid.UUID, mission_invitation_id: uuid.UUID, reason: str, actor: Actor
) -> None:
    """Give what waits for the mission back to the body, with a reason that it reads. Raises Invalid without one, Missing."""
    submission = drafts.held(session, submission_id)
    _of_mission(session, submission, mission_invitation_id)
    if submission.sent_to_mission_at is None:
        raise _not_there()
    if not reason.strip():
        raise Invalid(_("Please say what should be changed."), field="reason")
    submission.sent_to_mission_at = None
    submission.returned_at, submission.return_reason = clock.now(), reason.strip()
    submission.revision += 1
    session.flush()
    invitations.record(session, submission.invitation_id, FactKind.RETURNED, by=actor.name, note=reason.strip())
    audit.record(session, actor, "submission.returned", "submission", submission.id)
    receipts.returned(session, submission, reason.strip())


def file_of_part(
    session: Session, mission_invitation_id: uuid.UUID, submission_id: uuid.UUID, file_id: uuid.UUID
) -> FileLine:
    """A file of what waits for this mission. Raises Missing."""
    found = next((f for f in part(session, mission_invitation_id, submission_id).files if f.id == file_id), None)
    if found is None:
        raise Missing(_("There is no such file."))
    return found


def _of_mission(session: Session, submission: Submission, mission_invitation_id: uuid.UUID) -> None:
    mission = clearing_mission(session, campaigns.invitation(session, submission.invitation_id))
    if mission is None or mission.id != mission_invitation_id:
        raise _not_there()


def _not_there() -> Missing:
    return Missing(_("This answer does not wait for you. It may have been transmitted or returned meanwhile."))
