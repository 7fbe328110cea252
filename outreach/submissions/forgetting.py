"""What stays in a draft and is not sent, taken out for good by its respondent: what a corrected questionnaire has no place for, and
answers to questions that are not asked any more.
"""

import copy
import uuid

from sqlalchemy.orm import Session

from outreach import clock
from outreach.questionnaires import places
from outreach.questionnaires import queries as questionnaires
from outreach.submissions import completeness, corrections, drafts, files


def forget(session: Session, submission_id: uuid.UUID, mark: str) -> None:
    """Take out the text, or the file, that was set aside and has this mark. Done twice, it changes nothing. Raises Missing, Refused."""
    submission = files.opened(session, submission_id)
    campaign = drafts.open_call(session, submission.campaign_id)
    corrections.bring_up(session, submission, campaign)
    if corrections.forget(session, submission, mark):
        submission.saved_at = clock.now()
        return
    form = questionnaires.form_of(session, drafts.version_of(submission, campaign))
    for line in files.in_draft(session, submission_id):
        if any(one.mark == mark for one in completeness.homeless(form, [line])):
            files.remove(session, submission_id, line.id)
            break


def clear(session: Session, submission_id: uuid.UUID, key: str) -> None:
    """Take out the answer with this key, and its files. Done twice, it changes nothing. Raises Missing, Refused."""
    submission = files.opened(session, submission_id)
    campaign = drafts.open_call(session, submission.campaign_id)
    corrections.bring_up(session, submission, campaign)
    for line in files.in_draft(session, submission_id):
        if line.question == key:
            files.remove(session, submission_id, line.id)
    form = questionnaires.form_of(session, drafts.version_of(submission, campaign))
    answers = copy.deepcopy(submission.answers)
    place = next((one for one in places.places(form, places.size_in(answers)) if one.key == key), None)
    held = places.holder(answers, place) if place is not None else {}
    if place is not None and isinstance(held, dict) and held.pop(place.item.name, None):
        submission.answers = answers
        submission.saved_at, submission.revision = clock.now(), submission.revision + 1
        session.flush()
