"""Staff take the answers of a reply that came by mail or on paper over from its document: a next version, with the same document,
channel and instant. What a respondent wrote on the pages is not theirs to change.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from outreach.campaigns import queries as campaigns
from outreach.errors import Missing, Refused, Stale
from outreach.i18n import _
from outreach.identity.audit import Actor
from outreach.questionnaires.form import Form
from outreach.submissions import completeness, drafts, files, versions
from outreach.submissions.behalf import asked_form
from outreach.submissions.files import FileLine
from outreach.submissions.models import Channel, Submission, SubmissionVersion


@dataclass(frozen=True)
class Transcript:
    """The version in force of a recorded reply: its number, its answers so far, its documents, and the questionnaire it answers."""

    number: str
    version: int
    form: Form
    answers: Mapping[str, Any]
    documents: tuple[FileLine, ...]


def transcript(session: Session, submission_id: uuid.UUID) -> Transcript:
    """What there is to type from. Raises Missing, and Refused where the reply came by the pages or the call has no questionnaire."""
    submission = session.get(Submission, submission_id)
    last = drafts.last_version(session, submission_id)
    if submission is None or last is None:
        raise Missing(_("There is no such submission."))
    return _transcript(session, submission, last)


def _transcript(session: Session, submission: Submission, last: SubmissionVersion) -> Transcript:
    if last.channel is Channel.WEB:
        raise Refused(_("This answer was given on the pages; only the institution changes it."))
    if last.questionnaire_version_id is None:
        raise Refused(_("This call for input has no questionnaire."))
    invitation = campaigns.invitation(session, submission.invitation_id)
    given = files.of_version(last)
    return Transcript(
        number=submission.number or "",
        version=last.number,
        form=asked_form(session, invitation, last.questionnaire_version_id),
        answers=last.answers,
        documents=tuple(line for line in given if line.question is None),
    )


def transcribe(
    session: Session, submission_id: uuid.UUID, version: int, changed: Mapping[str, Any], actor: Actor
) -> SubmissionVersion:
    """Add the next version, with these top-level answers beside those that were there. No receipt leaves: its number has not changed.

    Raises Stale where a later version than `version` is in force, Refused and Missing as `transcript`.
    """
    submission = drafts.held(session, submission_id)
    last = drafts.last_version(session, submission_id)
    if last is None:
        raise Missing(_("There is no such submission."))
    there = _transcript(session, submission, last)
    if last.number != version:
        raise Stale(_("A later version of this reply was recorded meanwhile. Please look at it first."))
    given = files.of_version(last)
    answers = completeness.settled(there.form, {**last.answers, **changed}, given)
    if answers == last.answers:
        return last
    return versions.freeze(
        session,
        submission,
        answers=answers,
        given=given,
        channel=last.channel,
        received_at=last.received_at,
        actor=actor,
        transmitted_by=last.transmitted_by_id,
        note=last.note,
    )
