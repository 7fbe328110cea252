"""Answers: read from a page's form as they were typed, and checked. A draft may hold anything; only a submission must be right."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from outreach.i18n import _, language, ngettext
from outreach.questionnaires.form import NUMBERS, Form, Part, Question, QuestionType

Answers = Mapping[str, Any]
"""Question name → text as typed, or a list of choice names. Questions without an answer are not in it."""

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_TESTS = {
    ">=": lambda value, bound: value >= bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    "<": lambda value, bound: value < bound,
}


class FormData(Protocol):
    """What a page sent: several values a name."""

    def getlist(self, key: str) -> list[str]:
        """All values of a field."""
        ...


def field_name(question: Question) -> str:
    """The name of a question's field on a page."""
    return f"q-{question.name}"


def read_part(form: Form, part: Part, sent: FormData) -> dict[str, Any]:
    """What was typed on the page of a part, for every question of it but files: text, or list of choices; "" and [] where empty."""
    found: dict[str, Any] = {}
    for question in part.questions:
        values = [_clean(value) for value in sent.getlist(field_name(question))]
        if question.type is QuestionType.SELECT_MULTIPLE:
            found[question.name] = [value for value in dict.fromkeys(values) if value]
        elif question.answerable and question.type is not QuestionType.FILE:
            found[question.name] = values[0] if values else ""
    return found


def _clean(value: str) -> str:
    # The database takes no NUL; browsers send line ends as CRLF.
    return value.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def asked(question: Question, answers: Answers) -> bool:
    """Whether the question's condition holds, so that it waits for an answer."""
    if not question.asked_if:
        return True
    return any(
        choice == answers.get(name) or (isinstance(answers.get(name), list) and choice in answers[name])
        for name, choice in question.asked_if
    )


def answered(question: Question, answers: Answers, files: Collection[str] = ()) -> bool:
    """Whether there is an answer; `files` are the questions that have a file."""
    return question.name in files if question.type is QuestionType.FILE else bool(answers.get(question.name))


def progress(part: Part, answers: Answers, files: Collection[str] = ()) -> tuple[int, int]:
    """How many of the part's questions that are asked have an answer, and how many are asked."""
    here = [question for question in part.questions if question.answerable and asked(question, answers)]
    return sum(answered(question, answers, files) for question in here), len(here)


def check(form: Form, answers: Answers, files: Collection[str] = (), *, submitting: bool = True) -> dict[str, str]:
    """What is wrong, as question name → sentence in the language spoken now, in the form's order.

    Without `submitting` an answer that is missing is no fault. `files` are the questions that have a file.
    """
    faults: dict[str, str] = {}
    for question in form.questions():
        value = answers.get(question.name)
        if not answered(question, answers, files):
            if submitting and question.required and asked(question, answers):
                faults[question.name] = _("An answer to this question is needed.")
            continue
        fault = _fault(form, question, value) if question.type is not QuestionType.FILE else None
        if fault:
            faults[question.name] = fault
    return faults


def _fault(form: Form, question: Question, value: Any) -> str | None:
    if question.type is QuestionType.SELECT_MULTIPLE:
        names = {choice.name for choice in question.choices}
        right = isinstance(value, list) and all(one in names for one in value)
        return None if right else _("Please choose from the list.")
    if not isinstance(value, str):
        return _("This answer can't be read. Please give it again.")
    if question.type is QuestionType.SELECT_ONE:
        return (
            None
            if value in {choice.name for choice in question.choices}
            else _("Please choose one answer from the list.")
        )
    if question.type is QuestionType.DATE:
        return None if day_of(value) else _("Please write the date as year-month-day, such as 2027-02-26.")
    if question.type in NUMBERS:
        return _number_fault(form, question, value)
    count = words(value)
    if question.word_limit is not None and count > question.word_limit:
        return ngettext(
            "This is %(count)d words long; at most %(num)d word is possible.",
            "This is %(count)d words long; at most %(num)d words are possible.",
            question.word_limit,
            count=count,
        )
    return None


def _number_fault(form: Form, question: Question, value: str) -> str | None:
    number = number_of(value)
    if question.type is QuestionType.INTEGER and (number is None or number != number.to_integral_value()):
        return _("Please write a whole number in digits, without points or commas, such as 1200.")
    if number is None:
        return _("Please write a number in digits, without separators of thousands, such as 1200.5.")
    if all(_TESTS[bound.operator](number, Decimal(bound.number)) for bound in question.bounds):
        return None
    own = form.say(question.bounds_message, language()).text
    return own or _("This number is outside the range that is possible here.")


def number_of(text: str) -> Decimal | None:
    """The number that was typed, in the digits of any script, with a point or a comma before decimals; None where it is none.

    "1,200" is none: it is twelve hundred to some readers, and one and a fifth to others.
    """
    plain = "".join(str(unicodedata.decimal(character, character)) for character in text)
    plain = re.sub(r"[\s\u00a0\u202f\u2009]", "", plain).replace("٫", ".").replace("−", "-")
    if re.fullmatch(r"-?[1-9]\d{0,2},\d{3}", plain) or not re.fullmatch(r"[-+]?\d{1,30}([.,]\d{1,30})?", plain):
        return None
    try:
        return Decimal(plain.replace(",", "."))
    except InvalidOperation:
        return None


def day_of(text: str) -> date | None:
    """The calendar day of year-month-day; None where it is none."""
    if not re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text, re.ASCII):
        return None
    year, month, day = map(int, text.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def words(text: str) -> int:
    """How long a text is: words between spaces; in Chinese, which has none, each character counts as one."""
    return len(_HAN.findall(text)) + len(
        [word for word in _HAN.sub(" ", text).split() if any(c.isalnum() for c in word)]
    )


def settled(form: Form, answers: Answers) -> dict[str, Any]:
    """The answers as a version keeps them: without empty ones and such as the form does not ask; numbers and days in one spelling."""
    kept: dict[str, Any] = {}
    for question in form.questions():
        value = answers.get(question.name)
        if not value:
            continue
        if question.type in NUMBERS and isinstance(value, str) and (number := number_of(value)) is not None:
            value = f"{number:f}"
        elif question.type is QuestionType.DATE and isinstance(value, str) and (day := day_of(value)) is not None:
            value = day.isoformat()
        kept[question.name] = value
    return kept
