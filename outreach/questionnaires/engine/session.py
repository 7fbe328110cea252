"""One set of answers in a form: every place is worked out when it is asked for, once."""

import math
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from outreach import clock
from outreach.questionnaires.engine import kinds, moments, values
from outreach.questionnaires.engine.definitions import Action, Definition, Option, RuleForm, Text
from outreach.questionnaires.engine.faults import RuleFault
from outreach.questionnaires.engine.grammar import Rule, below, rule
from outreach.questionnaires.engine.nodes import Item, Place, Root, Steps

Answer = str | Sequence[str]
Answers = Mapping[str, Answer]
"""Path → what was given; a list for several choices. A path that is absent has the form's default."""

MOST_INSTANCES = 10_000
MOST_PLACES = 200_000
_POSITION = re.compile(r"\[\d+\]")
_LISTS = frozenset({"select", "rank"})
_CHOICES = frozenset({"select", "select1", "rank"})


class Session:
    """The places of a form under a set of answers. `counts` gives the instances of repeats, by path with or without positions."""

    def __init__(
        self,
        form: RuleForm,
        answers: Answers,
        counts: Mapping[str, int] | None = None,
        *,
        steps: Steps | None = None,
        first: bool = False,
    ) -> None:
        """`first` makes the session of the moment at which a form is opened, which is what dynamic defaults see."""
        self.form = form
        self.answers = answers
        self.steps = steps or Steps()
        self.counts = dict(counts or {})
        self._highest = _highest(answers)
        self._opened: Session | None = None
        self._first = first
        self._sized: dict[str, int] = {}
        self._position = 0
        self._build()

    # The tree of places

    def next_position(self) -> int:
        """The place of the next node in the order of the form."""
        self._position += 1
        return self._position

    def _build(self) -> None:
        """Make the places; again as long as a count that follows from answers has changed."""
        for _again in range(8):
            self.root = Root()
            self.places: dict[str, Place] = {}
            self._ranges: list[tuple[Definition, Place, str]] = []
            self._bases: dict[int, tuple[str, bool]] = {}
            self._options: dict[int, list[tuple[str, Any]]] = {}
            self._paths: dict[tuple[str, ...], list[Any]] = {}
            self._add(self.form.root, self.root, "")
            wanted = {path: self._wanted(definition, parent, path) for definition, parent, path in self._ranges}
            if all(self._sized.get(path, 0) == count for path, count in wanted.items()):
                return
            self._sized.update(wanted)

    def _add(self, definition: Definition, parent: Place | Root, path: str, *, added: bool = False) -> None:
        if len(self.places) > MOST_PLACES:
            raise RuleFault(definition.path, "too many repeated groups")
        made = Place(definition, self, path, parent)
        parent.children.append(made)
        self.places[path] = made
        for child in definition.children:
            below_here = f"{path}/{child.path.rpartition('/')[2]}"
            if not child.repeat:
                self._add(child, made, below_here, added=added)
                continue
            if child.count is not None:
                self._ranges.append((child, made, below_here))
            for place in range(self._size(child, below_here, added)):
                new = added or place >= child.begins_with
                self._add(child, made, f"{below_here}[{place + 1}]", added=new)

    def _size(self, definition: Definition, path: str, added: bool) -> int:
        if definition.count is not None:
            return self._sized.get(path, 0)
        said = self.counts.get(path, self.counts.get(definition.path))
        if said is None:
            said = max(definition.added_with if added else definition.begins_with, self._highest.get(path, 0))
        return min(max(int(said), 0), MOST_INSTANCES)

    def _wanted(self, definition: Definition, parent: Place, path: str) -> int:
        # The rule is worked out from where the repeat stands, whether it has instances or not.
        assert definition.count is not None
        anchor = Place(definition, self, path, parent)
        count = definition.count.number_at(self, anchor)
        if math.isnan(count):  # the instances stay as they were when the form was opened
            opened = self._opening()
            # An instance that was added had as many as the first.
            return opened._sized.get(_POSITION.sub("[1]", path), 0) if opened is not None else 0
        return int(min(max(count, 0), MOST_INSTANCES))

    def _opening(self) -> "Session | None":
        if self._first:
            return None
        if self._opened is None:
            self._opened = Session(self.form, {}, {}, steps=self.steps, first=True)
        return self._opened

    def at(self, names: tuple[str, ...]) -> list[Any]:
        """The nodes at a path of plain names."""
        if names not in self._paths:
            self._paths[names] = below([self.root], names)
        return self._paths[names]

    # What holds at a place

    def relevant(self, place: Place) -> bool:
        """Whether a place is asked: its own condition and those of all above it hold."""
        if place.shown is None:
            place.shown = True  # what a rule that goes round in a circle sees
            parent, own = place.parent, place.definition.relevant
            above = not isinstance(parent, Place) or self.relevant(parent)
            place.shown = above and (own is None or own.truth_at(self, place))
        return place.shown

    def value(self, place: Place) -> str:
        """The value of a place now; blank where it is not asked."""
        if place.text is not None:
            return place.text
        if place.open:
            return self.base(place)
        place.open = True
        try:
            found = self._worked_out(place) if self.relevant(place) else ""
        finally:
            place.open = False
        place.text = found
        return found

    def _worked_out(self, place: Place) -> str:
        definition = place.definition
        if definition.calculate is not None:
            found = _fitting(definition, definition.calculate.text_at(self, place))
        else:
            found = self.base(place)
        if not found or definition.control is None or definition.control.kind not in _CHOICES:
            return found
        return self._offered(place, found)

    def _offered(self, place: Place, found: str) -> str:
        """A choice as far as it is offered now."""
        control = place.definition.control
        offered = [name for name, _label in self.options(place)]
        if control is not None and control.kind == "select1":
            return found if found in offered else ""
        chosen = [name for name in values.words(found) if name in offered]
        if control is not None and control.kind == "rank":
            chosen = list(dict.fromkeys([*chosen, *offered]))
        elif place.where in self.answers:
            chosen = [name for name in dict.fromkeys(offered) if name in chosen]
        return " ".join(chosen)

    def base(self, place: Place) -> str:
        """What was given at a place, or its default, whether it is asked or not."""
        return self._base(place)[0]

    def before(self, item: Any) -> str:
        """What stood at a node before its own calculation: what was given, or what came of it when the form was opened."""
        if not isinstance(item, Place) or not item.definition.leaf:
            return str(item.string_value)
        if item.definition.calculate is None:
            return self.value(item)
        opened = self._opening()
        same = opened.places.get(item.where) if opened is not None else None
        return self.base(item) or (opened.value(same) if opened is not None and same is not None else "")

    def mistyped(self, place: Place) -> bool:
        """Whether what was given is no answer of the place's type, or a choice that is not offered."""
        return self._base(place)[1]

    def _base(self, place: Place) -> tuple[str, bool]:
        found = self._bases.get(id(place))
        if found is None:
            self._bases[id(place)] = ("", False)  # what a default that goes round in a circle sees
            found = self._bases[id(place)] = self._given(place)
        return found

    def _given(self, place: Place) -> tuple[str, bool]:
        definition, answer = place.definition, self.answers.get(place.where)
        control = definition.control
        if answer is None or control is None or self._closed(place):
            return self._default(place), False
        said = answer if isinstance(answer, str) else " ".join(answer)
        if control.kind in _CHOICES:
            return self._chosen(place, said if control.kind in _LISTS else answer)
        found = _within(definition, kinds.kept(definition.kind, said) or "")
        return found, bool(said) and not found

    def _closed(self, place: Place) -> bool:
        """Whether a place takes no answer: it is read only, or what it stands in."""
        own, above = place.definition.readonly, place.parent
        closed = own is not None and own.truth_at(self, place)
        return closed or (isinstance(above, Place) and self._closed(above))

    def _chosen(self, place: Place, answer: Answer) -> tuple[str, bool]:
        offered = {name for name, _label in self.options(place)}
        control = place.definition.control
        if control is not None and control.kind in _LISTS:
            wanted = [name for name in values.words(answer if isinstance(answer, str) else " ".join(answer)) if name]
        else:
            wanted = [answer] if isinstance(answer, str) else list(answer)[:1]
            wanted = [name for name in wanted if name]
        wrong = any(name not in offered for name in wanted)
        if control is not None and control.kind == "rank":
            wrong = wrong or bool(wanted and offered - set(wanted))
            return ("" if wrong else " ".join(wanted)), wrong
        return " ".join(wanted), wrong

    def _default(self, place: Place) -> str:
        definition = place.definition
        text = _fitting(definition, definition.default)
        if definition.preload is not None:
            text = _preloaded(*definition.preload) or text
        for action in definition.actions:
            text = self._acted(place, action, text)
        return text

    def _acted(self, place: Place, action: Action, text: str) -> str:
        if action.source is not None:
            return self._set(place, action.value) if self._changed(place, action.source) else text
        opened = self._opening()
        same = opened.places.get(place.where) if opened is not None else None
        if opened is not None and same is not None:
            return opened.base(same)
        return self._set(place, action.value) if self.relevant(place) else text

    def _set(self, place: Place, value: Rule) -> str:
        return _fitting(place.definition, value.text_at(self, place))

    def _changed(self, place: Place, source: str) -> bool:
        opened = self._opening()
        near = self._near(place, source)
        if near is None or opened is None:
            return False
        before = opened.places.get(near.where)
        return self.value(near) != (opened.value(before) if before is not None else near.definition.default)

    def _near(self, place: Place, source: str) -> Place | None:
        """The place at a path of the form that shares most of its repeats with `place`."""
        found = self.at(tuple(source.strip("/").split("/")))
        return max(found, key=lambda one: _shared(one.where, place.where), default=None)

    # Choices

    def options(self, place: Place) -> list[tuple[str, Any]]:
        """The choices offered at a place, as (name, what their label is read from)."""
        found = self._options.get(id(place))
        if found is None:
            self._options[id(place)] = []  # what a list that goes round in a circle sees
            found = self._options[id(place)] = self._listed(place)
        return found

    def _listed(self, place: Place) -> list[tuple[str, Any]]:
        control = place.definition.control
        if control is None or control.itemset is None:
            return [(option.name, option) for option in control.options] if control is not None else []
        value = control.itemset.value
        nodes = control.itemset.nodes.nodes_at(self, place)
        simple = value.text.strip()
        if nodes and isinstance(nodes[0], Item) and simple.isidentifier():
            return [(next((c.string_value for c in node.children if c.name == simple), ""), node) for node in nodes]
        return [(value.text_at(self, node, place), node) for node in nodes]

    def choice_name(self, name: str, path: str, item: Any) -> str:
        """The label of a choice of the question at a path; blank where there is none, as in a repeat without instances."""
        found = rule(path).nodes_at(self, item)
        if not found or not isinstance(found[0], Place):
            return ""
        for option, source in self.options(found[0]):
            if option == name:
                return self._label(found[0], source)
        return ""

    def _label(self, place: Place, source: Any) -> str:
        if isinstance(source, Option):
            text = self.form.texts.get(source.label_id or "")
            return self._said(text, place) if text is not None else source.label
        itemset = place.definition.control.itemset if place.definition.control else None
        return itemset.label.text_at(self, source, place) if itemset and itemset.label else ""

    def labels(self, place: Place) -> list[tuple[str, str]]:
        """The choices that are offered at a place now, by name, with their labels."""
        return [(name, self._label(place, source)) for name, source in self.options(place)]

    def said(self, text_id: str, place: Place, blank: str = "") -> str | None:
        """A text of the form with what it refers to, as it stands at a place, `blank` for what has no value; None where there is none."""
        text = self.form.texts.get(text_id)
        if text is None:
            return None
        return "".join(piece if isinstance(piece, str) else piece.text_at(self, place) or blank for piece in text)

    def would_ask(self, path: str) -> bool:
        """Whether a repeat that may have no instance is asked."""
        above, _slash, name = path.rpartition("/")
        parent = self.places.get(above)
        below = parent.definition.children if parent is not None else []
        definition = next((one for one in below if one.path.endswith(f"/{name}")), None)
        if parent is None or definition is None or not self.relevant(parent):
            return parent is None or definition is None
        anchor = Place(definition, self, path, parent)
        return definition.relevant is None or definition.relevant.truth_at(self, anchor)

    def translated(self, text_id: str, item: Any) -> str:
        """A text of the form in its default language, with what it refers to."""
        return self._said(self.form.texts.get(text_id, ()), item)

    def _said(self, text: Text, item: Any) -> str:
        return "".join(piece if isinstance(piece, str) else piece.text_at(self, item) for piece in text)

    # Other instances

    def instance(self, name: str) -> Item | None:
        """A list or another instance of the form, by its id."""
        return self.form.instances.get(name)

    def looked_up(self, name: str, wanted: str, key: str, value: str) -> str:
        """A column of the first row of an instance where another column has a value; blank where there is none."""
        found = self.form.instances.get(name)
        for row in below([found], ("root", "item")) if found is not None else ():
            if any(child.name == key and child.string_value == value for child in row.children):
                return next((child.string_value for child in row.children if child.name == wanted), "")
        return ""


def _fitting(definition: Definition, said: str) -> str:
    """A value that the form sets, as a value of the place's type; blank where it is none."""
    return _within(definition, kinds.worked_out(definition.kind, said))


def _within(definition: Definition, said: str) -> str:
    """A value as far as the way in which the place is asked takes it."""
    control = definition.control
    if control is None or not said:
        return said
    if control.kind == "trigger":
        return "OK" if said.lower() == "ok" else ""
    if control.kind == "range" and control.lowest is not None and control.highest is not None:
        return said if control.lowest <= float(said) <= control.highest else ""
    return said


def _preloaded(kind: str, what: str) -> str:
    makers: dict[str, Callable[[], str]] = {
        "uid": lambda: f"uuid:{uuid.uuid4()}",
        "timestamp": lambda: moments.text(clock.now()),
        "date": lambda: clock.now().date().isoformat(),
    }
    return makers[kind]() if kind in makers and what != "end" else ""


def _highest(answers: Answers) -> dict[str, int]:
    """The highest instance of each repeat that an answer names."""
    found: dict[str, int] = {}
    for path in answers:
        start = path.find("[")
        while start >= 0:
            end = path.find("]", start)
            if end < 0 or not path[start + 1 : end].isdecimal():
                break
            found[path[:start]] = max(found.get(path[:start], 0), int(path[start + 1 : end]))
            start = path.find("[", end)
    return found


def _shared(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one.split("/"), other.split("/"), strict=False):
        if left != right:
            break
        count += 1
    return count
