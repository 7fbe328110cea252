"""Questions as the fields of a page: what is asked, under which condition, what was typed, what is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from outreach.file_types import EXTENSIONS
from outreach.i18n import _, join, language
from outreach.questionnaires import answers as rules
from outreach.questionnaires.form import NUMBERS, Form, Part, Question, QuestionType, Said
from outreach.submissions.files import FileLine

ACCEPTED = ",".join(ending for endings in EXTENSIONS.values() for ending in endings)
"""The endings of files that are taken, as a file field names them."""


@dataclass(frozen=True)
class FieldView:
    """One question on the page of its part. `kind` is one of note, choice, choices, text, lines, number, date, file."""

    kind: str
    name: str
    code: str
    label: Said
    hint: Said
    conditions: tuple[str, ...]
    required: bool
    choices: tuple[tuple[str, Said], ...]
    chosen: tuple[str, ...]
    value: str
    whole: bool
    word_limit: int | None
    words: int
    files: tuple[FileLine, ...]
    fault: str | None


def fields(
    form: Form, part: Part, shown: Mapping[str, Any], given: Iterable[FileLine], faults: Mapping[str, str]
) -> list[FieldView]:
    """The fields of a part. `shown` is what they hold: the draft, or what was just typed; `faults` the sentences, by question."""
    listed = list(given)
    return [_field(form, question, shown.get(question.name), listed, faults) for question in part.questions]


def _field(form: Form, question: Question, held: Any, given: list[FileLine], faults: Mapping[str, str]) -> FieldView:
    value = held if isinstance(held, str) else ""
    return FieldView(
        kind=_kind(question, value),
        name=rules.field_name(question),
        code=question.code,
        label=form.say(question.label, language()),
        hint=form.say(question.hint, language()),
        conditions=tuple(_conditions(form, question)),
        required=question.required,
        choices=tuple((choice.name, form.say(choice.label, language())) for choice in question.choices),
        chosen=tuple(held) if isinstance(held, list) else (value,) if value else (),
        value=_shown_day(value) if question.type is QuestionType.DATE else value,
        whole=question.type is QuestionType.INTEGER,
        word_limit=question.word_limit,
        words=rules.words(value),
        files=tuple(line for line in given if line.question == question.name),
        fault=faults.get(question.name),
    )


def _kind(question: Question, value: str) -> str:
    if question.type is QuestionType.DATE:
        # A browser empties a date field that holds anything else, so what was typed is shown as text.
        return "date" if not value or rules.day_of(value) else "text"
    if question.type in NUMBERS:
        return "number"
    return {
        QuestionType.NOTE: "note",
        QuestionType.SELECT_ONE: "choice",
        QuestionType.SELECT_MULTIPLE: "choices",
        QuestionType.FILE: "file",
    }.get(question.type, "lines" if question.multiline or "\n" in value else "text")


def _shown_day(value: str) -> str:
    day = rules.day_of(value)
    return day.isoformat() if day else value


def _conditions(form: Form, question: Question) -> Iterable[str]:
    """When the question is asked, in a sentence for each question that it depends on: without scripts all stand on the page."""
    depends: dict[str, list[str]] = {}
    for name, choice in question.asked_if:
        depends.setdefault(name, []).append(choice)
    for place, (name, chosen) in enumerate(depends.items()):
        on = form.question(name)
        if on is None:
            continue
        labels = [form.say(choice.label, language()).text for choice in on.choices if choice.name in chosen]
        # Isolated: "2.1.a" would be read from the right within Arabic.
        asked = f"\u2068{on.code or form.say(on.label, language()).text}\u2069"
        if place == 0:
            yield _("Only if you answered %(question)s with: %(answers)s.", question=asked, answers=join(labels))
        else:
            yield _("Or if you answered %(question)s with: %(answers)s.", question=asked, answers=join(labels))
