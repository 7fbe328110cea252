"""What a corrected questionnaire has no place for, taken out of the draft for good by its respondent."""

import uuid

from sqlalchemy.orm import Session

from outreach import clock
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
