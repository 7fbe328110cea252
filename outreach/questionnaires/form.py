"""A questionnaire as it is asked: parts, questions, choices, each text in the languages that its author gave."""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from outreach.i18n import LANGUAGES

Texts = Mapping[str, str]
"""One text by language."""


class QuestionType(enum.StrEnum):
    """What can be asked; the values are XLSForm's own words."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    FILE = "file"
    NOTE = "note"


SELECTS = frozenset({QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE})
NUMBERS = frozenset({QuestionType.INTEGER, QuestionType.DECIMAL})


@dataclass(frozen=True)
class Said:
    """A text in a language; the language is another one than asked for where the author gave no translation."""

    text: str
    language: str


@dataclass(frozen=True)
class Choice:
    """One answer to choose."""

    name: str
    label: Texts


@dataclass(frozen=True)
class Bound:
    """What a number must be: `operator` is one of >= <= > <, `number` a plain decimal."""

    operator: str
    number: str


@dataclass(frozen=True)
class Question:
    """One question, or a note to read. `code` is the printed number; `asked_if` any of these (question, choice) was chosen."""

    name: str
    type: QuestionType
    label: Texts
    code: str = ""
    hint: Texts = field(default_factory=dict)
    required: bool = False
    word_limit: int | None = None
    multiline: bool = False
    choices: tuple[Choice, ...] = ()
    asked_if: tuple[tuple[str, str], ...] = ()
    bounds: tuple[Bound, ...] = ()
    bounds_message: Texts = field(default_factory=dict)

    @property
    def answerable(self) -> bool:
        """Whether it takes an answer; a note does not."""
        return self.type is not QuestionType.NOTE


@dataclass(frozen=True)
class Part:
    """Questions that stand on one page."""

    name: str
    label: Texts
    questions: tuple[Question, ...]
    code: str = ""


@dataclass(frozen=True)
class Form:
    """A whole questionnaire."""

    id: str
    title: str
    default_language: str
    languages: tuple[str, ...]
    parts: tuple[Part, ...]

    def questions(self) -> Iterator[Question]:
        """All questions that take an answer, in their order."""
        for part in self.parts:
            yield from (question for question in part.questions if question.answerable)

    def question(self, name: str) -> Question | None:
        """The question of this name, None where there is none."""
        return next((question for question in self.questions() if question.name == name), None)

    def missing_languages(self) -> tuple[str, ...]:
        """The official languages that its author gave no texts in."""
        return tuple(language for language in LANGUAGES if language not in self.languages)

    def say(self, texts: Texts, language: str) -> Said:
        """A text in `language`; where it is not translated, in the form's own language, else in any."""
        for spoken in (language, self.default_language, *texts):
            if texts.get(spoken):
                return Said(texts[spoken], spoken)
        return Said("", language)


def to_json(form: Form) -> dict[str, Any]:
    """The form as JSON takes it; `from_json` reads it back to an equal form."""
    return {
        "id": form.id,
        "title": form.title,
        "default_language": form.default_language,
        "languages": list(form.languages),
        "parts": [
            {
                "name": part.name,
                "code": part.code,
                "label": dict(part.label),
                "questions": [_question_to_json(question) for question in part.questions],
            }
            for part in form.parts
        ],
    }


def _question_to_json(question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "type": question.type.value,
        "code": question.code,
        "label": dict(question.label),
        "hint": dict(question.hint),
        "required": question.required,
        "word_limit": question.word_limit,
        "multiline": question.multiline,
        "choices": [{"name": choice.name, "label": dict(choice.label)} for choice in question.choices],
        "asked_if": [list(pair) for pair in question.asked_if],
        "bounds": [[bound.operator, bound.number] for bound in question.bounds],
        "bounds_message": dict(question.bounds_message),
    }


def from_json(kept: Mapping[str, Any]) -> Form:
    """The form that `to_json` wrote. Raises KeyError or ValueError for anything else."""
    return Form(
        id=kept["id"],
        title=kept["title"],
        default_language=kept["default_language"],
        languages=tuple(kept["languages"]),
        parts=tuple(
            Part(
                name=part["name"],
                code=part["code"],
                label=part["label"],
                questions=tuple(_question_from_json(question) for question in part["questions"]),
            )
            for part in kept["parts"]
        ),
    )


def _question_from_json(kept: Mapping[str, Any]) -> Question:
    return Question(
        name=kept["name"],
        type=QuestionType(kept["type"]),
        code=kept["code"],
        label=kept["label"],
        hint=kept["hint"],
        required=kept["required"],
        word_limit=kept["word_limit"],
        multiline=kept["multiline"],
        choices=tuple(Choice(choice["name"], choice["label"]) for choice in kept["choices"]),
        asked_if=tuple((question, choice) for question, choice in kept["asked_if"]),
        bounds=tuple(Bound(operator, number) for operator, number in kept["bounds"]),
        bounds_message=kept["bounds_message"],
    )
