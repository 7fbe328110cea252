"""What was found in a filled-in file beside what is there already, and what a person decides of it. Nothing is overwritten in silence."""

import copy
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from outreach.questionnaires import places, rules
from outreach.questionnaires.documents.outline import answerable_here, codes
from outreach.questionnaires.documents.read_back import Found
from outreach.questionnaires.form import Form, Question, Said
from outreach.questionnaires.places import Place


class Beside(enum.StrEnum):
    """How what was found stands to what is there."""

    NEW = "new"
    SAME = "same"
    OTHER = "other"
    NOT_FOUND = "not_found"


@dataclass(frozen=True)
class FoundLine:
    """A question with what is there (`kept`) and what was found; `doubt` is a sentence about it, `asked` whether it is asked now.

    `page` is the number of its part's page, `instance` says in which blocks it stands ("1", "2.1").
    """

    key: str
    code: str
    label: Said
    question: Question
    page: int
    instance: str
    kept: Any
    found: Any
    beside: Beside
    doubt: str
    asked: bool


class TakingOver:
    """A form, the answers that are there, and what a file holds; of groups that repeat with so many `spare` blocks to type into."""

    def __init__(self, form: Form, kept: Mapping[str, Any], found: Found, *, spare: int = 0) -> None:
        self.form, self.kept, self.found = form, kept, found
        mine, other = places.size_in(kept), places.size_in(found.answers)
        self._places = [
            place
            for place in places.places(form, lambda place: max(mine(place), other(place)) + spare)
            if place.question is not None and place.question.answerable and answerable_here(place.question)
        ]

    def lines(self) -> list[FoundLine]:
        """All questions that a document can answer, in their order, with the blocks of both."""
        found = {place.key: places.value(self.found.answers, place) for place in self._places}
        outcome = rules.outcome(self.form, self._merged(found), submitting=False)
        shown = codes(self.form)
        pages = {id(part): number for number, part in enumerate(self.form.pages, start=1)}
        listed = []
        for place in self._places:
            assert place.question is not None
            before, doubt = places.value(self.kept, place) or "", self.found.doubts.get(place.key, "")
            listed.append(
                FoundLine(
                    key=place.key,
                    code=shown[place.question.name],
                    label=outcome.say(self.form, place),
                    question=place.question,
                    page=pages.get(id(place.part), 1),
                    instance=".".join(str(number) for _name, number in place.around),
                    kept=before,
                    found=found[place.key] or "",
                    beside=_beside(before, found[place.key], doubt),
                    doubt=doubt,
                    asked=outcome.asked.get(place.key, True),
                )
            )
        return listed

    def changed(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """The top-level answers as they are with what was chosen, by key, in its place; a repeat with all its instances."""
        merged = self._merged(chosen)
        wanted = dict.fromkeys(_top(place) for place in self._places if chosen.get(place.key))
        return {name: _without_gaps(merged[name]) for name in wanted}

    def there(self) -> dict[str, Any]:
        """What is there of all top-level answers, empty where nothing: what a page of these lines shows."""
        tops = dict.fromkeys(_top(place) for place in self._places)
        return {name: self.kept.get(name, self._empty(name)) for name in tops}

    def _empty(self, name: str) -> str | list[str]:
        question = self.form.question(name)
        return [] if question is None else question.empty

    def _merged(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        merged = copy.deepcopy(dict(self.kept))
        for place in self._places:
            value = chosen.get(place.key)
            if not value:
                continue
            held = merged
            for name, number in place.around:
                listed = held.setdefault(name, [])
                while len(listed) < number:
                    listed.append({})
                held = listed[number - 1]
            held[place.item.name] = value
        return merged


def _without_gaps(value: Any) -> Any:
    """The instances of a repeat in which something stands."""
    if not isinstance(value, list):
        return value
    whole = [
        {name: _without_gaps(held) for name, held in one.items()} if isinstance(one, dict) else one for one in value
    ]
    return [one for one in whole if one not in ({}, [])]


def _top(place: Place) -> str:
    return place.around[0][0] if place.around else place.item.name


def _beside(before: Any, after: Any, doubt: str) -> Beside:
    if not after and not (doubt and not before):
        return Beside.NOT_FOUND
    if before == after:
        return Beside.SAME
    return Beside.OTHER if before else Beside.NEW
