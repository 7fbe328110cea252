"""Answers are submitted, accepted, corrected. What other packages call of this domain's changes is named here."""

import uuid

from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import invitations
from outreach.campaigns import queries as campaigns
from outreach.campaigns.stages import FactKind
from outreach.directory.models import MISSION_KINDS, Institution
from outreach.errors import Invalid, Refused
from outreach.i18n import _, language
from outreach.identity import audit
from outreach.identity.audit import Actor
from outreach.submissions import completeness, corrections, drafts, files, receipts, versions
from outreach.submissions.behalf import asked_form, clearing_mission
from outreach.submissions.clearance import return_part, send_to_mission, transmit
from outreach.submissions.drafts import begin, reopen, save
from outreach.submissions.models import Channel, Publication, Submission, SubmissionVersion
from outreach.submissions.recording import record_by_staff

__all__ = [
    "accept_as_state",
    "begin",
    "change_publication",
    "needs_code",
    "record_by_staff",
    "reopen",
    "return_part",
    "save",
    "send_to_mission",
    "submit",
    "transmit",
]

TRANSMIT = "transmit"
"""The act that the mailed code of a mission's own reply is for."""


def needs_code(session: Session, invitation_id: uuid.UUID) -> bool:
    """Whether submitting binds the State: the institution is a mission, and its answer is the reply of its State."""
    institution = session.get_one(Institution, campaigns.invitation(session, invitation_id).institution_id)
    return institution.kind in MISSION_KINDS


def submit(
    session: Session,
    submission_id: uuid.UUID,
    *,
    revision: int,
    publication: Publication | None,
    actor: Actor,
    code: str = "",
) -> SubmissionVersion:
    """Submit the draft to the Secretariat; the version is in force at once. The same click twice is one version.

    A mission's own reply takes the code mailed to it. Raises Stale, Incomplete, Invalid (with its field), TooMany, Refused.
    """
    submission = drafts.held(session, submission_id)
    last = drafts.last_version(session, submission_id)
    if last is not None and submission.correcting_since is None:
        return last
    campaign = drafts.open_call(session, submission.campaign_id)
    invitation = campaigns.invitation(session, submission.invitation_id)
    if clearing_mission(session, invitation) is not None:
        raise Refused(_("Your answer goes to the Secretariat through the Permanent Mission."))
    corrections.require_seen(session, submission, campaign)
    form = asked_form(session, invitation, campaign.questionnaire_version_id)
    completeness.require(session, submission, form, revision, publication)
    own_mission = needs_code(session, invitation.id)
    if own_mission:
        _redeem(session, invitation.id, code)
    submission.language = language()
    given = files.in_draft(session, submission.id)
    version = versions.freeze(
        session,
        submission,
        answers=completeness.settled(form, submission.answers, given),
        given=completeness.sent(form, submission.answers, given),
        channel=Channel.WEB,
        received_at=clock.now(),
        actor=actor,
        transmitted_by=invitation.id if own_mission else None,
    )
    submission.correcting_since = None
    session.flush()
    receipts.received(session, submission, version)
    return version


def _redeem(session: Session, invitation_id: uuid.UUID, code: str) -> None:
    from outreach.campaigns import act_codes

    act_codes.redeem(session, invitation_id, TRANSMIT, code)


def change_publication(
    session: Session, submission_id: uuid.UUID, publication: Publication, actor: Actor
) -> Submission:
    """Change the choice about publication of a submitted answer; what was chosen before stays with the versions."""
    submission = drafts.held(session, submission_id)
    if submission.publication is not publication:
        before = submission.publication.value if submission.publication else None
        submission.publication = publication
        audit.record(
            session,
            actor,
            "submission.publication_changed",
            "submission",
            submission.id,
            before={"publication": before},
            after={"publication": publication.value},
        )
        session.flush()
    return submission


def accept_as_state(session: Session, submission_id: uuid.UUID, reason: str, actor: Actor) -> Submission:
    """Staff accept a submission as the reply of its State, with a reason; reminders stop as for any reply of the State.

    Raises Invalid without a reason, Refused where nothing was submitted or the institution has no State.
    """
    submission = drafts.held(session, submission_id)
    invitation = campaigns.invitation(session, submission.invitation_id)
    if not reason.strip():
        raise Invalid(_("Please say why this is accepted as the reply of the State."), field="reason")
    if submission.number is None:
        raise Refused(_("Nothing was submitted yet, so there is nothing to accept."))
    if invitation.state_code is None:
        raise Refused(_("This institution has no State, so its submission is no reply of a State."))
    if submission.accepted_at is not None:
        return submission
    submission.accepted_at, submission.accepted_by, submission.accepted_reason = clock.now(), actor.name, reason.strip()
    session.flush()
    invitations.record(session, invitation.id, FactKind.ACCEPTED, by=actor.name, note=reason.strip())
    audit.record(session, actor, "submission.accepted", "submission", submission.id, after={"reason": reason.strip()})
    receipts.stop(session, submission, reply_of_state=True)
    return submission
