"""Versions: what was submitted, frozen, numbered and hashed. A corrected one supersedes the former and keeps it."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import invitations
from outreach.campaigns import queries as campaigns
from outreach.campaigns.deadlines import deadline_for
from outreach.campaigns.models import Campaign, Invitation
from outreach.campaigns.stages import FactKind
from outreach.db import fresh_key
from outreach.identity import audit
from outreach.identity.audit import Actor
from outreach.submissions import drafts, files
from outreach.submissions.files import FileLine
from outreach.submissions.models import Channel, Submission, SubmissionCounter, SubmissionVersion


def canonical(answers: Mapping[str, Any], manifest: Iterable[Mapping[str, Any]]) -> bytes:
    """The bytes that the digest is of: JSON with sorted keys, no spaces, UTF-8; of each file its question, name and SHA-256."""
    listed = sorted(
        ({"question": f["question"], "filename": f["filename"], "sha256": f["content"]} for f in manifest),
        key=lambda f: (f["question"] is not None, f["question"] or "", f["filename"], f["sha256"]),
    )
    whole = {"answers": answers, "files": listed}
    return json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(answers: Mapping[str, Any], manifest: Iterable[Mapping[str, Any]]) -> str:
    """The SHA-256 of the canonical JSON, in hexadecimal digits."""
    return hashlib.sha256(canonical(answers, manifest)).hexdigest()


def _number(session: Session, campaign: Campaign, invitation: Invitation) -> str:
    """The next number of the campaign: KH-2027-KAZ-0007. The counter's row is locked until the transaction ends: no number twice."""
    row = insert(SubmissionCounter).values(campaign_id=campaign.id, last=1)
    last = session.execute(
        row.on_conflict_do_update(index_elements=["campaign_id"], set_={"last": SubmissionCounter.last + 1}).returning(
            SubmissionCounter.last
        )
    ).scalar_one()
    return f"{campaign.code}-{invitation.state_code or 'XX'}-{last:04d}"


def freeze(
    session: Session,
    submission: Submission,
    *,
    answers: Mapping[str, Any],
    given: Iterable[FileLine],
    channel: Channel,
    received_at: datetime,
    actor: Actor,
    transmitted_by: uuid.UUID | None = None,
    note: str | None = None,
) -> SubmissionVersion:
    """Add the next version of a submission that the caller holds, with its facts; number it if it is the first.

    `received_at` is when it reached the Secretariat; it is late if the State's deadline had passed then.
    """
    campaign = campaigns.campaign(session, submission.campaign_id)
    invitation = campaigns.invitation(session, submission.invitation_id)
    former = drafts.last_version(session, submission.id)
    # One that was taken back keeps its number.
    highest = select(func.max(SubmissionVersion.number)).where(SubmissionVersion.submission_id == submission.id)
    kept = files.manifest(given)
    version = SubmissionVersion(
        id=fresh_key(),
        submission_id=submission.id,
        number=(session.scalar(highest) or 0) + 1,
        behalf=submission.behalf,
        channel=channel,
        questionnaire_version_id=submission.questionnaire_version_id or campaign.questionnaire_version_id,
        answers=dict(answers),
        files=kept,
        publication=submission.publication,
        note=note,
        received_at=received_at,
        recorded_at=clock.now(),
        recorded_by=actor.name,
        transmitted_by_id=transmitted_by,
        late=deadline_for(session, campaign, invitation.state_code).passed(received_at),
        digest=digest(answers, kept),
    )
    session.add(version)
    if submission.number is None:
        submission.number = _number(session, campaign, invitation)
    session.flush()
    _tell(session, submission, version, actor, corrects=former is not None)
    return version


def _tell(
    session: Session, submission: Submission, version: SubmissionVersion, actor: Actor, *, corrects: bool
) -> None:
    """The facts and the audit entry of a new version."""
    told = {
        "number": submission.number,
        "version": version.number,
        "channel": version.channel.value,
        "late": version.late,
    }
    kind = FactKind.CORRECTED if corrects else FactKind.SUBMITTED
    invitations.record(
        session, submission.invitation_id, kind, by=actor.name, note=version.note, details=told, at=version.received_at
    )
    if version.transmitted_by_id is not None:
        invitations.record(
            session,
            version.transmitted_by_id,
            FactKind.TRANSMITTED,
            by=actor.name,
            details=told,
            at=version.received_at,
        )
    audit.record(
        session, actor, "submission.received", "submission", submission.id, after={**told, "digest": version.digest}
    )


def versions(session: Session, submission_id: uuid.UUID) -> list[SubmissionVersion]:
    """All versions of a submission, the first first, and those too that were taken back."""
    return list(
        session.scalars(
            select(SubmissionVersion)
            .where(SubmissionVersion.submission_id == submission_id)
            .order_by(SubmissionVersion.number)
        )
    )
