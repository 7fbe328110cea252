"""Drafts and a questionnaire that was corrected meanwhile: answers are carried over, and the respondent sees once what changed.

What can't be changed any more (submitted, or with the mission) keeps the version that it was written on.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from outreach.campaigns import queries as campaigns
from outreach.campaigns.models import Campaign
from outreach.errors import Stale
from outreach.i18n import _, language
from outreach.questionnaires import queries as questionnaires
from outreach.questionnaires.carrying import SetAside, carry
from outreach.questionnaires.differences import Difference, differences
from outreach.submissions.behalf import asked_form
from outreach.submissions.models import Submission


@dataclass(frozen=True)
class Carried:
    """A draft as it stands on the version in force. `changes` are those that the respondent has not seen."""

    answers: Mapping[str, Any]
    set_aside: tuple[SetAside, ...]
    changes: tuple[Difference, ...]


def carried(session: Session, submission: Submission, campaign: Campaign) -> Carried:
    """The draft on the version in force; nothing is written. Of what can't be changed: as it is."""
    answers, aside = _carried(session, submission, campaign.questionnaire_version_id)
    changes = _unseen(session, submission, campaign.questionnaire_version_id)
    return Carried(answers, (*_kept(submission), *aside), tuple(changes))


def as_it_is(submission: Submission) -> Carried:
    """An answer that can't be changed now."""
    return Carried(submission.answers, _kept(submission), ())


def bring_up(session: Session, submission: Submission, campaign: Campaign) -> None:
    """Carry an open draft, which the caller holds, over to the version in force."""
    version_id = campaign.questionnaire_version_id
    if submission.questionnaire_version_id == version_id:
        return
    answers, aside = _carried(session, submission, version_id)
    if answers != submission.answers:
        submission.answers = answers
        submission.revision += 1
    submission.set_aside = [
        *submission.set_aside,
        *({"code": one.code, "label": dict(one.label), "text": one.text} for one in aside),
    ]
    if submission.corrected_from_id is None and submission.answers:
        submission.corrected_from_id = submission.questionnaire_version_id
    submission.questionnaire_version_id = version_id
    session.flush()


def seen(session: Session, submission: Submission, campaign: Campaign) -> None:
    """The respondent has seen what changed in a draft that the caller holds."""
    bring_up(session, submission, campaign)
    submission.corrected_from_id = None
    session.flush()


def forget(session: Session, submission: Submission, mark: str) -> bool:
    """Take the text with this mark out of what was set aside in a draft that the caller holds; False where there is none."""
    place = next((place for place, one in enumerate(_kept(submission)) if one.mark == mark), None)
    if place is None:
        return False
    submission.set_aside = [*submission.set_aside[:place], *submission.set_aside[place + 1 :]]
    session.flush()
    return True


def require_seen(session: Session, submission: Submission, campaign: Campaign) -> None:
    """Raise Stale where the respondent has not seen what changed in the questionnaire since the draft was begun."""
    if _unseen(session, submission, campaign.questionnaire_version_id):
        raise Stale(
            _(
                "The questionnaire was corrected. Nothing was sent; please look at what changed before you send your answer."
            )
        )
    seen(session, submission, campaign)


def _carried(
    session: Session, submission: Submission, version_id: uuid.UUID | None
) -> tuple[dict[str, Any], list[SetAside]]:
    was = submission.questionnaire_version_id
    if was is None or was == version_id:
        return dict(submission.answers), []
    old, new = (questionnaires.form_of(session, one) for one in (was, version_id))
    return carry(submission.answers, old, new, language())


def _unseen(session: Session, submission: Submission, version_id: uuid.UUID | None) -> list[Difference]:
    since = submission.corrected_from_id or submission.questionnaire_version_id
    if since is None or since == version_id or not (submission.answers or submission.set_aside):
        return []
    invitation = campaigns.invitation(session, submission.invitation_id)
    old, new = (asked_form(session, invitation, one) for one in (since, version_id))
    return differences(old, new, language())


def _kept(submission: Submission) -> tuple[SetAside, ...]:
    return tuple(SetAside(one["code"], one["label"], one["text"]) for one in submission.set_aside)
