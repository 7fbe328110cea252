"""A questionnaire as a document lays it out: parts and groups as headings, questions as rows, a group that repeats as several blocks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from outreach.questionnaires.form import FILES, Form, Group, Item, Part, Picture, Question, QuestionType, Said

_LEAST_BLOCKS = 3
_EMPTY_BLOCKS = 2
_MOST_BLOCKS = 30
_MOST_COLUMNS = 6


_NOTHING = Said("", "en")


@dataclass(frozen=True)
class Heading:
    """The name of a part, group or block. `level` counts from 1; `number` is the block's place, where it repeats; `relevant` the rule."""

    level: int
    label: Said
    code: str = ""
    hint: Said = _NOTHING
    relevant: str = ""
    number: int | None = None
    repeats: bool = False
    picture: Picture | None = None


@dataclass(frozen=True)
class Row:
    """A question to answer. `key` is `name`, or `repeat.2.name`; `place` counts how often the question stands in the document;
    `matrix` names the table of the same choices that it is a line of; `pictures` are those of its choices, by name."""

    key: str
    question: Question
    code: str
    label: Said
    hints: tuple[Said, ...]
    value: Any
    place: int = 1
    matrix: str = ""
    picture: Picture | None = None
    pictures: Mapping[str, Picture] = field(default_factory=dict)


@dataclass(frozen=True)
class Remark:
    """A note to read."""

    text: Said
    picture: Picture | None = None


Block = Heading | Row | Remark


def codes(form: Form) -> dict[str, str]:
    """Question name → the code in the left cell: the author's own where no former question has it, else one of ours."""
    found: dict[str, str] = {}
    taken = {question.code.strip() for question in form.questions()}
    used: set[str] = set()
    for number, part in enumerate(form.parts, start=1):
        for place, question in enumerate((one for one in part.questions if one.answerable), start=1):
            code = question.code.strip()
            before = found.get(question.name.removesuffix("_other"), "")
            if not code and before and f"{before}-1" not in taken | used:
                code = f"{before}-1"
            if not code or code in used:
                code, extra = f"{number}.{place}", 1
                while code in taken or code in used:
                    code, extra = f"{number}.{place}-{extra}", extra + 1
            used.add(code)
            found[question.name] = code
    return found


def repeats_of(form: Form) -> dict[str, tuple[str, ...]]:
    """Question name → the groups that repeat around it, the outermost first."""
    found: dict[str, tuple[str, ...]] = {}

    def go(items: Iterable[Item], around: tuple[str, ...]) -> None:
        for item in items:
            if isinstance(item, Question):
                found[item.name] = around
            else:
                go(item.items, (*around, item.name) if item.repeat else around)

    for part in form.parts:
        go(part.items, ())
    return found


def matrix_of(group: Group) -> tuple[str, ...]:
    """The choices of a group that is asked as a table, where a page has room for them; else none."""
    asked = [item for item in group.items if isinstance(item, Question) and item.answerable]
    names = {tuple(choice.name for choice in one.choices) for one in asked}
    selects = all(one.type in (QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE) for one in asked)
    if not group.matrix or not selects or len(names) != 1 or len(asked) != len(group.items):
        return ()
    (choices,) = names
    return choices if 1 < len(choices) <= _MOST_COLUMNS else ()


def answerable_here(question: Question) -> bool:
    """Whether it can be answered within a document: a file is added on the page, or to the mail."""
    return question.type not in FILES


def outline(form: Form, answers: Mapping[str, Any], language: str) -> list[Block]:
    """The whole questionnaire in the order of its pages, with what a draft holds; texts in `language` where the form has them."""
    laid = _Laying(form, language)
    for number, part in enumerate(form.parts, start=1):
        laid.part(number, part, answers)
    return laid.blocks


class _Laying:
    def __init__(self, form: Form, language: str) -> None:
        self.form, self.language = form, language
        self.codes = codes(form)
        self.blocks: list[Block] = []
        self.places: dict[str, int] = {}
        self.matrix = ""

    def part(self, number: int, part: Part, answers: Mapping[str, Any]) -> None:
        """One part and all that is in it."""
        if part.label:
            label = self.form.say(part.label, self.language)
            hint = self.form.say(part.hint, self.language)
            picture = self.form.picture_of(part, self.language)
            self.blocks.append(Heading(1, label, part.code, hint, part.relevant, picture=picture))
        elif len(self.form.parts) > 1:
            self.blocks.append(Heading(1, Said(str(number), self.language), part.code))
        self.items(part.items, "", answers, 2)

    def items(self, items: Iterable[Item], above: str, held: Mapping[str, Any], level: int) -> None:
        """What stands in a part, a group or a block; `above` is the beginning of its keys."""
        for item in items:
            if isinstance(item, Question):
                self.question(item, above, held)
            elif item.repeat:
                self.repeat(item, above, held, level)
            else:
                self.group(item, level)
                self.matrix, before = item.name if matrix_of(item) else "", self.matrix
                self.items(item.items, above, held, level + 1)
                self.matrix = before

    def group(self, group: Group, level: int, *, number: int | None = None) -> None:
        """The heading of a group, or of a block of it."""
        label = self.form.say(group.label, self.language)
        hint = self.form.say(group.hint, self.language)
        if number is not None:
            self.blocks.append(Heading(level, label, group.code, number=number))
        elif label.text or group.repeat:
            picture = self.form.picture_of(group, self.language)
            self.blocks.append(
                Heading(level, label, group.code, hint, group.relevant, repeats=group.repeat, picture=picture)
            )

    def repeat(self, group: Group, above: str, held: Mapping[str, Any], level: int) -> None:
        """A group that repeats: what is filled, and some empty blocks."""
        filled = held.get(group.name)
        listed = [one for one in filled if isinstance(one, Mapping)] if isinstance(filled, list) else []
        self.group(group, level)
        for number in range(1, blocks_of(len(listed), group.count) + 1):
            self.group(group, level + 1, number=number)
            block = listed[number - 1] if number <= len(listed) else {}
            self.items(group.items, f"{above}{group.name}.{number}.", block, level + 2)

    def question(self, question: Question, above: str, held: Mapping[str, Any]) -> None:
        """One question, or a note."""
        if question.type is QuestionType.NOTE:
            text, picture = (
                self.form.say(question.label, self.language),
                self.form.picture_of(question, self.language),
            )
            self.blocks.append(Remark(text, picture))
        elif question.answerable:
            place = self.places[question.name] = self.places.get(question.name, 0) + 1
            drawn = {one.name: self.form.picture(one.image, self.language) for one in question.choices if one.image}
            hints = (self.form.say(texts, self.language) for texts in (question.hint, question.guidance))
            self.blocks.append(
                Row(
                    key=above + question.name,
                    question=question,
                    code=self.codes[question.name],
                    label=self.form.say(question.label, self.language),
                    hints=tuple(hint for hint in hints if hint.text),
                    value=held.get(question.name),
                    place=place,
                    matrix=self.matrix,
                    picture=self.form.picture_of(question, self.language),
                    pictures={name: picture for name, picture in drawn.items() if picture},
                )
            )


def blocks_of(held: int, count: str = "") -> int:
    """How many blocks of a group that repeats a document has: those that are filled and some empty ones, or as many as its author says."""
    wanted = int(count) if count.isascii() and count.isdecimal() else max(_LEAST_BLOCKS, held + _EMPTY_BLOCKS)
    return max(held, min(wanted, _MOST_BLOCKS))


def rows(blocks: Iterable[Block]) -> Iterator[Row]:
    """The questions among the blocks."""
    yield from (block for block in blocks if isinstance(block, Row))
