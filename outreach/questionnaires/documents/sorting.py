"""The rows of a filled-in file brought to the questions they answer: by tag, bookmark, printed code and words, whichever are left."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from outreach.i18n import _, join, language
from outreach.questionnaires.documents import anchors, values
from outreach.questionnaires.documents.known import Known
from outreach.questionnaires.documents.outline import answerable_here
from outreach.questionnaires.documents.pieces import UNTICKED, Cell, Control, Loose, Pieces, Strip
from outreach.questionnaires.documents.values import plain
from outreach.questionnaires.form import NUMBERS, Question, QuestionType

_MOST_STRAYS = 200
_MOST_BLOCKS = 200
_MOST_LINES = 500
_LONGEST = 100_000
_CODE = re.compile(r"(?<![A-Z0-9])[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}(?![A-Z0-9])")
"""The code of an invitation, in the table of the first page."""


class Sorted:
    """What a file holds, question by question. `met` are the keys of the questions that stand in it; strays are (text, near, edited)."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.values: dict[str, Any] = {}
        self.doubts: dict[str, str] = {}
        self.strays: list[tuple[str, str, bool]] = []
        self.met: list[str] = []
        self.place = Places(known)
        self.language = language()
        self.code = ""

    def take(self, pieces: Pieces) -> None:
        """Go through a file in its order."""
        near = ""
        begun = False
        for part in pieces.parts:
            if isinstance(part, Loose):
                near = self.loose(part.cell, near, begun)
                continue
            begun = True
            name = self.whose(part)
            if name is None:
                self.unknown(part, near)
                continue
            key = self.place.key(name, part.table)
            near = key
            if key in self.met:
                self.again(part, name, key)
                continue
            self.met.append(key)
            self.row(part, name, key)

    def whose(self, strip: Strip) -> str | None:
        """The question that a row belongs to, None for a row of another table."""
        known = self.known
        votes: Counter[str] = Counter()
        for cell in strip.cells:
            for control in cell.controls:
                if control.tag in known.tags:
                    votes[known.tags[control.tag][0]] = max(votes[known.tags[control.tag][0]], 10)
        for cell in strip.cells:
            for name in {known.bookmarks.get(anchors.without_place(one)) for one in cell.bookmarks} - {None}:
                votes[name or ""] += 11
        if len(strip.cells) > 1:
            code = known.by_code.get(plain(strip.cells[0].text))
            if code is not None:
                votes[code] += 12
            for cell in strip.cells[:-1]:
                for line in cell.lines[:1]:
                    if plain(line) in known.by_label:
                        votes[known.by_label[plain(line)]] += 13
        return max(votes, key=lambda name: votes[name]) if votes else None

    def row(self, strip: Strip, name: str, key: str) -> None:
        """Read a row of a question."""
        question = self.known.question(name)
        answer = self.answer_cell(strip, name)
        value, doubt, beside = self.value(question, answer)
        for text in (*beside, *(note for cell in strip.cells for note in cell.notes)):
            self.stray(text, key)
        typed = self.beside(strip, name, key, answer)
        if not value and typed and question.type is QuestionType.TEXT:
            value, doubt = typed, beside_its_place()
        if value:
            self.values[key] = value
        if doubt:
            self.doubts[key] = doubt

    def answer_cell(self, strip: Strip, name: str) -> Cell:
        """The cell in which a row's answer stands; of a line of a matrix its boxes, each with the words at the top of its column."""
        columns = self.known.matrices.get(name, ())
        if columns and len(strip.cells) == len(columns) + 2:
            made = Cell()
            for cell, (_choice, words) in zip(strip.cells[2:], self.known.choices[name], strict=True):
                made.lines.append(f"{cell.text or UNTICKED} {min(words)}")
                made.controls += cell.controls
            return made
        for cell in strip.cells:
            if any(self.known.tags.get(control.tag, ("", None))[0] == name for control in cell.controls):
                return cell
        return strip.cells[-1] if len(strip.cells) > 1 else Cell()

    def beside(self, strip: Strip, name: str, key: str, answer: Cell) -> str:
        """Tell what was typed in the other cells of a row; the text of the question's own cell is returned too."""
        known = self.known
        code = plain(known.codes[name])
        typed: list[str] = []
        edited: list[str] = []
        labelled = False
        for cell in strip.cells if answer in strip.cells else strip.cells[:2]:
            if cell is answer:
                continue
            labelled = (
                labelled
                or plain(" ".join(cell.lines)) in known.labels[name]
                or any(plain(line) in known.beside[name] and plain(line) in known.labels[name] for line in cell.lines)
            )
            for line in cell.lines:
                if plain(line) in {"", code} or plain(line) in known.beside[name] | known.how:
                    continue
                (edited if known.is_like(name, line) else typed).append(line.strip())
        if edited and labelled:
            typed, edited = [*edited, *typed], []
        for line in edited:
            self.stray(line, key, edited=True)
        text = "\n".join(typed)
        if text:
            self.stray(text, key)
        return text

    def again(self, strip: Strip, name: str, key: str) -> None:
        """A question that stands in the file a second time: what is answered there and not here is told."""
        value, _doubt, _beside = self.value(self.known.question(name), self.answer_cell(strip, name))
        if not value or value == self.values.get(key):
            return
        if key not in self.values:
            self.values[key] = value
        else:
            self.doubts[key] = _("This question stands in the file twice, with two answers. Please compare.")
            self.stray(value if isinstance(value, str) else self.answer_cell(strip, name).text, key)

    def unknown(self, strip: Strip, near: str) -> None:
        """A row of no question: the first page's table, the headings of columns, or somebody's own table."""
        texts = [cell.text for cell in strip.cells]
        for cell in strip.cells:
            for note in cell.notes:
                self.stray(note, near)
        if not any(texts) or plain(texts[0]) in self.known.words:
            code = _CODE.search(texts[-1]) if len(texts) == 2 else None
            self.code = self.code or (code[0] if code else "")
            return
        self.stray(" | ".join(filter(None, texts)), near)

    def loose(self, cell: Cell, near: str, begun: bool) -> str:
        """A paragraph outside of tables: an answer whose control was moved there, one of our sentences, or somebody's own words."""
        for control in cell.controls:
            name, choice = self.known.tags.get(control.tag, ("", None))
            if name and choice is None and control.text and not self.known.repeats[name] and name not in self.values:
                value, doubt, _beside = self.value(self.known.question(name), cell)
                if value:
                    self.values[name] = value
                    self.doubts[name] = doubt or beside_its_place()
                    self.met += [name] if name not in self.met else []
                    return name
        for note in cell.notes:
            self.stray(note, near)
        if begun:
            for line in cell.lines:
                if not self.known.is_ours(line):
                    self.stray(line.strip(), near)
        return near

    def stray(self, text: str, near: str, edited: bool = False) -> None:
        """Note what stands where nothing was asked."""
        if text.strip() and len(self.strays) < _MOST_STRAYS:
            self.strays.append((text.strip()[:_LONGEST], near, edited))

    def lines(self, cell: Cell) -> list[str]:
        """What was written in a cell, without the words that ask for an answer."""
        asking = {plain(one) for one in (*cell.asking, *self.known.asking)}
        found = []
        for line in cell.lines:
            for words in self.known.asking:
                if len(words) > 1 and words in line:
                    line = line.replace(words, "")
            if plain(line) in asking and plain(line):
                line = ""
            found.append(line.rstrip())
        return found

    def value(self, question: Question, cell: Cell) -> tuple[Any, str, list[str]]:
        """The answer in a cell, a doubt about it, and what else stands there."""
        if not answerable_here(question):
            return "", "", [line.strip() for line in self.lines(cell) if line.strip()]
        choices = self.known.choices[question.name]
        lines = self.lines(cell)
        match question.type:
            case QuestionType.RANK:
                order, sure = values.ranked(lines, choices, _ranks(cell, self.known, question.name))
                return order, "" if sure else same_places(), []
            case QuestionType.SELECT_ONE | QuestionType.SELECT_MULTIPLE | QuestionType.ACKNOWLEDGE:
                return self.chosen(question, cell, [line for line in lines if line.strip()][:_MOST_LINES])
            case _:
                return self.text(question, cell, lines)

    def chosen(self, question: Question, cell: Cell, lines: list[str]) -> tuple[Any, str, list[str]]:
        """The choices that are ticked in a cell."""
        choices = self.known.choices[question.name]
        picked, beside, said = values.chosen(lines, choices)
        doubt = beside_its_place() if picked and said and not any(said.values()) else ""
        for control in cell.controls:
            name, choice = self.known.tags.get(control.tag, ("", None))
            if name == question.name and choice is not None and choice not in said and _ticked(control):
                picked.append(choice)
        if not picked:
            picked = values.meant(lines, cell.struck, cell.set_off, choices)
            doubt = not_ticked() if picked else ""
        order = [name for name, _words in choices]
        picked = sorted(set(picked) & set(order), key=order.index)
        if question.type is QuestionType.SELECT_MULTIPLE:
            return picked, doubt, beside
        if len(picked) > 1:
            labels = [
                self.known.form.say(one.label, self.language).text for one in question.choices if one.name in picked
            ]
            return (
                "",
                _("More than one answer is ticked: %(answers)s. Please choose one.", answers=join(labels)),
                beside,
            )
        return picked[0] if picked else "", doubt, beside

    def text(self, question: Question, cell: Cell, lines: list[str]) -> tuple[Any, str, list[str]]:
        """What was typed in a cell; days and times in the spelling that forms have."""
        typed = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n ").replace("\x00", "")[:_LONGEST]
        date = next((control.day for control in cell.controls if control.day), "")
        if question.type in NUMBERS:
            return values.number(typed), "", []
        if question.type is QuestionType.DATE:
            return values.day(typed, self.language) or (typed or date), "", []
        if question.type is QuestionType.TIME:
            return values.hour(typed) or typed, "", []
        if question.type is QuestionType.DATE_TIME:
            return values.moment(typed, self.language) or typed, "", []
        return typed, "", []

    def answers(self) -> dict[str, Any]:
        """What was found in the shape of a draft; blocks in which nothing stands are left out, and `doubts` and strays follow."""
        return self.place.nested(self)


def beside_its_place() -> str:
    """The sentence for an answer that stands somewhere else."""
    return _("It was typed beside its place.")


def not_ticked() -> str:
    """The sentence for choices that were understood otherwise than by a tick."""
    return _("No box is ticked. This was understood from what was left, struck out or marked. Please check.")


def same_places() -> str:
    """The sentence for two choices with one number."""
    return _("Two of the numbers are the same. Please look at the order.")


def _ticked(control: Control) -> bool:
    ticked, _rest = values.marked(f"{control.text} ") if control.text else (None, "")
    return bool(control.ticked) if ticked is None else ticked


def _ranks(cell: Cell, known: Known, name: str) -> dict[str, str]:
    """Choice → what stands in its own control."""
    found: dict[str, str] = {}
    for control in cell.controls:
        of, choice = known.tags.get(control.tag, ("", None))
        if of == name and choice is not None:
            found[choice] = control.text
    return found


class Places:
    """Which block of a group that repeats a row belongs to: rows come in the order of the block, so one that comes again begins the
    next."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.number: dict[str, int] = {}
        self.last: dict[str, tuple[int, int]] = {}

    def key(self, name: str, table: int) -> str:
        """The key of a question where it stands now."""
        around = self.known.repeats[name]
        if not around:
            return name
        own = around[-1]
        order = self.known.order[name]
        before = self.last.get(own)
        begins = before is None or order <= before[1] or (table != before[0] and own not in self.known.nested)
        for outer in around[:-1]:
            self.number.setdefault(outer, 1)
        if begins:
            self.number[own] = min(self.number.get(own, 0) + 1, _MOST_BLOCKS)
            for inner in self._within(own):
                self.number.pop(inner, None)
                self.last.pop(inner, None)
        self.last[own] = (table, order)
        return "".join(f"{one}.{self.number[one]}." for one in around) + name

    def _within(self, repeat: str) -> set[str]:
        return {
            one
            for around in self.known.repeats.values()
            if repeat in around
            for one in around[around.index(repeat) + 1 :]
        }

    def nested(self, found: "Sorted") -> dict[str, Any]:
        """Flat answers as a draft has them. Empty blocks are left out, so keys of doubts and strays move with their blocks."""
        tree: dict[str, Any] = {}
        for key, value in found.values.items():
            if not value:
                continue
            held = tree
            name, steps = self.steps(key)
            for repeat, number in steps:
                held = held.setdefault(repeat, {}).setdefault(number, {})
            held[name] = value
        renamed: dict[str, str] = {}
        answers = _settled(tree, "", "", renamed)
        found.doubts = {self._moved(key, renamed): said for key, said in found.doubts.items()}
        found.strays = [(text, self._moved(near, renamed), edited) for text, near, edited in found.strays]
        return answers

    def steps(self, key: str) -> tuple[str, list[tuple[str, int]]]:
        """A key as its question and the blocks around it."""
        for name, around in self.known.repeats.items():
            if key == name:
                return name, []
            if around and key.endswith(f".{name}"):
                pattern = r"\.".join(rf"{re.escape(one)}\.(\d+)" for one in around)
                found = re.fullmatch(rf"{pattern}\.{re.escape(name)}", key)
                if found:
                    return name, [(one, int(number)) for one, number in zip(around, found.groups(), strict=True)]
        return key, []

    def _moved(self, key: str, renamed: Mapping[str, str]) -> str:
        for old in sorted(renamed, key=len, reverse=True):
            if key.startswith(old):
                return renamed[old] + key[len(old) :]
        return key


def _settled(tree: Mapping[str, Any], old: str, new: str, renamed: dict[str, str]) -> dict[str, Any]:
    """The blocks as lists, without gaps; `renamed` says what became of the beginnings of keys."""
    answers: dict[str, Any] = {}
    for name, value in tree.items():
        if not isinstance(value, dict):
            answers[name] = value
            continue
        listed: list[dict[str, Any]] = []
        for number in sorted(value):
            before, after = f"{old}{name}.{number}.", f"{new}{name}.{len(listed) + 1}."
            listed.append(_settled(value[number], before, after, renamed))
            renamed[before] = after
        answers[name] = listed
    return answers
