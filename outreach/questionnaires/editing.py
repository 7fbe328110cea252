"""What the editor does to the rows of a questionnaire: move, add, remove, change, number anew. Pure: rows in, rows out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from outreach.errors import Missing
from outreach.i18n import _
from outreach.questionnaires import numbering, types
from outreach.questionnaires.numbering import BEGIN, END
from outreach.questionnaires.rows import Cells, Rows, kind_of, list_of

TYPES = (
    "text", "integer", "decimal", "date", "time", "dateTime", "select_one", "select_multiple", "rank", "range", "file", "image",
    "note", "acknowledge",
)  # fmt: skip
"""The types that the editor offers; questions of others keep theirs."""

CHOOSING = ("select_one", "select_multiple", "rank")

_AFTER = "/"
"""Before the name of a group: the spot behind it. No name has this sign."""


@dataclass(frozen=True)
class Line:
    """A row as the list of questions shows it: `depth` counts the groups around it."""

    row: Cells
    kind: str
    depth: int

    @property
    def group(self) -> bool:
        """Whether it holds other rows."""
        return self.kind in BEGIN


def lines(rows: Rows) -> list[Line]:
    """All questions and groups in their order; the ends of groups are not shown."""
    found, depth = [], 0
    for row in rows.survey:
        kind = kind_of(row)
        if kind in END:
            depth = max(0, depth - 1)
            continue
        found.append(Line(row, kind, depth))
        depth += kind in BEGIN
    return found


@dataclass(frozen=True)
class Spot:
    """Where something can be added or placed: below a question, at the end of a group, or (`after`) behind a group that stands in another.

    `value` is what `add`, `insert` and their like take for it.
    """

    value: str
    row: Cells
    depth: int
    after: bool = False


def spots(rows: Rows, without: str = "") -> list[Spot]:
    """All spots in their order; `without` those in a question or group that is to be placed itself."""
    start, end = _span(rows.survey, without) if without else (-1, -2)
    found: list[Spot] = []
    around: list[Cells] = []
    for place, row in enumerate(rows.survey):
        kind = kind_of(row)
        closed = around.pop() if kind in END and around else None
        if not start <= place <= end:
            if closed is not None and around and closed.get("name"):
                found.append(Spot(f"{_AFTER}{closed['name']}", closed, len(around), after=True))
            elif kind not in END and row.get("name"):
                found.append(Spot(row["name"], row, len(around)))
        if kind in BEGIN:
            around.append(row)
    return found


def move(rows: Rows, name: str, *, up: bool) -> Rows:
    """Move a question or a whole group one place; a question at the edge of a group goes on into the next one."""
    survey = list(rows.survey)
    start, end = _span(survey, name)
    block = survey[start : end + 1]
    rest = survey[:start] + survey[end + 1 :]
    target = _place_above(survey, start, end) if up else _place_below(survey, start, end)
    return replace(rows, survey=(*rest[:target], *block, *rest[target:]))


def place(rows: Rows, name: str, below: str) -> Rows:
    """Move a question to a spot; a section of the top level after the one in which the spot is.

    A group can't move into itself: then nothing changes.
    """
    start, end = _span(rows.survey, name)
    block, rest = rows.survey[start : end + 1], (*rows.survey[:start], *rows.survey[end + 1 :])
    if any(row.get("name") == below.removeprefix(_AFTER) for row in block):
        return rows
    top = end > start and next(line.depth for line in lines(rows) if line.row.get("name") == name) == 0
    at = _after_section(rest, below) if top else _place_for(rest, below)
    return replace(rows, survey=(*rest[:at], *block, *rest[at:]))


def _place_above(survey: list[Cells], start: int, end: int) -> int:
    """Where the block goes among the other rows, one place up."""
    if start == 0:
        return 0
    before, whole = kind_of(survey[start - 1]), end > start
    if before in END and whole:
        return _begin_of(survey, start - 1)
    if before in BEGIN:
        if whole and start > 1:
            return start - 1
        # Between two groups nothing stands: out of the one is into the other.
        return start - 2 if start > 1 and kind_of(survey[start - 2]) in END and not whole else start - 1
    return start - 1


def _place_below(survey: list[Cells], start: int, end: int) -> int:
    rest = survey[end + 1 :]
    if not rest:
        return start
    after, whole = kind_of(rest[0]), end > start
    if after in BEGIN and whole:
        return start + _end_of(rest, 0) + 1
    if after in END and not whole and len(rest) > 1 and kind_of(rest[1]) in BEGIN:
        return start + 2
    return start + 1


def remove(rows: Rows, name: str) -> Rows:
    """Take out a question, or a group with all that it holds, and the lists of choices that nobody uses any more; `put_back` undoes it."""
    start, end = _span(rows.survey, name)
    made = _without_unused_lists(replace(rows, survey=(*rows.survey[:start], *rows.survey[end + 1 :])), rows)
    return replace(made, before=rows)


def put_back(rows: Rows) -> Rows:
    """The rows as they were before something was taken out; as they are where they were changed since."""
    return rows.before or rows


def _without_unused_lists(rows: Rows, before: Rows) -> Rows:
    used = {list_of(row) for row in before.survey} - {list_of(row) for row in rows.survey}
    return replace(rows, choices=tuple(choice for choice in rows.choices if choice.get("list_name") not in used))


def add(rows: Rows, below: str, kind: str) -> tuple[Rows, str]:
    """Add a question of a type below another one, or as the last of a group; the rows and the new question's name."""
    at = _place_for(rows.survey, below)
    name = _free("q", _names(rows))
    choosing = kind in CHOOSING
    row = {
        "type": f"{kind} {name}" if choosing else kind,
        "name": name,
        **({} if kind in ("note", "calculate") else {"outreach::code": numbering.fresh_code(rows.survey, at)}),
        **({"parameters": "start=1 end=5 step=1"} if kind == "range" else {}),
    }
    choices = tuple({"list_name": name, "name": choice} for choice in ("c1", "c2")) if choosing else ()
    made = replace(rows, survey=(*rows.survey[:at], row, *rows.survey[at:]), choices=rows.choices + choices)
    return made, name


def add_within(rows: Rows, below: str, *, repeat: bool) -> tuple[Rows, str]:
    """Add an empty section, to be repeated or not, below a question, or as the last of a group; the rows and its name."""
    at, word = _place_for(rows.survey, below), "repeat" if repeat else "group"
    name = _free(word, _names(rows))
    row = {"type": f"begin_{word}", "name": name, "outreach::code": numbering.fresh_code(rows.survey, at)}
    return replace(rows, survey=(*rows.survey[:at], row, {"type": f"end_{word}"}, *rows.survey[at:])), name


def add_section(rows: Rows, below: str = "") -> tuple[Rows, str]:
    """Add an empty section after the one in which a question stands, else at the end; the rows and its name."""
    at = _after_section(rows.survey, below) if below else len(rows.survey)
    name = _free("section", _names(rows))
    codes = [line.row.get("outreach::code", "") for line in lines(rows) if line.group and line.depth == 0]
    code = str(max([int(one) for one in codes if re.fullmatch(r"\d{1,4}", one)], default=0) + 1)
    row = {"type": "begin_group", "name": name, "outreach::code": code}
    return replace(rows, survey=(*rows.survey[:at], row, {"type": "end_group"}, *rows.survey[at:])), name


def copy(rows: Rows, name: str) -> tuple[Rows, str]:
    """Put a copy of a question below it, with a name and a number of its own and the same list of choices; the rows and its name."""
    row = rows.survey[_index(rows.survey, name)]
    return insert(rows, name, Rows(survey=(row,), choices=rows.choices_of(row)))


def offers_other(row: Cells) -> bool:
    """Whether a question offers “Other” behind its choices, with a line to say which."""
    said = types.read(row.get("type", ""))
    return said is not None and said.or_other


def offer_other(rows: Rows, name: str, *, offered: bool) -> Rows:
    """Let a question offer “Other”, or not; those that don't choose from a list stay as they are."""
    row = rows.survey[_index(rows.survey, name)]
    if kind_of(row) not in ("select_one", "select_multiple") or offers_other(row) == offered:
        return rows
    return change(rows, name, {"type": f"{kind_of(row)} {list_of(row)}{' or_other' if offered else ''}"})


def insert(rows: Rows, below: str, block: Rows) -> tuple[Rows, str]:
    """Insert the rows of a block below a question or at the end of a group, with names and codes that are not in use yet.

    Returns the rows and the name of the first of the block. Where there is no question yet, `below` is empty.
    """
    at = _place_for(rows.survey, below)
    names, lists = _names(rows), {choice.get("list_name", "") for choice in rows.choices}
    new_names = {row["name"]: _free_like(row["name"], names) for row in block.survey if row.get("name")}
    new_lists: dict[str, str] = {}
    for name in dict.fromkeys(choice["list_name"] for choice in block.choices):
        here = [c for c in rows.choices if c.get("list_name") == name]
        same = here == [c for c in block.choices if c["list_name"] == name]
        new_lists[name] = name if same else _free_like(name, lists)
    fresh = [{key: _renamed(text, key, new_names, new_lists) for key, text in row.items()} for row in block.survey]
    numbered = numbering.numbered(fresh, numbering.fresh_code(rows.survey, at), letters=numbering.lettered(rows.survey))
    taken = {choice.get("list_name") for choice in rows.choices}
    choices = tuple(
        {**choice, "list_name": new_lists[choice["list_name"]]}
        for choice in block.choices
        if new_lists[choice["list_name"]] not in taken
    )
    first = next(new_names[row["name"]] for row in block.survey if row.get("name"))
    return replace(
        rows, survey=(*rows.survey[:at], *numbered, *rows.survey[at:]), choices=rows.choices + choices
    ), first


def _renamed(text: str, key: str, names: Mapping[str, str], lists: Mapping[str, str]) -> str:
    if key == "name":
        return names.get(text, text)
    if key == "type":
        words = text.split()
        return " ".join([words[0], *(lists.get(word, word) for word in words[1:])])
    return re.sub(r"\$\{([\w.-]+)\}", lambda found: f"${{{names.get(found[1], found[1])}}}", text)


def change(rows: Rows, name: str, cells: Mapping[str, str]) -> Rows:
    """Write cells of a question or group; an empty one is taken out. A question that is made to choose gets a list of choices."""
    index = _index(rows.survey, name)
    before = rows.survey[index]
    row = {key: text for key, text in {**before, **cells}.items() if text}
    kind = row.get("type", "")
    made = rows
    if kind in CHOOSING:
        named = list_of(before) or name
        row["type"] = " ".join([kind, named, *before.get("type", "").split()[2:]])
        if not rows.choices_of(row):
            fresh = tuple({"list_name": named, "name": choice} for choice in ("c1", "c2"))
            made = replace(rows, choices=rows.choices + fresh)
    made = replace(made, survey=(*rows.survey[:index], row, *rows.survey[index + 1 :]))
    return _without_unused_lists(made, rows)


def set_choices(rows: Rows, name: str, given: Sequence[Mapping[str, str]]) -> Rows:
    """Put these choices in the place of a question's own; one without name gets a new one.

    Nothing is added to a choice: `written_over` keeps its other columns.
    """
    listed = list_of(rows.survey[_index(rows.survey, name)])
    names = {choice.get("name", "") for choice in rows.choices if choice.get("list_name") == listed}
    made = []
    for one in given:
        named = one.get("name") or _free("c", names)
        names.add(named)
        made.append({key: text for key, text in {**one, "list_name": listed, "name": named}.items() if text})
    first = next((i for i, c in enumerate(rows.choices) if c.get("list_name") == listed), len(rows.choices))
    others = [c for c in rows.choices if c.get("list_name") != listed]
    at = sum(1 for c in rows.choices[:first] if c.get("list_name") != listed)
    return replace(rows, choices=(*others[:at], *made, *others[at:]))


def written_over(choices: Iterable[Cells], given: Iterable[Cells]) -> list[Cells]:
    """The choices with the cells that are given for them, by name; their other columns stay. What is given under no name of theirs is new.

    Of several with one name the first takes what is given first.
    """
    left: dict[str, list[Cells]] = {}
    for choice in choices:
        left.setdefault(choice.get("name", ""), []).append(choice)
    made: list[Cells] = []
    for one in given:
        same = left.get(one.get("name", ""))
        made.append({**same.pop(0), **one} if same else {**one, "name": ""})
    return made


def with_lines(choices: Iterable[Cells], lines: Sequence[str], language: str) -> list[Cells]:
    """The choices with more of them, a line each: those that say nothing yet are filled first."""
    made, left = [], list(lines)
    for choice in choices:
        silent = not any(text for key, text in choice.items() if key not in ("name", "list_name"))
        made.append({**choice, f"label::{language}": left.pop(0)} if silent and left else choice)
    return [*made, *({f"label::{language}": line} for line in left)]


def number_anew(rows: Rows) -> Rows:
    """Number all sections and questions in their order: 1, 1.1, and 1.1.a for what depends on 1.1; notes have no number.

    Where the questions of a section have letters, they keep letters: 1, 1.a, 1.b.
    """
    return replace(rows, survey=tuple(numbering.numbered(rows.survey, "1", letters=numbering.lettered(rows.survey))))


def _place_for(survey: Sequence[Cells], below: str) -> int:
    if not below:
        return len(survey)
    start, end = _span(survey, below.removeprefix(_AFTER))
    return end if end > start and not below.startswith(_AFTER) else end + 1


def _after_section(survey: Sequence[Cells], name: str) -> int:
    """The place after the group of the top level in which a question stands."""
    index, depth = _index(survey, name.removeprefix(_AFTER)), 0
    for place, row in enumerate(survey):
        depth += (kind_of(row) in BEGIN) - (kind_of(row) in END)
        if place >= index and depth == 0:
            return place + 1
    return len(survey)


def _index(survey: Sequence[Cells], name: str) -> int:
    for index, row in enumerate(survey):
        if row.get("name") == name and kind_of(row) not in END:
            return index
    raise Missing(_("There is no such question. Somebody may have taken it out."))


def _span(survey: Sequence[Cells], name: str) -> tuple[int, int]:
    """The first and the last row of a question or group."""
    index = _index(survey, name)
    return index, _end_of(survey, index) if kind_of(survey[index]) in BEGIN else index


def _end_of(survey: Sequence[Cells], begin: int) -> int:
    depth = 0
    for index in range(begin, len(survey)):
        depth += (kind_of(survey[index]) in BEGIN) - (kind_of(survey[index]) in END)
        if depth == 0:
            return index
    return len(survey) - 1


def _begin_of(survey: Sequence[Cells], end: int) -> int:
    depth = 0
    for index in range(end, -1, -1):
        depth += (kind_of(survey[index]) in END) - (kind_of(survey[index]) in BEGIN)
        if depth == 0:
            return index
    return 0


def _names(rows: Rows) -> set[str]:
    return {row.get("name", "") for row in rows.survey}


def _free(stem: str, taken: Iterable[str]) -> str:
    names = set(taken)
    return next(name for number in range(1, len(names) + 2) if (name := f"{stem}{number}") not in names)


def _free_like(name: str, taken: set[str]) -> str:
    found = name if name not in taken else _free(f"{name}_", taken)
    taken.add(found)
    return found
