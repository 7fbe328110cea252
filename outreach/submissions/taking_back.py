"""What staff recorded is taken back: the version stays to be read, and counts no more. Letters that left about it stay sent."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import invitations
from outreach.campaigns import queries as campaigns
from outreach.campaigns.facts import STANDS
from outreach.campaigns.models import InvitationFact
from outreach.campaigns.stages import FactKind
from outreach.correspondence import outbox
from outreach.correspondence import queries as letters
from outreach.correspondence.models import LetterKind, LetterState
from outreach.correspondence.queries import LetterLine
from outreach.directory.models import Institution
from outreach.errors import Invalid, Refused, Stale
from outreach.i18n import _
from outreach.identity import audit
from outreach.identity.audit import Actor
from outreach.submissions import drafts
from outreach.submissions.behalf import behalf_of
from outreach.submissions.models import Channel, Submission, SubmissionVersion


@dataclass(frozen=True)
class TakenBack:
    """The version that counts no more, and the number that it had."""

    version_id: uuid.UUID
    number: str


def take_back(session: Session, submission_id: uuid.UUID, version: int, reason: str, actor: Actor) -> TakenBack:
    """Take back a version that staff recorded, with a reason: the version before it is in force again, or nothing was received.

    The stage and all counts are then what they were; a number that was given is given to nobody again. A reminder that the record
    had cancelled stays cancelled. Raises Invalid (field "reason"), Missing, Stale where it was taken back meanwhile, Refused for what
    came by the web, or was superseded.
    """
    submission = drafts.held(session, submission_id)
    found = _version(session, submission_id, version)
    if found is not None and found.taken_back_at is not None:
        raise Stale(_("This record was taken back already."))
    if found is None or not may_be_taken_back(found, drafts.last_version(session, submission_id)):
        raise Refused(
            _("Only a reply that staff recorded can be taken back, and only while it is the version in force.")
        )
    if not reason.strip():
        raise Invalid(_("Please say why it is taken back; the reason is kept with it."), field="reason")
    number = submission.number or ""
    found.taken_back_at, found.taken_back_by = clock.now(), actor.name
    found.taken_back_reason, found.number_given = reason.strip(), number
    session.flush()
    before = drafts.last_version(session, submission_id)
    facts = _facts(session, submission, found, none_left=before is None)
    invitations.take_back(session, facts, by=actor.name, note=reason.strip())
    if not _standing(session, submission.invitation_id, FactKind.ACCEPTED):
        submission.accepted_at = submission.accepted_by = submission.accepted_reason = None
    _as_it_was(session, submission, before)
    occasion = _occasion(number, found)
    outbox.cancel(
        session, [submission.invitation_id], [LetterKind.RECEIPT], "the record was taken back", occasion=occasion
    )
    audit.record(
        session, actor, "submission.taken_back", "submission", submission.id,
        before={"number": number, "version": found.number}, after={"reason": reason.strip()},
    )  # fmt: skip
    return TakenBack(found.id, number)


def may_be_taken_back(version: SubmissionVersion, in_force: SubmissionVersion | None) -> bool:
    """Whether staff recorded the version, and none supersedes it."""
    return version.channel is not Channel.WEB and in_force is not None and in_force.id == version.id


def receipts_sent(session: Session, submission_id: uuid.UUID, version: int) -> list[LetterLine]:
    """The receipts of a version that was taken back which left: nobody can call them back."""
    submission = session.get_one(Submission, submission_id)
    found = _version(session, submission_id, version)
    occasion = _occasion(found.number_given or "", found) if found else ""

    def about(line: LetterLine) -> tuple[str, str]:
        # A letter to an address that only its occasion knows is named by both.
        return occasion, f"{occasion} {line.to_address}"

    return [
        line
        for line in letters.letters_of(session, [submission.invitation_id])
        if line.kind is LetterKind.RECEIPT and line.occasion in about(line) and line.state is not LetterState.CANCELLED
    ]


def last_of(session: Session, invitation_id: uuid.UUID) -> SubmissionVersion | None:
    """The version of an institution's reply that was taken back last, None where there is none."""
    return session.scalars(
        select(SubmissionVersion)
        .join(Submission, Submission.id == SubmissionVersion.submission_id)
        .where(Submission.invitation_id == invitation_id, SubmissionVersion.taken_back_at.is_not(None))
        .order_by(SubmissionVersion.taken_back_at.desc(), SubmissionVersion.id.desc())
        .limit(1)
    ).one_or_none()


def _version(session: Session, submission_id: uuid.UUID, number: int) -> SubmissionVersion | None:
    wanted = (SubmissionVersion.submission_id == submission_id, SubmissionVersion.number == number)
    return session.scalars(select(SubmissionVersion).where(*wanted)).one_or_none()


def _facts(
    session: Session, submission: Submission, version: SubmissionVersion, *, none_left: bool
) -> list[InvitationFact]:
    """What the history says because of the version: that it came, and that it was accepted as the reply of the State."""
    came = [
        fact
        for fact in _standing(session, submission.invitation_id, FactKind.SUBMITTED, FactKind.CORRECTED)
        if fact.details.get("version") == version.number
    ]
    accepted = [
        fact
        for fact in _standing(session, submission.invitation_id, FactKind.ACCEPTED)
        # What was accepted with the record bears the instant of its receipt; what was accepted later was accepted for its sake.
        if none_left or fact.at == version.received_at or fact.at >= version.recorded_at
    ]
    return came + accepted


def _standing(session: Session, invitation_id: uuid.UUID, *kinds: FactKind) -> list[InvitationFact]:
    return list(
        session.scalars(
            select(InvitationFact)
            .where(InvitationFact.invitation_id == invitation_id, InvitationFact.kind.in_(kinds), STANDS)
            .order_by(InvitationFact.at, InvitationFact.id)
        )
    )


def _as_it_was(session: Session, submission: Submission, before: SubmissionVersion | None) -> None:
    """The submission without the version: numbered only where another is in force, and a draft only where somebody began one."""
    if before is not None:
        submission.behalf = before.behalf
        return
    invitation = campaigns.invitation(session, submission.invitation_id)
    submission.behalf = behalf_of(session.get_one(Institution, invitation.institution_id).kind)
    submission.number = None
    if not _standing(session, invitation.id, FactKind.DRAFT_BEGUN):
        submission.begun_at = None
    session.flush()


def _occasion(number: str, version: SubmissionVersion) -> str:
    return f"{number} version {version.number}"
