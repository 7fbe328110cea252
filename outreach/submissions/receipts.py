"""Letters that an answer gives rise to: the receipt, the part for the mission, its return. Each is queued once."""

import uuid
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from outreach.campaigns import letters, links
from outreach.campaigns import queries as campaigns
from outreach.campaigns.letters import Recipient
from outreach.campaigns.links import LinkKind
from outreach.campaigns.models import Invitation
from outreach.correspondence import outbox
from outreach.correspondence.models import LetterKind
from outreach.dates import un_instant
from outreach.directory import queries as directory
from outreach.i18n import _
from outreach.submissions import stops
from outreach.submissions.behalf import clearing_mission
from outreach.submissions.models import Behalf, Submission, SubmissionVersion


def received(session: Session, submission: Submission, version: SubmissionVersion) -> None:
    """Queue the receipt in the respondent's language, and cancel the reminders that the reply makes needless.

    Where the respondent left no address of its own, the institution's contacts get it; the mission that transmitted gets one, too.
    """
    invitation = campaigns.invitation(session, submission.invitation_id)
    of_state = version.transmitted_by_id is not None or submission.accepted_at is not None
    stop(session, submission, reply_of_state=of_state)
    _receipt(session, invitation, LinkKind.ANSWER, "/receipt", submission, version)
    if version.transmitted_by_id not in (None, invitation.id):
        mission = campaigns.invitation(session, version.transmitted_by_id)
        _receipt(session, mission, LinkKind.MISSION, f"/transmitted/{submission.id}", submission, version)


def stop(session: Session, submission: Submission, *, reply_of_state: bool) -> None:
    """Cancel the reminders that wait."""
    invitation = campaigns.invitation(session, submission.invitation_id)
    ids = stops.stopped_by(session, invitation, reply_of_state=reply_of_state)
    outbox.cancel(session, ids, [LetterKind.REMINDER], f"a reply was received: {submission.number}")


def sent_to_mission(session: Session, submission: Submission, mission_invitation_id: uuid.UUID) -> None:
    """Tell the mission that a part of the reply waits for it."""
    body = campaigns.invitation(session, submission.invitation_id).institution_id
    letters.queue_for(
        session,
        campaigns.invitation(session, mission_invitation_id),
        LetterKind.PART_FOR_MISSION,
        f"{submission.id} {submission.revision}",
        values=lambda language: {
            "body": directory.institution_name(session, body, language),
            "linkpart": links.address(LinkKind.MISSION, mission_invitation_id, language, f"/parts/{submission.id}"),
        },
    )


def returned(session: Session, submission: Submission, reason: str) -> None:
    """Tell the body that its mission returned its answer, and why."""
    invitation = campaigns.invitation(session, submission.invitation_id)
    mission = clearing_mission(session, invitation)
    assert mission is not None
    letters.queue_for(
        session,
        invitation,
        LetterKind.RETURNED,
        f"{submission.id} {submission.revision}",
        values=lambda language: {"reason": reason, "ofsender": letters.of_whom(session, mission.id, language)},
        recipients=_respondent(submission),
    )


def _receipt(
    session: Session,
    to: Invitation,
    kind: LinkKind,
    page: str,
    submission: Submission,
    version: SubmissionVersion,
) -> None:
    letters.queue_for(
        session,
        to,
        LetterKind.RECEIPT,
        f"{submission.number} version {version.number}",
        values=_of_receipt(session, to, kind, page, submission, version),
        variant="late" if version.late else "",
        recipients=_respondent(submission) if to.id == submission.invitation_id else None,
    )


def _of_receipt(
    session: Session, to: Invitation, kind: LinkKind, page: str, submission: Submission, version: SubmissionVersion
) -> Callable[[str], Mapping[str, str]]:
    zone = campaigns.campaign(session, submission.campaign_id).deadline_zone
    return lambda language: {
        "number": submission.number or "",
        "received": un_instant(version.received_at, zone),
        "behalf": _behalf(version.behalf),
        "version": str(version.number),
        "linkreceipt": links.address(kind, to.id, language, page),
        "digest": version.digest,
    }


def _behalf(behalf: Behalf) -> str:
    return {
        Behalf.STATE: _("the State"),
        Behalf.NATIONAL_AUTHORITY: _("a national authority"),
        Behalf.NATIONAL_HUMAN_RIGHTS_INSTITUTION: _("a national human rights institution"),
        Behalf.STAKEHOLDER: _("another stakeholder"),
    }[behalf]


def _respondent(submission: Submission) -> list[Recipient] | None:
    """The address that the respondent gave for this answer; None: the institution's contacts."""
    if not submission.respondent_email:
        return None
    return [Recipient(submission.respondent_email, submission.language)]
