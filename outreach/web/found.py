"""What was found in a file as a page shows it, and what a person sends back of it: one choice a question, correctable in its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from outreach.i18n import language
from outreach.questionnaires.documents.values import digits
from outreach.questionnaires.form import LISTS, Form, Question, QuestionType, Said
from outreach.submissions.taking_over import Beside, FoundLine

KEEP, TAKE = "kept", "found"
_FEW = 12
"""More choices than these are a list that opens."""


@dataclass(frozen=True)
class FoundView:
    """One question of the page. `kind` is one of choice, choices, rank, lines, text; `kept` and `held` are shown in words; `decided` is
    what the reader chose where both differ; `undecided`: it has to be chosen yet."""

    line: FoundLine
    name: str
    kind: str
    options: tuple[tuple[str, Said], ...]
    kept: tuple[Said, ...]
    value: str
    chosen: tuple[str, ...]
    places: Mapping[str, str]
    decided: str
    undecided: bool
    fault: str


@dataclass(frozen=True)
class Decided:
    """What was sent: the answers to take over by key, the questions where nothing was chosen, and what each field held."""

    chosen: Mapping[str, Any]
    undecided: frozenset[str]
    typed: Mapping[str, Any]
    choices: Mapping[str, str]


def decided(lines: list[FoundLine], sent: MultiDict[str, str], *, every: bool = False) -> Decided:
    """Read the page that was sent back. `every`: it had a field for each question, also for those that were not found."""
    chosen: dict[str, Any] = {}
    typed: dict[str, Any] = {}
    choices: dict[str, str] = {}
    undecided = set()
    for line in lines:
        if not (line.beside in (Beside.NEW, Beside.OTHER) or (every and line.beside is Beside.NOT_FOUND)):
            continue
        value = typed[line.key] = _typed(line.question, f"q-{line.key}", sent)
        if line.beside is Beside.OTHER:
            choice = choices[line.key] = sent.get(f"keep-{line.key}", "")
            if choice == KEEP:
                continue
            if choice != TAKE:
                undecided.add(line.key)
                continue
        if value and value != line.kept:
            chosen[line.key] = value
    return Decided(chosen, frozenset(undecided), typed, choices)


def _typed(question: Question, name: str, sent: MultiDict[str, str]) -> Any:
    values = [one.replace("\x00", "").replace("\r\n", "\n").strip() for one in sent.getlist(name)]
    if question.type is QuestionType.RANK:
        numbers = {choice.name: digits(sent.get(f"{name}={choice.name}", "")).strip() for choice in question.choices}
        placed = {one: int(number) for one, number in numbers.items() if number.isdecimal() and len(number) < 4}
        return sorted(placed, key=lambda one: placed[one])
    if question.type in LISTS:
        return [value for value in dict.fromkeys(values) if value]
    return values[0] if values else ""


def views(
    form: Form, lines: list[FoundLine], faults: Mapping[str, str], sent: Decided | None = None
) -> list[FoundView]:
    """The questions as the page shows them: as they were found, or as they were sent."""
    return [_view(form, line, faults, sent) for line in lines]


def _view(form: Form, line: FoundLine, faults: Mapping[str, str], sent: Decided | None) -> FoundView:
    question = line.question
    held = sent.typed.get(line.key, line.found) if sent else line.found
    options = tuple((one.name, form.say(one.label, language())) for one in question.distinct)
    if question.type is QuestionType.ACKNOWLEDGE:
        kind = "agreed"
    else:
        kind = {
            QuestionType.SELECT_ONE: "choice" if len(options) <= _FEW else "list",
            QuestionType.SELECT_MULTIPLE: "choices",
            QuestionType.RANK: "rank",
        }.get(question.type, "lines" if question.multiline or (isinstance(held, str) and len(held) > 40) else "text")
    listed = tuple(held) if isinstance(held, list) else (held,) if held else ()
    return FoundView(
        line=line,
        name=f"q-{line.key}",
        kind=kind,
        options=options,
        kept=tuple(said(form, question, line.kept)),
        value=held if isinstance(held, str) else "",
        chosen=listed,
        places={one: str(number) for number, one in enumerate(listed, start=1)},
        decided=sent.choices.get(line.key, "") if sent else "",
        undecided=bool(sent and line.key in sent.undecided),
        fault=faults.get(line.key, ""),
    )


def said(form: Form, question: Question, value: Any) -> list[Said]:
    """An answer in words: the labels of choices, else the text."""
    if not value:
        return []
    labels = {one.name: form.say(one.label, language()) for one in question.choices}
    if labels:
        return [labels.get(one, Said(str(one), language())) for one in (value if isinstance(value, list) else [value])]
    return [Said(str(value), "")]
