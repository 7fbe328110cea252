"""Questions as the fields of a page: what is asked now, under which condition, what was typed, what is wrong with it."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from outreach.file_types import EXTENSIONS
from outreach.i18n import _, join, language
from outreach.questionnaires import answers as shapes
from outreach.questionnaires import conditions, places
from outreach.questionnaires.form import (
    NUMBERS,
    REFERENCE,
    Choice,
    Form,
    Group,
    Item,
    Part,
    Picture,
    Question,
    QuestionType,
    Said,
    walk,
)
from outreach.questionnaires.places import Place
from outreach.questionnaires.rules import Outcome
from outreach.submissions.files import FileLine
from outreach.web.answer.views import FieldView, GroupView, InstanceView, Page, View

ACCEPTED = ",".join(ending for endings in EXTENSIONS.values() for ending in endings)
"""The endings of files that are taken, as a file field names them."""
PICTURES = ",".join(ending for media, endings in EXTENSIONS.items() if media.startswith("image/") for ending in endings)
_FEW = 11
"""So many steps of a range are shown as buttons beside each other."""


def page(
    form: Form,
    part: Part,
    shown: Mapping[str, Any],
    given: Iterable[FileLine],
    found: Outcome,
    faults: Mapping[str, str],
) -> Page:
    """The fields of a part. `shown` is what they hold: the draft, or what was just typed; `faults` the sentences, by key."""
    maker = _Maker(form, part, shown, list(given), found, faults)
    views = tuple(maker.views(part.items, ()))
    return Page(views, maker.names)


def opened(part: Part, shown: Mapping[str, Any], more: str | None) -> dict[str, Any]:
    """The answers with an empty instance of each repeat that has none, and one `more` of the repeat with that key."""
    return _opened(part.items, shown, more, "")


def _opened(items: tuple[Item, ...], shown: Mapping[str, Any], more: str | None, prefix: str) -> dict[str, Any]:
    made = dict(shown)
    for item in items:
        if not isinstance(item, Group):
            continue
        if not item.repeat:
            made |= _opened(item.items, made, more, prefix)
            continue
        listed = places.instances(made, item.name)
        if not item.count and (not listed or more == prefix + item.name):
            listed = [*listed, {}]
        made[item.name] = [
            _opened(item.items, one, more, f"{prefix}{item.name}.{number}.")
            for number, one in enumerate(listed, start=1)
        ]
    return made


class _Maker:
    def __init__(
        self,
        form: Form,
        part: Part,
        shown: Mapping[str, Any],
        given: list[FileLine],
        found: Outcome,
        faults: Mapping[str, str],
    ) -> None:
        self.form = form
        self.shown = shown
        self.given = given
        self.found = found
        self.faults = faults
        self.names: dict[str, Any] = {}
        self.here = {item.name for item in walk(part.items)}
        self.by_key = {place.key: place for place in places.of_part(part, found.size)}
        self.worked_out = {
            item.name: set(REFERENCE.findall(item.calculation))
            for item in form.items()
            if isinstance(item, Question) and item.calculation
        }

    def views(
        self, items: tuple[Item, ...], around: tuple[tuple[str, int], ...], *, waits: bool = False
    ) -> Iterator[View]:
        """The views of what is asked now, and of what waits for an answer on the same page (`waits`: all of these do)."""
        prefix = "".join(f"{name}.{number}." for name, number in around)
        for item in items:
            place = self.by_key.get(prefix + item.name)
            if place is None or (isinstance(item, Question) and item.type in {QuestionType.HIDDEN}):
                continue
            asked = self.found.asked.get(place.key, True)
            waiting = waits or self._waits(item.relevant)
            if not asked and not waiting:
                continue
            if isinstance(item, Group):
                yield self._group(place, item, asked, waiting)
            elif item.type is not QuestionType.CALCULATE or item.label:
                yield self._field(place, item, asked, waiting)

    def _waits(self, rule: str) -> bool:
        """Whether a condition depends on something on the same page."""
        names, known = set(REFERENCE.findall(rule)), set[str]()
        while names - known:
            known |= names
            names |= {one for name in names for one in self.worked_out.get(name, ())}
        return bool(names & self.here)

    def _group(self, place: Place, group: Group, asked: bool, waits: bool) -> GroupView:
        top = not place.around
        if group.repeat and top:
            self.names[group.name] = []
        return GroupView(
            kind="repeat" if group.repeat else "matrix" if group.matrix else "group",
            key=place.key,
            name=shapes.field_name(place.key),
            code=group.code,
            label=self.found.say(self.form, place),
            hint=self.found.say(self.form, place, "hint"),
            conditions=tuple(self._conditions(group.relevant)),
            asked=asked,
            waits=waits,
            live=self._live(group),
            items=() if group.repeat else tuple(self.views(group.items, place.around, waits=waits)),
            instances=tuple(self._instances(place, group, waits)) if group.repeat else (),
            extensible=group.repeat and not group.count,
            choices=self._columns(group) if group.matrix else (),
            picture=self.form.picture_of(group, language()),
            pictures=self._pictures(self._first(group).choices) if group.matrix else {},
        )

    def _instances(self, place: Place, repeat: Group, waits: bool) -> Iterator[InstanceView]:
        listed = places.instances(places.holder(self.shown, place), repeat.name)
        for number in range(1, self.found.size(place) + 1):
            key = f"{place.key}.{number}"
            if not self.found.asked.get(key, True) and not waits:
                continue
            one = self.by_key[key]
            items = tuple(self.views(repeat.items, (*place.around, (repeat.name, number)), waits=waits))
            yield InstanceView(
                number=number,
                key=key,
                name=shapes.field_name(key),
                label=self.found.say(self.form, one),
                items=items,
                shown=" ".join(_names(items, len(key) + 1)),
                removable=not repeat.count and (len(listed) > 1 or any(listed)),
            )

    def _columns(self, matrix: Group) -> tuple[tuple[str, Said], ...]:
        return tuple((choice.name, self.form.say(choice.label, language())) for choice in self._first(matrix).choices)

    def _first(self, matrix: Group) -> Question:
        return next(item for item in matrix.items if isinstance(item, Question) and item.answerable)

    def _pictures(self, choices: Iterable[Choice]) -> dict[str, Picture]:
        found = ((choice.name, self.form.picture(choice.image, language())) for choice in choices if choice.image)
        return {name: picture for name, picture in found if picture}

    def _live(self, item: Item) -> bool:
        return any("${" in text for texts in (item.label, item.hint) for text in texts.values())

    def _field(self, place: Place, question: Question, asked: bool, waits: bool) -> FieldView:
        held = places.value(self.shown, place)
        value = held if isinstance(held, str) else ""
        kind = _kind(question, value)
        if not place.around and kind not in {"note", "worked_out", "file"}:
            self.names[question.name] = question.empty
        if kind == "worked_out":
            value = self.found.calculated.get(place.key, "")
        filtered = bool(question.choice_filter) or question.choice_list.startswith("${")
        choices = (
            self._scale(question)
            if kind == "scale"
            else tuple((choice.name, self.form.say(choice.label, language())) for choice in self.found.offered(place))
        )
        return FieldView(
            kind=kind,
            key=place.key,
            name=shapes.field_name(place.key),
            code=question.code,
            label=self.found.say(self.form, place),
            hint=self.found.say(self.form, place, "hint"),
            guidance=self.form.say(question.guidance, language()),
            conditions=tuple(self._conditions(question.relevant)),
            asked=asked,
            waits=waits,
            live=self._live(question),
            filtered=filtered,
            required=question.required,
            choices=choices,
            chosen=tuple(one for one in held if isinstance(one, str))
            if isinstance(held, list)
            else (value,)
            if value
            else (),
            value=_shown_value(question, value),
            whole=question.type is QuestionType.INTEGER,
            lowest=question.lowest,
            highest=question.highest,
            word_limit=question.word_limit,
            words=shapes.words(value),
            files=tuple(line for line in self.given if line.question == place.key),
            accepted=PICTURES if question.type is QuestionType.IMAGE else ACCEPTED,
            fault=self.faults.get(place.key),
            publish=question.publish,
            legal_basis=question.legal_basis,
            picture=self.form.picture_of(question, language()),
            pictures=self._pictures(question.choices),
        )

    def _scale(self, question: Question) -> tuple[tuple[str, Said], ...]:
        return tuple((step, Said(step, language())) for step in _steps(question))

    def _conditions(self, rule: str) -> Iterator[str]:
        """When it is asked, in a sentence for each question that it depends on; without scripts all stand on the page."""
        depends: dict[str, list[str]] = {}
        for name, choice in conditions.choices(rule) if rule else ():
            depends.setdefault(name, []).append(choice)
        if rule and not depends:
            yield _("Asked depending on a former answer.")
        for place, (name, chosen) in enumerate(depends.items()):
            on = self.form.question(name)
            if on is None:
                continue
            labels = [self.form.say(choice.label, language()).text for choice in on.distinct if choice.name in chosen]
            # Isolated: "2.1.a" would be read from the right within Arabic.
            asked = f"\u2068{on.code or self.form.say(on.label, language()).text}\u2069"
            if place == 0:
                yield _(
                    "Only if you answered %(question)s with: %(answers)s.",
                    question=asked,
                    answers=join(labels or chosen),
                )
            else:
                yield _(
                    "Or if you answered %(question)s with: %(answers)s.", question=asked, answers=join(labels or chosen)
                )


def _names(views: Iterable[View], prefix: int) -> Iterator[str]:
    """The names of the answers of an instance that stand on the page; their keys begin with so many characters of the instance's."""
    for view in views:
        if isinstance(view, FieldView) or view.kind == "repeat":
            yield view.key[prefix:]
        else:
            yield from _names(view.items, prefix)


def _steps(question: Question) -> list[str]:
    """The steps of a range; none where there are too many to show, or it is no range."""
    try:
        low, high, step = (Decimal(one) for one in (question.lowest, question.highest, question.step or "1"))
    except InvalidOperation:
        return []
    if step <= 0 or high < low or (high - low) / step >= _FEW:
        return []
    return [f"{low + step * number:f}" for number in range(int((high - low) / step) + 1)]


_KINDS = {
    QuestionType.NOTE: "note",
    QuestionType.SELECT_ONE: "choice",
    QuestionType.SELECT_MULTIPLE: "choices",
    QuestionType.RANK: "rank",
    QuestionType.FILE: "file",
    QuestionType.IMAGE: "file",
    QuestionType.ACKNOWLEDGE: "agreed",
    QuestionType.CALCULATE: "worked_out",
}


def _kind(question: Question, value: str) -> str:
    if not question.answerable and question.type is not QuestionType.NOTE:
        return "worked_out"
    # A browser empties a date field that holds anything else, so what was typed is shown as text.
    if question.type is QuestionType.DATE:
        return "date" if not value or shapes.day_of(value) else "text"
    if question.type is QuestionType.TIME:
        return "time" if not value or shapes.time_of(value) else "text"
    if question.type is QuestionType.DATE_TIME:
        return "moment" if not value or shapes.moment_of(value) else "text"
    if question.type is QuestionType.RANGE and _steps(question) and (not value or value in _steps(question)):
        return "scale"
    if question.type in NUMBERS:
        return "number"
    return _KINDS.get(question.type, "lines" if question.multiline or "\n" in value else "text")


def _shown_value(question: Question, value: str) -> str:
    if question.type in {QuestionType.DATE, QuestionType.TIME, QuestionType.DATE_TIME}:
        return shapes.settled_text(question, value)
    return value
