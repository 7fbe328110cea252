"""What staff may read of submissions: those that were submitted, in full; of a draft only that it exists.

No function here reads the text or the files of a draft; a test holds that.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.campaigns.models import Invitation
from outreach.errors import Missing
from outreach.forwarding import bodies
from outreach.i18n import _, language
from outreach.questionnaires import queries as questionnaires
from outreach.submissions import drafts, files, reading, taking_back, versions
from outreach.submissions.counting import IN_FORCE
from outreach.submissions.files import FileLine
from outreach.submissions.models import Behalf, Channel, Publication, Submission, SubmissionVersion
from outreach.submissions.reading import PartLines


@dataclass(frozen=True)
class DraftLine:
    """That a draft exists: since when, saved when, and whether it waits for the mission."""

    invitation_id: uuid.UUID
    begun_at: datetime
    saved_at: datetime
    sent_to_mission_at: datetime | None


@dataclass(frozen=True)
class ReceivedLine:
    """A submission that was received: its number, and its last version."""

    submission_id: uuid.UUID
    invitation_id: uuid.UUID
    institution_id: uuid.UUID
    state_code: str | None
    number: str
    behalf: Behalf
    channel: Channel
    version: int
    first_received_at: datetime
    received_at: datetime
    late: bool
    reply_of_state: bool
    accepted_reason: str | None


@dataclass(frozen=True)
class VersionLine:
    """One version in full."""

    submission_id: uuid.UUID
    invitation_id: uuid.UUID
    number: str
    version: int
    versions: int
    behalf: Behalf
    channel: Channel
    publication: Publication | None
    received_at: datetime
    recorded_by: str
    note: str | None
    late: bool
    transmitted_by_id: uuid.UUID | None
    accepted_reason: str | None
    digest: str
    parts: list[PartLines]
    files: list[FileLine]
    in_force: bool
    can_be_taken_back: bool
    taken_back_at: datetime | None
    taken_back_by: str | None
    taken_back_reason: str | None

    @property
    def documents(self) -> list[FileLine]:
        """The documents that are a reply by themselves."""
        return reading.whole_documents(self.files)


def drafts_of(session: Session, invitation_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, DraftLine]:
    """The drafts that exist, not submitted yet, by invitation."""
    rows = session.execute(
        select(Submission.invitation_id, Submission.begun_at, Submission.saved_at, Submission.sent_to_mission_at).where(
            Submission.invitation_id.in_(list(invitation_ids)),
            Submission.number.is_(None),
        )
    )
    return {key: DraftLine(key, begun, saved, sent) for key, begun, saved, sent in rows if begun is not None}


def waiting_parts(session: Session, mission_invitation_id: uuid.UUID) -> dict[uuid.UUID, uuid.UUID]:
    """What waits for this mission to transmit or return: invitation of the body → submission."""
    below = [
        step.id
        for step in bodies.below(session, mission_invitation_id)
        if step.parent_id is not None
        and (nearest := bodies.mission_above(session, step.parent_id)) is not None
        and nearest.id == mission_invitation_id
    ]
    rows = session.execute(
        select(Submission.invitation_id, Submission.id).where(
            Submission.invitation_id.in_(below), Submission.sent_to_mission_at.is_not(None)
        )
    )
    return {row.invitation_id: row.id for row in rows}


def received(
    session: Session, campaign_id: uuid.UUID, *, invitation_ids: Iterable[uuid.UUID] | None = None
) -> list[ReceivedLine]:
    """The submissions received in a campaign, or from some invitations; in the order of their first instants."""
    chosen = (
        select(Submission, Invitation, SubmissionVersion)
        .join(Invitation, Invitation.id == Submission.invitation_id)
        .join(SubmissionVersion, SubmissionVersion.submission_id == Submission.id)
        .where(Submission.campaign_id == campaign_id, IN_FORCE)
        .order_by(Submission.id, SubmissionVersion.number)
    )
    if invitation_ids is not None:
        chosen = chosen.where(Invitation.id.in_(list(invitation_ids)))
    grouped: dict[uuid.UUID, tuple[Submission, Invitation, list[SubmissionVersion]]] = {}
    for submission, invitation, version in session.execute(chosen):
        grouped.setdefault(submission.id, (submission, invitation, []))[2].append(version)
    lines = [_received(*found) for found in grouped.values()]
    return sorted(lines, key=lambda line: (line.first_received_at, line.number))


def _received(submission: Submission, invitation: Invitation, kept: list[SubmissionVersion]) -> ReceivedLine:
    last = kept[-1]
    return ReceivedLine(
        submission_id=submission.id,
        invitation_id=invitation.id,
        institution_id=invitation.institution_id,
        state_code=invitation.state_code,
        number=submission.number or "",
        behalf=last.behalf,
        channel=last.channel,
        version=last.number,
        first_received_at=min(version.received_at for version in kept),
        received_at=last.received_at,
        late=all(version.late for version in kept),
        reply_of_state=invitation.state_code is not None
        and (submission.accepted_at is not None or any(version.transmitted_by_id for version in kept)),
        accepted_reason=submission.accepted_reason,
    )


def version(session: Session, submission_id: uuid.UUID, number: int | None = None) -> VersionLine:
    """A version in full, labels in the language spoken now; unless `number` says which, the one in force, or where all were taken back
    the last. Raises Missing.
    """
    submission = session.get(Submission, submission_id)
    kept = versions.versions(session, submission_id)
    last = drafts.last_version(session, submission_id)
    wanted = number or (last.number if last else None)
    found = next((v for v in reversed(kept) if wanted in (None, v.number)), None)
    if submission is None or found is None:
        raise Missing(_("There is no such submission."))
    form = questionnaires.form_of(session, found.questionnaire_version_id)
    given = files.of_version(found)
    return VersionLine(
        submission_id=submission.id,
        invitation_id=submission.invitation_id,
        number=found.number_given or submission.number or "",
        version=found.number,
        versions=len(kept),
        behalf=found.behalf,
        channel=found.channel,
        publication=submission.publication,
        received_at=found.received_at,
        recorded_by=found.recorded_by,
        note=found.note,
        late=found.late,
        transmitted_by_id=found.transmitted_by_id,
        accepted_reason=submission.accepted_reason,
        digest=found.digest,
        parts=reading.parts(form, found.answers, given, language()),
        files=given,
        in_force=last is not None and last.id == found.id,
        can_be_taken_back=taking_back.may_be_taken_back(found, last),
        taken_back_at=found.taken_back_at,
        taken_back_by=found.taken_back_by,
        taken_back_reason=found.taken_back_reason,
    )


def file_of_version(session: Session, submission_id: uuid.UUID, file_id: uuid.UUID) -> FileLine:
    """A file that any version of the submission has; a draft's files are not found here. Raises Missing."""
    for kept in versions.versions(session, submission_id):
        for line in files.of_version(kept):
            if line.id == file_id:
                return line
    raise Missing(_("There is no such file."))
