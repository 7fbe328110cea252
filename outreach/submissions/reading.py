"""Answers as people read them: part by part, question by question, choices in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from outreach.dates import un_date
from outreach.questionnaires import answers as rules
from outreach.questionnaires.form import SELECTS, Form, Part, Question, QuestionType, Said
from outreach.submissions.files import FileLine


@dataclass(frozen=True)
class AnswerLine:
    """One question with its answer. `chosen` are the labels of choices, `text` what was typed; both empty: no answer."""

    name: str
    code: str
    label: Said
    text: str
    chosen: tuple[Said, ...]
    files: tuple[FileLine, ...]
    asked: bool
    required: bool

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return bool(self.text or self.chosen or self.files)

    @property
    def worded(self) -> bool:
        """Whether the text has letters, and so a direction of its own; numbers and dates follow the page."""
        return any(character.isalpha() for character in self.text)


@dataclass(frozen=True)
class PartLines:
    """One part; `number` counts from 1. `done` of `asked` questions have an answer."""

    number: int
    code: str
    label: Said
    lines: tuple[AnswerLine, ...]
    done: int
    asked: int


def parts(form: Form, answers: Mapping[str, Any], files: Iterable[FileLine], language: str) -> list[PartLines]:
    """All parts of a form with their answers, labels in `language` where the form has it."""
    listed = list(files)
    having = {line.question for line in listed if line.question}
    read = []
    for number, part in enumerate(form.parts, start=1):
        done, asked = rules.progress(part, answers, having)
        read.append(
            PartLines(
                number,
                part.code,
                form.say(part.label, language),
                _lines(form, part, answers, listed, language),
                done,
                asked,
            )
        )
    return read


def whole_documents(files: Iterable[FileLine]) -> list[FileLine]:
    """The documents that are a reply by themselves, as staff record them."""
    return [line for line in files if line.question is None]


def _lines(
    form: Form, part: Part, answers: Mapping[str, Any], files: list[FileLine], language: str
) -> tuple[AnswerLine, ...]:
    return tuple(
        AnswerLine(
            name=question.name,
            code=question.code,
            label=form.say(question.label, language),
            text=_text(question, answers.get(question.name), language),
            chosen=_chosen(form, question, answers.get(question.name), language),
            files=tuple(line for line in files if line.question == question.name),
            asked=rules.asked(question, answers),
            required=question.required,
        )
        for question in part.questions
        if question.answerable
    )


def _text(question: Question, value: Any, language: str) -> str:
    if question.type is QuestionType.DATE and isinstance(value, str) and (day := rules.day_of(value)) is not None:
        return un_date(day, language)
    return value if isinstance(value, str) and question.type not in SELECTS | {QuestionType.FILE} else ""


def _chosen(form: Form, question: Question, value: Any, language: str) -> tuple[Said, ...]:
    if question.type not in SELECTS or not value:
        return ()
    names = value if isinstance(value, list) else [value]
    return tuple(form.say(choice.label, language) for choice in question.choices if choice.name in names)
