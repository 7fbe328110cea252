"""What the rules of a form make of answers: what is asked now, what is wrong, what is worked out. Pages, submissions and files that
come back ask here, and nowhere else.
"""

import copy
import dataclasses
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from outreach.i18n import _, language
from outreach.questionnaires import answers as shapes
from outreach.questionnaires import places, sheets
from outreach.questionnaires.answers import Answers
from outreach.questionnaires.counting import counts
from outreach.questionnaires.engine import reading
from outreach.questionnaires.engine.definitions import RuleForm
from outreach.questionnaires.engine.faults import Endless, RuleFault
from outreach.questionnaires.engine.nodes import Steps
from outreach.questionnaires.engine.session import Session
from outreach.questionnaires.form import FILES, NUMBERS, SELECTS, Choice, Form, Question, QuestionType, Said, Texts
from outreach.questionnaires.places import Place

_MOST_SECONDS = 5.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """By key: whether each question and group is asked; a sentence for what is wrong, in the language spoken then; what was worked
    out, also defaults of what stands on no page; the instances of each repeat; the choices offered, where a rule says which; and,
    by key and kind ("label", "hint"), the texts that hold other answers.
    """

    asked: Mapping[str, bool]
    faults: Mapping[str, str]
    calculated: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def size(self, place: Place) -> int:
        """How many instances a repeat has, for `places`."""
        return self.counts.get(place.key, 0)

    def say(self, form: Form, place: Place, kind: str = "label") -> Said:
        """The label or hint of a question or group, with what it says of other answers."""
        said = form.say(getattr(place.item, kind), language())
        return Said(self.texts.get((place.key, kind), said.text), said.language)

    def offered(self, place: Place) -> tuple[Choice, ...]:
        """The choices of a question that are offered now."""
        question = place.question
        return self.choices.get(place.key, question.distinct if question else ())


def outcome(form: Form, answers: Answers, files: Collection[str] = (), *, submitting: bool = True) -> Outcome:
    """What the rules make of answers. Without `submitting` an answer that is missing is no fault. `files` are the keys with a file."""
    faults = _shapes(form, answers)
    try:
        return _Look(form, answers, files).outcome(faults, submitting)
    except (RuleFault, Endless, RecursionError, sheets.NotAForm):
        # The rules were tried at the import; should they fail now all the same, everything is asked and nobody is stopped.
        _log.exception("the rules of a questionnaire could not be worked out")
        return _without_rules(form, answers, files, faults, submitting)


def settled(form: Form, answers: Answers, found: Outcome) -> dict[str, Any]:
    """The answers as a version keeps them: what is asked now and not empty, what was worked out, numbers and days in one spelling."""
    kept: dict[str, Any] = {}
    for place in places.places(form, found.size):
        held = _holder(kept, place)
        question = place.question
        if place.instance or held is None or not found.asked.get(place.key, True):
            continue
        if question is None:
            if found.counts.get(place.key):
                held[place.item.name] = [{} for _number in range(found.counts[place.key])]
        elif question.answerable:
            value = places.value(answers, place)
            if value:
                held[question.name] = shapes.settled_text(question, value) if isinstance(value, str) else value
        elif found.calculated.get(place.key):
            held[question.name] = found.calculated[place.key]
    return kept


def progress(form: Form, answers: Answers, files: Collection[str], found: Outcome) -> dict[str, tuple[int, int]]:
    """Of each part, by the path of its first item: how many questions that are asked have an answer, and how many are asked."""
    counted: dict[str, tuple[int, int]] = {part.items[0].path: (0, 0) for part in form.parts if part.items}
    for place in places.places(form, found.size):
        if place.question is None or not counts(place.question) or not found.asked.get(place.key, True):
            continue
        done, asked = counted[place.part.items[0].path]
        counted[place.part.items[0].path] = (done + shapes.given(place, answers, files), asked + 1)
    return counted


def with_defaults(form: Form, answers: Answers) -> dict[str, Any]:
    """The answers, and the defaults of questions that have none: what a page shows before its respondent has looked at it."""
    made: dict[str, Any] = copy.deepcopy(dict(answers))
    wanted = [
        place
        for place in places.places(form, places.size_in(made))
        if place.question
        and place.question.default
        and place.question.answerable
        and place.item.name not in places.holder(made, place)
    ]
    if not wanted:
        return made
    try:
        look = _Look(form, answers, (), opening=True)
        for place in wanted:
            node = look.session.places.get(place.path)
            value = look.session.base(node) if node is not None else ""
            held = places.holder(made, place)
            if value and place.question and isinstance(held, dict):
                held[place.item.name] = value.split() if place.question.empty == [] else value
    except (RuleFault, Endless, RecursionError, sheets.NotAForm):
        _log.exception("the defaults of a questionnaire could not be worked out")
    return made


def _holder(kept: dict[str, Any], place: Place) -> dict[str, Any] | None:
    """Where a settled answer belongs; None within a repeat that is left out."""
    held = kept
    for name, number in place.around:
        listed = held.get(name)
        if not listed:
            return None
        held = listed[number - 1]
    return held


def _shapes(form: Form, answers: Answers) -> dict[str, str]:
    """What is wrong with the shape of answers, whatever the rules say."""
    faults: dict[str, str] = {}
    for place in places.places(form, places.size_in(answers)):
        question = place.question
        if question is None or not question.answerable or question.type in FILES:
            continue
        value = places.value(answers, place)
        if value and (sentence := shapes.fault(question, value)):
            faults[place.key] = sentence
    return faults


def _without_rules(
    form: Form, answers: Answers, files: Collection[str], faults: Mapping[str, str], submitting: bool
) -> Outcome:
    asked: dict[str, bool] = {}
    counts: dict[str, int] = {}
    found = dict(faults)
    size = places.size_in(answers)
    for place in places.places(form, size):
        asked[place.key] = True
        if place.question is None:
            counts[place.key] = size(place)
        elif submitting and place.question.required and not shapes.given(place, answers, files):
            found[place.key] = _("An answer to this question is needed.")
    return Outcome(asked, found, counts=counts)


class _Look:
    """One look at the answers through the rules."""

    def __init__(self, form: Form, answers: Answers, files: Collection[str], *, opening: bool = False) -> None:
        """`opening` leaves what has no answer to its default."""
        self.form = form
        self.answers = answers
        self.files = files
        given: dict[str, str | list[str]] = {}
        counts: dict[str, int] = {}
        size = places.size_in(answers)
        for place in places.places(form, size):
            question = place.question
            if question is None:
                if not place.instance:
                    counts[place.path] = size(place)
            elif question.answerable:
                value = self._given(place, question)
                if value or not opening:
                    given[place.path] = value
        self.session = Session(rule_form(form, language()), given, counts, steps=Steps(_MOST_SECONDS))

    def _given(self, place: Place, question: Question) -> str | list[str]:
        if question.type in FILES:
            return "file" if place.key in self.files else ""
        value = places.value(self.answers, place)
        if isinstance(value, list):
            chosen = [one for one in value if isinstance(one, str)]
            # To the engine an order is whole: what was left open comes last.
            left = [choice.name for choice in question.choices if choice.name not in chosen]
            return [*chosen, *left] if question.type is QuestionType.RANK and chosen else chosen
        if not isinstance(value, str):
            return ""
        said = shapes.engine_text(question, value)
        return value if said is None else said

    def outcome(self, faults: Mapping[str, str], submitting: bool) -> Outcome:
        asked: dict[str, bool] = {}
        found: dict[str, str] = {}
        calculated: dict[str, str] = {}
        counts: dict[str, int] = {}
        choices: dict[str, tuple[Choice, ...]] = {}
        texts: dict[tuple[str, str], str] = {}

        def size(place: Place) -> int:
            counts[place.key] = self._instances(place.path)
            return counts[place.key]

        for place in places.places(self.form, size):
            node = self.session.places.get(place.path)
            asked[place.key] = self.session.relevant(node) if node is not None else self.session.would_ask(place.path)
            for kind in ("label", "hint"):
                if "${" in self._raw(getattr(place.item, kind)):
                    texts[place.key, kind] = self._text(place, kind)
            if place.question is None or node is None or not asked[place.key]:
                continue
            if not place.question.answerable:
                value = self.session.value(node)
                if value and value != "NaN" and place.question.type is not QuestionType.NOTE:
                    calculated[place.key] = value
                continue
            if place.question.choice_filter or place.question.choice_list.startswith("${"):
                choices[place.key] = self._choices(place.question, node)
            if sentence := faults.get(place.key) or self._fault(place, place.question, node, submitting):
                found[place.key] = sentence
        # What is wrong in shape is said also of what is not asked now: it stands on the page.
        return Outcome(asked, found, calculated, counts, choices, texts)

    def _instances(self, path: str) -> int:
        count = 0
        while f"{path}[{count + 1}]" in self.session.places and count < places.MOST_INSTANCES:
            count += 1
        return count

    def _choices(self, question: Question, node: Any) -> tuple[Choice, ...]:
        known = {choice.name: choice for choice in question.choices}
        spoken = language()
        return tuple(
            known.get(name) or Choice(name, {spoken: label or name})
            for name, label in dict(self.session.labels(node)).items()
            if name
        )

    def _fault(self, place: Place, question: Question, node: Any, submitting: bool) -> str | None:
        definition = node.definition
        if self.session.mistyped(node):
            if question.type in SELECTS:
                return _("This choice is not offered any more. Please choose from the list.")
            return (
                _("This number is outside the range that is possible here.")
                if question.type in NUMBERS
                else _("This answer can't be read. Please give it again.")
            )
        value = self.session.value(node)
        if value and definition.constraint is not None and not definition.constraint.truth_at(self.session, node):
            usual = (
                _("This number is outside the range that is possible here.")
                if question.type in NUMBERS
                else _("This answer is not possible here. Please look at the question once more.")
            )
            return self._message(place, question.constraint_message, "jr:constraintMsg") or usual
        if (
            submitting
            and not value
            and definition.required is not None
            and definition.required.truth_at(self.session, node)
        ):
            usual = _("An answer to this question is needed.")
            return self._message(place, question.required_message, "jr:requiredMsg") or usual
        return None

    def _message(self, place: Place, texts: Texts, kind: str) -> str:
        said = self._raw(texts)
        return self._text(place, kind) if "${" in said else said

    def _raw(self, texts: Texts) -> str:
        return sheets.raw(self.form, texts, language()) if texts else ""

    def _text(self, place: Place, kind: str) -> str:
        # A place without children counts as false.
        node = self.session.places.get(place.path, self.session.places[""])
        said = self.session.said(f"{sheets.ROOT}{place.item.path}:{kind}", node, "…")
        return said.strip() if said is not None else ""


def rule_form(form: Form, spoken: str) -> RuleForm:
    """The rules of a form, with its texts in a language. Raises RuleFault, NotAForm."""
    return _spoken(form.xform or _compiled(_Frozen(form)), form.default_language, spoken)


@lru_cache(maxsize=64)
def _spoken(xform: str, default: str, spoken: str) -> RuleForm:
    whole = _read(xform)
    by_code = {name.rpartition("(")[2].rstrip(")"): texts for name, texts in whole.translations.items()}
    return dataclasses.replace(whole, texts=by_code.get(spoken) or by_code.get(default) or whole.texts)


@lru_cache(maxsize=32)
def _read(xform: str) -> RuleForm:
    try:
        return reading.read(xform)
    except ValueError as fault:
        raise RuleFault("", str(fault)) from fault


class _Frozen:
    """A form without an XForm of its own (a call for contributions), known by what it holds."""

    def __init__(self, form: Form) -> None:
        self.form = form

    def __hash__(self) -> int:
        return hash((self.form.id, len(self.form.parts)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and self.form == other.form


@lru_cache(maxsize=32)
def _compiled(form: _Frozen) -> str:
    return sheets.compiled(form.form)
