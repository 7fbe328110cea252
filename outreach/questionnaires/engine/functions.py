"""The functions of rules, as ODK XForms defines them, by name: how many arguments each takes, and what it does."""

import math
import random
import uuid
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from outreach import clock
from outreach.questionnaires.engine import arithmetic, geography, moments, texts, values
from outreach.questionnaires.engine.values import Moment, Value

if TYPE_CHECKING:
    from outreach.questionnaires.engine.nodes import Context

OF_NODES = frozenset({"instance", "current", "randomize", "indexed-repeat"})
"""Functions that a path may begin with."""

_LARGEST = 2**31 - 1


class Call:
    """One call of a function: its arguments are worked out when they are asked for."""

    __slots__ = ("_result", "_token", "context")

    def __init__(self, token: Any, context: "Context", result: Callable[[Any, Any], Value]) -> None:
        self._token = token
        self._result = result
        self.context = context

    def __len__(self) -> int:
        return len(self._token)

    def value(self, place: int) -> Value:
        """An argument."""
        return self._result(self._token[place], self.context)

    def values(self, start: int = 0) -> list[Value]:
        """All arguments from `start` on."""
        return [self.value(place) for place in range(start, len(self))]

    def text(self, place: int, default: str = "") -> str:
        """An argument as text; `default` where it is not given."""
        return values.text(self.value(place)) if place < len(self) else default

    def number(self, place: int, default: float = math.nan) -> float:
        """An argument as a number; `default` where it is not given."""
        return values.number(self.value(place)) if place < len(self) else default

    def whole(self, place: int, default: int | None = None) -> int | None:
        """An argument as the whole number that its text begins with; None where there is none."""
        return texts.leading_whole(self.text(place)) if place < len(self) else default

    def truth(self, place: int) -> bool:
        """Whether an argument counts as true."""
        return values.truth(self.value(place))

    def nodes(self, place: int) -> Sequence[Any]:
        """An argument that must be nodes. Raises ValueError for anything else."""
        found = self.value(place)
        if isinstance(found, str | float | bool):
            raise ValueError("nodes are needed here")
        return found


def _or_here(call: Call) -> Value:
    return call.value(0) if len(call) else [cast(Any, call.context.item)]


# Choosing


def _if(call: Call) -> Value:
    return call.value(1) if call.truth(0) else call.value(2)


def _checklist(call: Call) -> Value:
    ticks = [bool(one.strip()) for one in (t for v in call.values(2) for t in _truth_texts(v))]
    return _between(call, float(sum(ticks)))


def _truth_texts(value: Value) -> list[str]:
    if isinstance(value, str | float | bool):
        return ["x" if values.truth(value) else ""]
    return values.texts(value)


def _weighted_checklist(call: Call) -> Value:
    if len(call) % 2:
        raise ValueError("an even number of arguments is needed")
    total = 0.0
    for place in range(2, len(call), 2):
        ticks, weights = _truth_texts(call.value(place)), values.numbers(call.value(place + 1))
        if len(weights) > len(ticks):
            return False
        total += sum(weight for tick, weight in zip(ticks, weights, strict=False) if tick.strip())
    return _between(call, total)


def _between(call: Call, count: float) -> bool:
    least, most = call.number(0), call.number(1)
    return count >= least and (most == -1 or not count > most)


# Lists of choices


def _selected(call: Call) -> Value:
    return call.text(1).strip(values.SPACE) in values.words(call.text(0))


def _count_selected(call: Call) -> Value:
    listed = call.text(0).strip(values.SPACE)
    return float(len(values.words(listed))) if listed else 0.0


def _selected_at(call: Call) -> Value:
    listed, place = values.words(call.text(0)), call.whole(1)
    return listed[place] if place is not None and 0 <= place < len(listed) else ""


def _choice_name(call: Call) -> Value:
    return call.context.session.choice_name(call.text(0), call.text(1), call.context.item)


# Nodes


def _count(call: Call) -> Value:
    return float(len(set(map(id, call.nodes(0)))))


def _count_non_empty(call: Call) -> Value:
    return float(sum(1 for one in values.texts(call.nodes(0)) if one))


def _position(call: Call) -> Value:
    if not len(call):
        return float(call.context.position)
    found = call.nodes(0)
    if not found:
        return math.nan
    node = found[0]
    if node.parent is None:
        return 1.0
    if (number := getattr(node, "number", None)) is not None:
        return float(number)
    place = 0
    for sibling in node.parent.children:
        place = place + 1 if sibling.name == node.name else 0
        if sibling is node:
            break
    return float(place)


def _name(call: Call) -> Value:
    found = _or_here(call)
    return "" if isinstance(found, str | float | bool) or not found else str(found[0].name or "").rpartition("}")[2]


def _instance(call: Call) -> Value:
    found = call.context.session.instance(call.text(0))
    return [found] if found is not None else []


def _indexed_repeat(call: Call) -> Value:
    pairs: list[tuple[list[Any], float]] = []
    for place in range(1, len(call) - 1, 2):
        repeats, position = list(call.nodes(place)), call.number(place + 1)
        if not repeats or not math.isfinite(position):
            return []
        pairs.append((repeats, position))
    inside: Any = None
    for repeats, position in sorted(pairs, key=lambda pair: _depth(pair[0][0])):
        here = [repeat for repeat in repeats if inside is None or _within(repeat, inside)]
        index = int(position) - 1
        if position != int(position) or not 0 <= index < len(here):
            return []
        inside = here[index]
    return [node for node in call.nodes(0) if _within(node, inside)]


def _depth(node: Any) -> int:
    depth = 0
    while node is not None:
        node, depth = node.parent, depth + 1
    return depth


def _within(node: Any, ancestor: Any) -> bool:
    while node is not None and node is not ancestor:
        node = node.parent
    return node is not None


def _once(call: Call) -> Value:
    return call.context.session.before(call.context.item) or call.text(0)


def _randomize(call: Call) -> Value:
    nodes = list(call.nodes(0))
    if len(call) < 2:
        random.shuffle(nodes)
        return nodes
    seed = call.number(1)
    state = texts.seed_of(call.text(1)) if math.isnan(seed) else int(seed)
    return shuffled(nodes, state)


def shuffled(nodes: list[Any], seed: int) -> list[Any]:
    """Nodes in the order that JavaRosa gives them for a seed."""
    state = abs(seed) % _LARGEST * (1 if seed > 0 else -1)
    state = state + _LARGEST - 1 if state <= 0 else state
    out: list[Any] = []
    for place, node in enumerate(nodes):
        state = state * 16807 % _LARGEST
        other = int((state - 1) / (_LARGEST - 1) * (place + 1))
        out.append(None)
        if other != place:
            out[place] = out[other]
        out[other] = node
    return out


def _pulldata(call: Call) -> Value:
    return call.context.session.looked_up(call.text(0), call.text(1), call.text(2), call.text(3))


def _itext(call: Call) -> Value:
    return call.context.session.translated(call.text(0), call.context.origin)


# Time


def _today(call: Call) -> Value:
    now = clock.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Moment(moments.days_of(midnight), moments.text(midnight))


def _now(call: Call) -> Value:
    return Moment(moments.days_of(clock.now()), moments.text(clock.now()))


def _date(call: Call) -> Value:
    given = call.value(0)
    if isinstance(given, bool):
        return ""
    if isinstance(given, float):
        made = moments.of_days(given)
    elif not values.text(given):
        return ""
    else:
        made = moments.loose(values.text(given))
    return Moment(math.nan, "Invalid Date") if made is None else Moment(moments.days_of(made), moments.text(made))


def _decimal_date_time(call: Call) -> Value:
    given = call.value(0)
    if isinstance(given, float):
        made = moments.of_days(given)
        return math.nan if made is None else moments.days_of(made)
    days = moments.days(values.text(given))
    return math.nan if days is None else days


def _format_date(call: Call) -> Value:
    made = moments.instant(call.text(0))
    return "" if made is None else moments.formatted(made, call.text(1))


# Numbers


def _number(call: Call) -> Value:
    given = _or_here(call)
    if isinstance(given, float) and not isinstance(given, bool):
        return given
    if not isinstance(given, bool) and (days := moments.days(values.text(given))) is not None:
        return Moment(days, str(math.floor(days)))
    return values.number(given)


def _sum(call: Call) -> Value:
    found = values.numbers(call.value(0))
    return arithmetic.total(found) if found else math.nan


def _most(pick: Callable[[list[float]], float]) -> Callable[[Call], Value]:
    def work(call: Call) -> Value:
        found = [one for value in call.values() for one in values.numbers(value)]
        # A plain number, though it may be that of a date.
        return math.nan if not found or any(math.isnan(one) for one in found) else float(pick(found))

    return work


def _of_one(work: Callable[[float], float]) -> Callable[[Call], Value]:
    safe = arithmetic.safe(work)
    return lambda call: safe(call.number(0))


def _of_two(work: Callable[[float, float], float]) -> Callable[[Call], Value]:
    safe = arithmetic.safe(work)
    return lambda call: safe(call.number(0), call.number(1))


Work = Callable[[Call], Value]

FUNCTIONS: dict[str, tuple[int, int | None, Work]] = {
    "true": (0, 0, lambda call: True),
    "false": (0, 0, lambda call: False),
    "not": (1, 1, lambda call: not call.truth(0)),
    "boolean": (1, 1, lambda call: call.truth(0)),
    "boolean-from-string": (1, 1, lambda call: call.text(0) in {"1", "true"}),
    "if": (3, 3, _if),
    "checklist": (2, None, _checklist),
    "weighted-checklist": (2, None, _weighted_checklist),
    "selected": (2, 2, _selected),
    "count-selected": (1, 1, _count_selected),
    "selected-at": (2, 2, _selected_at),
    "jr:choice-name": (2, 2, _choice_name),
    "jr:itext": (1, 1, _itext),
    "count": (1, 1, _count),
    "count-non-empty": (1, 1, _count_non_empty),
    "position": (0, 1, _position),
    "last": (0, 0, lambda call: float(call.context.size or 1)),
    "name": (0, 1, _name),
    "local-name": (0, 1, _name),
    "current": (0, 0, lambda call: [call.context.origin]),
    "instance": (1, 1, _instance),
    "indexed-repeat": (3, None, _indexed_repeat),
    "once": (1, 1, _once),
    "randomize": (1, 2, _randomize),
    "pulldata": (4, 4, _pulldata),
    "today": (0, 0, _today),
    "now": (0, 0, _now),
    "date": (1, 1, _date),
    "date-time": (1, 1, _date),
    "decimal-date-time": (1, 1, _decimal_date_time),
    "decimal-time": (1, 1, lambda call: moments.time_of_day(call.text(0))),
    "format-date": (2, 2, _format_date),
    "format-date-time": (2, 2, _format_date),
    "number": (0, 1, _number),
    "sum": (1, 1, _sum),
    "min": (0, None, _most(min)),
    "max": (0, None, _most(max)),
    "round": (1, 2, lambda call: arithmetic.rounded(call.number(0), call.number(1, 0.0))),
    "int": (1, 1, _of_one(arithmetic.cut)),
    "floor": (1, 1, _of_one(arithmetic.whole(math.floor))),
    "ceiling": (1, 1, _of_one(arithmetic.whole(math.ceil))),
    "abs": (1, 1, _of_one(abs)),
    "pow": (2, 2, _of_two(arithmetic.power)),
    "sqrt": (1, 1, _of_one(math.sqrt)),
    "exp": (1, 1, _of_one(math.exp)),
    "exp10": (1, 1, _of_one(lambda value: arithmetic.power(10, value))),
    "log": (1, 1, _of_one(arithmetic.logarithm(math.log))),
    "log10": (1, 1, _of_one(arithmetic.logarithm(math.log10))),
    "area": (1, 1, lambda call: geography.area(values.texts(call.value(0)))),
    "distance": (1, None, lambda call: geography.distance([t for v in call.values() for t in values.texts(v)])),
    "geofence": (2, 2, lambda call: geography.within(call.text(0), call.text(1))),
    "pi": (0, 0, lambda call: math.pi),
    "sin": (1, 1, _of_one(math.sin)),
    "cos": (1, 1, _of_one(math.cos)),
    "tan": (1, 1, _of_one(math.tan)),
    "asin": (1, 1, _of_one(math.asin)),
    "acos": (1, 1, _of_one(math.acos)),
    "atan": (1, 1, _of_one(math.atan)),
    "atan2": (2, 2, _of_two(math.atan2)),
    "random": (0, 0, lambda call: random.random()),  # noqa: S311 - authors ask for chance, not for secrets
    "string": (0, 1, lambda call: values.text(_or_here(call))),
    "string-length": (0, 1, lambda call: float(texts.length(values.text(_or_here(call))))),
    "concat": (0, None, lambda call: "".join(one for value in call.values() for one in values.texts(value))),
    "join": (1, None, lambda call: call.text(0).join(one for v in call.values(1) for one in values.texts(v))),
    "coalesce": (2, 2, lambda call: call.text(0) or call.text(1)),
    "contains": (2, 2, lambda call: call.text(1) in call.text(0)),
    "starts-with": (2, 2, lambda call: call.text(0).startswith(call.text(1))),
    "ends-with": (2, 2, lambda call: call.text(0).endswith(call.text(1))),
    "normalize-space": (0, 1, lambda call: " ".join(values.words(values.text(_or_here(call))))),
    "substring-before": (2, 2, lambda call: texts.before(call.text(0), call.text(1))),
    "substring-after": (2, 2, lambda call: texts.after(call.text(0), call.text(1))),
    "substring": (2, 3, lambda call: texts.substring(call.text(0), call.number(1), call.number(2, math.inf))),
    "substr": (2, 3, lambda call: texts.substr(call.text(0), call.whole(1), call.whole(2, _LARGEST))),
    "translate": (3, 3, lambda call: texts.translated(call.text(0), call.text(1), call.text(2))),
    "regex": (2, 2, lambda call: texts.matches(call.text(0), call.text(1))),
    "digest": (2, 3, lambda call: texts.digest(call.text(0), call.text(1), call.text(2, "base64"))),
    "base64-decode": (1, 1, lambda call: texts.decoded(call.text(0))),
    "uuid": (0, 1, lambda call: texts.cut(str(uuid.uuid4()), call.number(0))),
}
