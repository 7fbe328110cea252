"""What a respondent reads of its own answer: how it stands, what the draft holds, what stands in its way."""

import enum
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from outreach.campaigns import queries as campaigns
from outreach.i18n import language
from outreach.questionnaires import queries as questionnaires
from outreach.questionnaires.carrying import SetAside
from outreach.questionnaires.differences import sentence
from outreach.questionnaires.form import Form
from outreach.submissions import completeness, corrections, drafts, files, reading
from outreach.submissions.behalf import asked_form, clearing_mission
from outreach.submissions.files import FileLine
from outreach.submissions.models import Publication, Submission
from outreach.submissions.reading import PartLines


class Standing(enum.StrEnum):
    """Where an answer is between its first word and its receipt."""

    DRAFT = "draft"
    RETURNED = "returned"
    CORRECTING = "correcting"
    WITH_MISSION = "with_mission"
    SUBMITTED = "submitted"


@dataclass(frozen=True)
class OwnAnswer:
    """An answer as its holder reads it. `number` is set as soon as any version was submitted, also while a correction is written.

    `changes` say what changed in the questionnaire since the holder last looked; `set_aside` are answers it has no place for any more.
    """

    id: uuid.UUID
    standing: Standing
    revision: int
    answers: Mapping[str, Any]
    files: tuple[FileLine, ...]
    publication: Publication | None
    respondent_name: str | None
    respondent_email: str | None
    saved_at: datetime
    sent_to_mission_at: datetime | None
    returned_at: datetime | None
    return_reason: str | None
    number: str | None
    questionnaire_version_id: uuid.UUID | None
    changes: tuple[str, ...]
    set_aside: tuple[SetAside, ...]

    @property
    def editable(self) -> bool:
        """Whether the draft may be changed now."""
        return self.standing not in {Standing.WITH_MISSION, Standing.SUBMITTED}


def own_answer(session: Session, invitation_id: uuid.UUID) -> OwnAnswer | None:
    """The answer of the institution behind an invitation; None where nothing was begun, or what staff had recorded was taken back."""
    found = drafts.of_invitation(session, invitation_id)
    if found is None or (found.begun_at is None and found.number is None):
        return None
    campaign = campaigns.campaign(session, found.campaign_id)
    open_draft = drafts.editable(found)
    stands = corrections.carried(session, found, campaign) if open_draft else corrections.as_it_is(found)
    given = tuple(files.in_draft(session, found.id))
    version_id = drafts.version_of(found, campaign)
    homeless = completeness.homeless(questionnaires.form_of(session, version_id), given) if open_draft else ()
    return OwnAnswer(
        id=found.id,
        standing=_standing(found),
        revision=found.revision,
        answers=stands.answers,
        files=given,
        publication=found.publication,
        respondent_name=found.respondent_name,
        respondent_email=found.respondent_email,
        saved_at=found.saved_at,
        sent_to_mission_at=found.sent_to_mission_at,
        returned_at=found.returned_at,
        return_reason=found.return_reason,
        number=found.number,
        questionnaire_version_id=version_id,
        changes=tuple(sentence(one) for one in stands.changes),
        set_aside=(*stands.set_aside, *homeless),
    )


def _standing(submission: Submission) -> Standing:
    if submission.sent_to_mission_at is not None:
        return Standing.WITH_MISSION
    if not drafts.editable(submission):
        return Standing.SUBMITTED
    if submission.returned_at is not None:
        return Standing.RETURNED
    return Standing.DRAFT if submission.number is None else Standing.CORRECTING


def mission_between(session: Session, invitation_id: uuid.UUID) -> uuid.UUID | None:
    """The mission (its institution) that reads the answer and transmits it; None where it goes to the Secretariat directly."""
    mission = clearing_mission(session, campaigns.invitation(session, invitation_id))
    return mission.institution_id if mission else None


def form_for(session: Session, invitation_id: uuid.UUID) -> Form:
    """The questionnaire as the institution behind an invitation is asked it now."""
    return asked_form(session, campaigns.invitation(session, invitation_id), version_for(session, invitation_id))


def version_for(session: Session, invitation_id: uuid.UUID) -> uuid.UUID | None:
    """The version of the questionnaire that it is asked now, None where it is asked none."""
    campaign = campaigns.campaign(session, campaigns.invitation(session, invitation_id).campaign_id)
    found = drafts.of_invitation(session, invitation_id)
    return drafts.version_of(found, campaign) if found else campaign.questionnaire_version_id


def parts(own: OwnAnswer, form: Form) -> list[PartLines]:
    """The draft as people read it, in the language spoken now."""
    return reading.parts(form, own.answers, own.files, language())


def faults(session: Session, own: OwnAnswer, form: Form) -> dict[str, str]:
    """What stands in the way of a submission, by question, in the language spoken now."""
    return completeness.faults(session, own.id, own.answers, form)
