"""Whether a draft can go out: everything asked for is there and right, and it is what the person had before their eyes."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from outreach.errors import Invalid, Stale
from outreach.i18n import _
from outreach.questionnaires import rules
from outreach.questionnaires.answers import Answers
from outreach.questionnaires.carrying import SetAside
from outreach.questionnaires.form import Form
from outreach.submissions import files
from outreach.submissions.files import FileLine
from outreach.submissions.models import Publication, Submission


class Incomplete(Invalid):
    """Answers are missing or wrong: `by_question` has the sentence of each."""

    def __init__(self, by_question: dict[str, str]) -> None:
        super().__init__(
            _("Some answers are missing or need a correction. Nothing was sent."), faults=list(by_question.values())
        )
        self.by_question = by_question


def faults(session: Session, submission_id: uuid.UUID, answers: Answers, form: Form) -> dict[str, str]:
    """What stands in the way of a submission, by question, in the language spoken now."""
    having = {line.question for line in files.in_draft(session, submission_id) if line.question}
    if not answers and not having:
        return {next(form.questions()).name: _("Nothing has been answered yet.")}
    return dict(rules.outcome(form, answers, having).faults)


def settled(form: Form, answers: Answers, given: Iterable[FileLine]) -> dict[str, Any]:
    """The answers as a version keeps them: what is asked now and not empty, and what was worked out."""
    having = {line.question for line in given if line.question}
    return rules.settled(form, answers, rules.outcome(form, answers, having))


def sent(form: Form, answers: Answers, given: Iterable[FileLine]) -> list[FileLine]:
    """The files as a version keeps them: those of questions that are asked now, and whole documents."""
    listed = list(given)
    asked = rules.outcome(form, answers, {line.question for line in listed if line.question}).asked
    names = {question.name for question in form.questions()}
    return [line for line in listed if line.question is None or _goes(line.question, names, asked)]


def _goes(key: str, names: Collection[str], asked: Mapping[str, bool]) -> bool:
    return key.rpartition(".")[2] in names and asked.get(key, True)


def homeless(form: Form, given: Iterable[FileLine]) -> tuple[SetAside, ...]:
    """The files of questions that the questionnaire asks nobody any more: they stay with the draft, and are not sent."""
    names = {item.name for item in form.items()}
    return tuple(
        SetAside("", {}, line.filename)
        for line in given
        if line.question is not None and line.question.rpartition(".")[2] not in names
    )


def require(
    session: Session, submission: Submission, form: Form, revision: int, publication: Publication | None
) -> None:
    """Raise Stale where the draft was changed since the review page was opened, Incomplete or Invalid where it can't go out."""
    if submission.revision != revision:
        raise Stale(
            _("The draft was changed after you had opened this page. Nothing was sent; please look at it once more.")
        )
    found = faults(session, submission.id, submission.answers, form)
    if found:
        raise Incomplete(found)
    if publication is None:
        raise Invalid(_("Please choose how your answer may be published."), field="publication")
    submission.publication = publication
