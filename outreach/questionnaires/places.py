"""Where answers stand: each question and group of a form, once for every instance of the repeats around it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from outreach.questionnaires.form import Form, Group, Item, Part, Question

MOST_INSTANCES = 200
"""So many instances of a repeat are shown and kept."""


@dataclass(frozen=True)
class Place:
    """A question, a group, or (`instance`, from 1) one instance of a repeat.

    `key` names it in faults, files and fields ("name", "repeat.2.name"), `path` in rules ("/group/repeat[2]/name").
    `around` are the repeats around it with the instance of each, `within` the keys of all groups and instances around it.
    """

    key: str
    path: str
    item: Item
    part: Part
    around: tuple[tuple[str, int], ...] = ()
    within: tuple[str, ...] = ()
    instance: int = 0

    @property
    def question(self) -> Question | None:
        """The question that stands here, None where it is a group."""
        return self.item if isinstance(self.item, Question) else None


Size = Callable[[Place], int]
"""How many instances a repeat has."""


def places(form: Form, size: Size) -> Iterator[Place]:
    """All places of a form, in its order; a repeat comes before its instances, an instance before what it holds."""
    for part in form.parts:
        yield from of_part(part, size)


def of_part(part: Part, size: Size) -> Iterator[Place]:
    """The places of a part."""
    yield from _below(part.items, part, part.path, size, (), ())


def _below(
    items: tuple[Item, ...],
    part: Part,
    above: str,
    size: Size,
    around: tuple[tuple[str, int], ...],
    within: tuple[str, ...],
) -> Iterator[Place]:
    prefix = "".join(f"{name}.{number}." for name, number in around)
    for item in items:
        here = Place(f"{prefix}{item.name}", f"{above}/{item.name}", item, part, around, within)
        yield here
        if not isinstance(item, Group):
            continue
        if not item.repeat:
            yield from _below(item.items, part, here.path, size, around, (*within, here.key))
            continue
        for number in range(1, min(size(here), MOST_INSTANCES) + 1):
            one = Place(
                f"{here.key}.{number}", f"{here.path}[{number}]", item, part, around, (*within, here.key), number
            )
            yield one
            inner = (*around, (item.name, number))
            yield from _below(item.items, part, one.path, size, inner, (*one.within, one.key))


def size_in(answers: Mapping[str, Any]) -> Size:
    """The number of instances that the answers have of each repeat."""
    return lambda place: len(instances(holder(answers, place), place.item.name))


def holder(answers: Mapping[str, Any], place: Place) -> Mapping[str, Any]:
    """The answers of the instance that a place is in; those of the whole form outside of repeats."""
    held = answers
    for name, number in place.around:
        listed = instances(held, name)
        held = listed[number - 1] if number <= len(listed) else {}
    return held


def instances(held: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The instances of a repeat; what is none (answers may be anything) counts as an empty one."""
    listed = held.get(name)
    if not isinstance(listed, list):
        return []
    return [one if isinstance(one, Mapping) else {} for one in listed[:MOST_INSTANCES]]


def value(answers: Mapping[str, Any], place: Place) -> Any:
    """What stands at a place; None where nothing."""
    return holder(answers, place).get(place.item.name)
