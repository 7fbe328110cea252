"""The rows of a workbook as they are asked here: loops as groups, and each name once.

XLSForm has loops, which ask their questions anew for each choice of a list, and lets a name stand in several groups. Here answers are
kept by name. So a loop becomes a group for each choice, as pyxform makes of it; what is named twice gets a name made of its group's
and its own; and what refers to it follows. Where XLSForm can't tell what is meant, that is a fault.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from outreach.i18n import LANGUAGES, _
from outreach.questionnaires import columns, types
from outreach.questionnaires.choice_lists import OTHER, in_languages
from outreach.questionnaires.columns import Columns
from outreach.questionnaires.form import REFERENCE
from outreach.questionnaires.remarks import Remarks
from outreach.questionnaires.workbook import MOST_ROWS, Row, Sheet

_NONE = "none"
"""A choice of this name is none to ask about; pyxform leaves it out of loops."""
_MOST_EMPTY = 60
_PLACEHOLDER = re.compile(r"%\((name|label)\)s|%%")
_PATH = re.compile(r"(\.\.\s*)?/\s*([A-Za-z_][\w.-]*)")
_PATHS = frozenset({"relevant", "constraint", "calculation", "choice_filter", "repeat_count", "required", "readonly"})
_LISTS = ("choices", "external_choices")


def unfolded(given: Mapping[str, Sheet], remarks: Remarks) -> dict[str, Sheet]:
    """The sheets, with the loops of “survey” as groups and its names given once; what was changed, and what is wrong, is said to `remarks`."""
    if "survey" not in given:
        return dict(given)
    return _Unfolding(given, remarks).sheets()


@dataclass(frozen=True)
class _Line:
    """A row where it stands now: `copies` say for which choice of each loop around it, the outermost first."""

    row: Row
    copies: tuple[tuple[int, int], ...] = ()
    heads_copy: bool = False


@dataclass
class _Loop:
    """A loop that was begun and not ended yet."""

    line: _Line
    list_name: str
    body: list[_Line] = field(default_factory=list)


@dataclass(frozen=True)
class _Named:
    """A line with the name that its author gave it, its name here, and the group that it stands in (a number)."""

    line: _Line
    given: str
    name: str
    group: int


@dataclass
class _Group:
    """A group while its lines are gone through."""

    number: int
    name: str
    seen: set[str] = field(default_factory=set)


class _Unfolding:
    def __init__(self, given: Mapping[str, Sheet], remarks: Remarks) -> None:
        self.given = given
        self.remarks = remarks
        self.survey = self._near(given["survey"])
        self.default = columns.spoken(columns.settings(given["settings"]) if "settings" in given else {})
        self.columns = Columns(self.survey, columns.SURVEY, self.default)

    def sheets(self) -> dict[str, Sheet]:
        """All sheets as they are asked."""
        lines = self._without_loops()
        named = self._named(lines)
        by_name: dict[str, list[_Named]] = {}
        for one in named.values():
            by_name.setdefault(one.given, []).append(one)
        moved = {name: held for name, held in by_name.items() if len(held) > 1 or held[0].name != name}
        if not moved and len(lines) == len(self.given["survey"].rows):
            return dict(self.given)
        rows = tuple(self._following(line, named.get(number), moved) for number, line in enumerate(lines))
        found = {**self.given, "survey": replace(self.survey, rows=rows)}
        for name in _LISTS:
            if name in found:
                found[name] = self._list_following(found[name], moved)
        return found

    def _near(self, sheet: Sheet) -> Sheet:
        """The sheet without what stands far below the rest, which tools for XLSForm don't read: pyxform gives up there."""
        for number, (row, before) in enumerate(zip(sheet.rows[1:], sheet.rows, strict=False), start=1):
            if row.number - before.number > _MOST_EMPTY:
                self.remarks.remark_at(
                    sheet, row, _("Below very many empty rows, this row and those after it are not read.")
                )
                return replace(sheet, rows=sheet.rows[:number])
        return sheet

    # Loops

    def _without_loops(self) -> list[_Line]:
        done: list[_Line] = []
        loops: list[_Loop] = []
        for row in self.survey.rows:
            body = loops[-1].body if loops else done
            loop = None if self._disabled(row) else types.loop(self._get(row, "type"))
            if loop is None:
                body.append(_Line(row))
            elif loop[0]:
                loops.append(_Loop(_Line(row), loop[1]))
            elif not loops:
                self._fault(row, _("This end of a group ends no group."))
            else:
                ended = loops.pop()
                (loops[-1].body if loops else done).extend(self._groups(ended, row))
        for left in loops:
            self._fault(left.line.row, _("This group is never ended."))
            done.extend(left.body)
        return done

    def _groups(self, loop: _Loop, end: Row) -> Iterator[_Line]:
        """A group for the loop, and in it one for each choice."""
        begin = loop.line.row
        yield _Line(self._with(begin, "type", "begin group"))
        choices = self._choices(loop)
        if choices is None:
            yield from loop.body
        else:
            for number, (name, label) in enumerate(choices.items()):
                yield from self._copy(loop, number, name, label)
        yield _Line(self._with(end, "type", "end group"))

    def _copy(self, loop: _Loop, number: int, name: str, label: Mapping[str, str]) -> Iterator[_Line]:
        begin = loop.line.row
        here = ((begin.number, number),)
        said = label or {self.default or "en": name}
        labels = ((one.heading, said.get(one.language or "")) for one in self.columns.of("label"))
        head = {heading: text for heading, text in labels if text}
        row = self._with(self._with(Row(begin.number, head), "type", "begin group"), "name", _as_name(name))
        yield _Line(row, here, heads_copy=True)
        for line in loop.body:
            cells = {heading: self._said(heading, cell, name, label) for heading, cell in line.row.cells.items()}
            yield replace(line, row=Row(line.row.number, cells), copies=(*here, *line.copies))
        yield _Line(self._with(Row(begin.number, {}), "type", "end group"), here)

    def _said(self, heading: str, cell: str, name: str, label: Mapping[str, str]) -> str:
        """A cell of a loop, as it is said for a choice."""
        if "%" not in cell:
            return cell
        shown = self._label(label, columns.column(heading, self.default).language) or name
        return _PLACEHOLDER.sub(lambda found: {None: "%", "name": name, "label": shown}[found[1]], cell)

    def _choices(self, loop: _Loop) -> dict[str, Mapping[str, str]] | None:
        """The choices that a loop goes through, with their labels; None where they can't be found."""
        row, wanted = loop.line.row, loop.list_name
        if not wanted:
            self._fault(row, _("The loop does not say which list it goes through, as in “begin loop over LIST”."))
            return None
        found = dict(self._listed(wanted))
        if not found:
            self._fault(row, _("The list of choices “%(list)s” is not on the sheet “choices”.", list=wanted))
            return None
        if OTHER not in found and any(self._offers_other(one, wanted) for one in self.survey.rows):
            found[OTHER] = in_languages(tuple(LANGUAGES), "Other")
        if (len(loop.body) + 2) * len(found) > MOST_ROWS:
            self._fault(row, _("The loop makes more than %(most)d rows.", most=MOST_ROWS))
            return None
        self.remarks.remark_at(
            self.survey,
            row,
            _(
                "The loop is asked as a group for each choice of “%(list)s”; the names in it begin with the name of the choice.",
                list=wanted,
            ),
        )
        return found

    def _listed(self, wanted: str) -> Iterator[tuple[str, Mapping[str, str]]]:
        sheet = self.given.get("choices")
        if sheet is None:
            return
        found = Columns(sheet, frozenset({"list_name", "name"}), self.default, others=True)
        for row in sheet.rows:
            name = found.get(row, "name")
            if found.get(row, "list_name") == wanted and name and name != _NONE:
                yield name, found.texts(row, "label")

    def _offers_other(self, row: Row, wanted: str) -> bool:
        said = None if self._disabled(row) else types.read(self._get(row, "type"))
        return said is not None and said.or_other and said.choices == wanted

    def _label(self, label: Mapping[str, str], language: str | None) -> str:
        spoken = (language, self.default, *label)
        return next((label[code] for code in spoken if code is not None and label.get(code)), "")

    # Names

    def _named(self, lines: list[_Line]) -> dict[int, _Named]:
        """By place among the lines, each that has a name."""
        taken = {self._get(row, "name") for row in self.survey.rows}
        first: set[str] = set()
        groups = [_Group(0, "")]
        found: dict[int, _Named] = {}
        for number, line in enumerate(lines):
            border = types.group(self._get(line.row, "type"))
            if self._disabled(line.row):
                continue
            if border is not None and not border[0]:
                groups = groups[:-1] or groups
                continue
            given, group = self._given_name(line, begins=border is not None), groups[-1]
            if given:
                name = given if given not in first and not line.copies else self._new_name(given, line, group, taken)
                taken.add(name)
                if not line.copies:
                    first.add(given)
                if given in group.seen:
                    self._fault(line.row, _("The name “%(name)s” was given before.", name=given))
                elif name != given and not line.copies:
                    self.remarks.remark_at(
                        self.survey,
                        line.row,
                        _("The name “%(name)s” was given before, in another group; here it is “%(new)s”.", name=given, new=name),
                    )  # fmt: skip
                group.seen.add(given)
                found[number] = _Named(line, given, name, group.number)
            if border is not None:
                groups.append(_Group(number + 1, found[number].name if number in found else ""))
        return found

    def _given_name(self, line: _Line, *, begins: bool) -> str:
        name = self._get(line.row, "name")
        if name or not line.copies:
            return name
        # Without a name these get one of the row's number, which all copies have.
        note = self._get(line.row, "type").strip().lower() == "note"
        return f"{'group' if begins else 'note'}_{line.row.number}" if begins or note else ""

    def _new_name(self, given: str, line: _Line, group: _Group, taken: set[str]) -> str:
        stem = f"{group.name}_{given}" if group.name else given
        if line.heads_copy and given not in taken:
            return given
        name, number = stem, 1
        while name in taken:
            number += 1
            name = f"{stem}_{number}"
        return name

    # What refers to names

    def _following(self, line: _Line, own: _Named | None, moved: Mapping[str, list[_Named]]) -> Row:
        """A row with its name here, and with those that it refers to."""
        row = line.row
        if own is not None and own.name != self._get(row, "name"):
            row = self._with(row, "name", own.name)
        if not moved or self._disabled(row):
            return row
        group = own.group if own is not None else None
        cells: dict[str, str] = {}
        for heading, cell in row.cells.items():
            kind = columns.column(heading, self.default).kind
            if "${" in cell:
                cell = REFERENCE.sub(lambda found: self._reference(found, line, moved), cell)
            if kind in _PATHS and "/" in cell:
                cell = self._paths(cell, line, group, moved)
            cells[heading] = cell
        return Row(row.number, cells)

    def _reference(self, found: re.Match[str], line: _Line, moved: Mapping[str, list[_Named]]) -> str:
        held = moved.get(found[1])
        if held is None:
            return found[0]
        meant = _meant(held, line)
        if meant is None:
            self._fault(line.row, _several(found[1]))
            return found[0]
        return found[0].replace(found[1], meant.name, 1) if "#" not in found[0] else found[0]

    def _paths(self, cell: str, line: _Line, group: int | None, moved: Mapping[str, list[_Named]]) -> str:
        """A rule whose paths, as `../name`, lead to the names that are given now."""

        def step(found: re.Match[str]) -> str:
            held = moved.get(found[2])
            if held is None:
                return found[0]
            beside = [one for one in held if one.group == group] if found[1] else []
            if len(beside) == 1 and cell[: found.start()].rstrip()[-1:] != "/":
                return found[0][: -len(found[2])] + beside[0].name
            if "instance(" not in cell:
                self._fault(line.row, _several(found[2]))
            return found[0]

        return _PATH.sub(step, cell)

    def _list_following(self, sheet: Sheet, moved: Mapping[str, list[_Named]]) -> Sheet:
        """A sheet of choices whose texts name questions."""

        def name(row: Row, found: re.Match[str]) -> str:
            held = moved.get(found[1], [])
            if len(held) > 1:
                self.remarks.fault_at(sheet, row, _several(found[1]))
            return found[0].replace(found[1], held[0].name, 1) if len(held) == 1 else found[0]

        def changed(row: Row) -> Row:
            if not any("${" in cell for cell in row.cells.values()):
                return row
            cells = {
                heading: REFERENCE.sub(lambda found: name(row, found), cell) for heading, cell in row.cells.items()
            }
            return Row(row.number, cells)

        return replace(sheet, rows=tuple(changed(row) for row in sheet.rows))

    # Cells

    def _get(self, row: Row, kind: str) -> str:
        return self.columns.get(row, kind)

    def _with(self, row: Row, kind: str, text: str) -> Row:
        """The row with another cell; where several columns of the kind are filled, the first one counts."""
        held = [column.heading for column in self.columns.of(kind)] or [kind]
        heading = next((one for one in held if row.get(one)), held[0])
        return Row(row.number, {**row.cells, heading: text})

    def _disabled(self, row: Row) -> bool:
        return self._get(row, "disabled").lower() in columns.YES

    def _fault(self, row: Row, sentence: str) -> None:
        self.remarks.fault_at(self.survey, row, sentence)


def _meant(held: list[_Named], line: _Line) -> _Named | None:
    """Of lines of the same name the one that a line means: in a loop the one for the same choice; None where that is open."""
    if len(held) == 1:
        return held[0]
    if len({one.line.row.number for one in held}) > 1:
        return None
    near = [_shared(one.line.copies, line.copies) for one in held]
    return held[near.index(max(near))] if near.count(max(near)) == 1 else None


def _shared(one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]) -> int:
    """How many loops around two lines, from the outside, stand at the same choice."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _several(name: str) -> str:
    return _(
        "“%(name)s” can mean several questions, since this name is given in several places. Please give each its own.",
        name=name,
    )


def _as_name(choice: str) -> str:
    """The name of a group for a choice, whose own may have other signs."""
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", choice)
    return name if re.match(r"[A-Za-z_]", name) else f"_{name}"
