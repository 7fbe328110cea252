"""How many questions a questionnaire asks. Notes and values that are worked out are none; nor is the line that says what “other” is."""

import re

from outreach.questionnaires.form import Form, Question, QuestionType

_SPECIFIED = re.compile(r"(.+)_other_*")


def counts(question: Question) -> bool:
    """Whether it is counted as a question of its own."""
    return question.answerable and not _specifies(question)


def questions(form: Form) -> int:
    """The number of questions, whatever is asked of whom."""
    return sum(counts(question) for question in form.questions())


def _specifies(question: Question) -> bool:
    """Whether it is the line that came with `or_other`, which an author did not write and that has no number."""
    found = _SPECIFIED.fullmatch(question.name)
    if found is None or question.code or question.type is not QuestionType.TEXT:
        return False
    return question.relevant.endswith(f"selected(${{{found[1]}}}, 'other')")
