"""A questionnaire as it is asked: parts, groups, questions, choices, each text in the languages that its author gave.

Texts may hold `${name}`, which stands for the answer to another question; rules are kept as their author wrote them.
"""

import dataclasses
import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from outreach.i18n import LANGUAGES

Texts = Mapping[str, str]
"""One text by language."""

REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?([\w.-]+)\s*\}")
"""A question that a text or a rule names."""


class QuestionType(enum.StrEnum):
    """What can be asked; the values are XLSForm's own words."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    RANGE = "range"
    DATE = "date"
    TIME = "time"
    DATE_TIME = "dateTime"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    RANK = "rank"
    FILE = "file"
    IMAGE = "image"
    NOTE = "note"
    ACKNOWLEDGE = "acknowledge"
    CALCULATE = "calculate"
    HIDDEN = "hidden"


SELECTS = frozenset({QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE, QuestionType.RANK})
LISTS = frozenset({QuestionType.SELECT_MULTIPLE, QuestionType.RANK})
"""Those whose answer is a list of choices."""
NUMBERS = frozenset({QuestionType.INTEGER, QuestionType.DECIMAL, QuestionType.RANGE})
FILES = frozenset({QuestionType.FILE, QuestionType.IMAGE})
UNSEEN = frozenset({QuestionType.CALCULATE, QuestionType.HIDDEN})
"""Those that stand on no page."""


class Publish(enum.StrEnum):
    """What an author says of a question's publication; empty: as the respondent chooses for the whole answer."""

    AS_CHOSEN = ""
    NEVER = "never"
    ASK = "ask"


@dataclass(frozen=True)
class Said:
    """A text in a language; the language is another one than asked for where the author gave no translation."""

    text: str
    language: str


@dataclass(frozen=True)
class Picture:
    """A picture that stands with a label: its name in the workbook, the SHA-256 of its content in the storage, and the `text` that is
    read aloud for it, with its language (empty: the label says what it shows)."""

    name: str
    content: str
    text: str = ""
    language: str = ""


@dataclass(frozen=True)
class Choice:
    """One answer to choose. `columns` are the author's own, which filters of choices read."""

    name: str
    label: Texts
    image: Texts = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """One question, or a note to read, or a value that is worked out. `code` is the printed number, `path` where it stands.

    `required_if` is a rule, where it is not simply required. `choice_list` names the list of `choices` in the workbook; "${name}"
    where the choices are answers in a repeat. `image_text` is read aloud for its picture. `source` is XLSForm's type where it is not ours ("today", "start", …).
    """

    name: str
    type: QuestionType
    label: Texts
    code: str = ""
    hint: Texts = field(default_factory=dict)
    guidance: Texts = field(default_factory=dict)
    image: Texts = field(default_factory=dict)
    image_text: Texts = field(default_factory=dict)
    required: bool = False
    required_if: str = ""
    required_message: Texts = field(default_factory=dict)
    relevant: str = ""
    constraint: str = ""
    constraint_message: Texts = field(default_factory=dict)
    calculation: str = ""
    trigger: str = ""
    default: str = ""
    read_only: str = ""
    word_limit: int | None = None
    multiline: bool = False
    choices: tuple[Choice, ...] = ()
    choice_list: str = ""
    choice_filter: str = ""
    lowest: str = ""
    highest: str = ""
    step: str = ""
    appearance: str = ""
    parameters: str = ""
    stakeholders: frozenset[str] = frozenset()
    publish: Publish = Publish.AS_CHOSEN
    legal_basis: str = ""
    source: str = ""
    path: str = ""

    @property
    def answerable(self) -> bool:
        """Whether it takes an answer from a person; a note, a calculation, what can only be read does not."""
        if self.type is QuestionType.NOTE or self.type in UNSEEN:
            return False
        return not self.calculation and self.read_only not in {"yes", "true", "true()"}

    @property
    def distinct(self) -> tuple[Choice, ...]:
        """Its choices, each name once: where several have one name, only a filter tells them apart."""
        first: dict[str, Choice] = {}
        for choice in self.choices:
            first.setdefault(choice.name, choice)
        return tuple(first.values())

    @property
    def empty(self) -> str | list[str]:
        """What stands for no answer."""
        return [] if self.type in LISTS else ""


@dataclass(frozen=True)
class Group:
    """Questions that belong together; with `repeat` as often as they are needed, with `matrix` as a table of the same choices."""

    name: str
    label: Texts
    items: "tuple[Question | Group, ...]"
    code: str = ""
    hint: Texts = field(default_factory=dict)
    guidance: Texts = field(default_factory=dict)
    image: Texts = field(default_factory=dict)
    image_text: Texts = field(default_factory=dict)
    repeat: bool = False
    count: str = ""
    matrix: bool = False
    relevant: str = ""
    appearance: str = ""
    stakeholders: frozenset[str] = frozenset()
    path: str = ""


Item = Question | Group


@dataclass(frozen=True)
class Part:
    """What stands on one page: a group of the workbook's top level, or questions between two such groups (without name)."""

    name: str
    label: Texts
    items: tuple[Item, ...]
    code: str = ""
    hint: Texts = field(default_factory=dict)
    image: Texts = field(default_factory=dict)
    image_text: Texts = field(default_factory=dict)
    relevant: str = ""
    appearance: str = ""
    stakeholders: frozenset[str] = frozenset()
    path: str = ""

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions and notes in it, however deep, in their order."""
        return tuple(item for item in walk(self.items) if isinstance(item, Question))


@dataclass(frozen=True)
class Form:
    """A whole questionnaire. `xform` is what pyxform made of it, for the rules; empty: it is made when it is needed. `pictures` are those
    that its author gave: name → SHA-256 in the storage; a version keeps them beside the form."""

    id: str
    title: str
    default_language: str
    languages: tuple[str, ...]
    parts: tuple[Part, ...]
    xform: str = field(default="", compare=False, repr=False)
    pictures: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Say of each part, group and question where it stands."""
        placed = tuple(_placed_part(part) for part in self.parts)
        object.__setattr__(self, "parts", placed)

    @property
    def pages(self) -> tuple[Part, ...]:
        """The parts in which anything stands on a page."""
        return tuple(part for part in self.parts if any(question.type not in UNSEEN for question in part.questions))

    def items(self) -> Iterator[Item]:
        """All groups and questions, in their order."""
        for part in self.parts:
            yield from walk(part.items)

    def questions(self) -> Iterator[Question]:
        """All questions that take an answer, in their order."""
        yield from (item for item in self.items() if isinstance(item, Question) and item.answerable)

    def question(self, name: str) -> Question | None:
        """The question of this name, also one that takes no answer; None where there is none."""
        return next((item for item in self.items() if isinstance(item, Question) and item.name == name), None)

    def missing_languages(self) -> tuple[str, ...]:
        """The official languages that its author gave no texts in."""
        return tuple(language for language in LANGUAGES if language not in self.languages)

    def say(self, texts: Texts, language: str) -> Said:
        """A text in `language`; where it is not translated, in the form's own language, else in any.

        What stands for another answer is shown as that question's number, or as an ellipsis.
        """
        for spoken in (language, self.default_language, *texts):
            if texts.get(spoken):
                return Said(self.plain(texts[spoken]), spoken)
        return Said("", language)

    def picture(self, named: Texts, language: str) -> Picture | None:
        """The picture that is named for `language`; where that was not given, the one of the form's own language, else any."""
        names = (named.get(spoken, "") for spoken in (language, self.default_language, *named))
        return next((Picture(name, self.pictures[name]) for name in names if name in self.pictures), None)

    def picture_of(self, item: "Question | Group | Part", language: str) -> Picture | None:
        """The picture of a question, group or part, with what is read aloud for it."""
        found = self.picture(item.image, language)
        said = self.say(item.image_text, language)
        return dataclasses.replace(found, text=said.text, language=said.language) if found else None

    def picture_names(self) -> tuple[str, ...]:
        """The names of all pictures that stand with labels, in their order, each once."""
        named = [item.image for item in (*self.parts, *self.items())]
        named += [choice.image for item in self.items() if isinstance(item, Question) for choice in item.choices]
        return tuple(dict.fromkeys(name for one in named for name in one.values() if name))

    def plain(self, text: str) -> str:
        """A text with each `${name}` as the question's number in brackets, or as an ellipsis."""
        if "${" not in text:
            return text

        def shown(found: re.Match[str]) -> str:
            named = self.question(found[1])
            return f"[{named.code}]" if named and named.code else "…"

        return REFERENCE.sub(shown, text)

    def asked_of(self, kinds: frozenset[str]) -> "Form":
        """The form as a respondent of these kinds is asked it (`stakeholders`): without what is for others only."""
        if not any(item.stakeholders for item in (*self.parts, *self.items())):
            return self
        parts = (
            dataclasses.replace(part, items=_for(part.items, kinds)) for part in self.parts if _is_for(part, kinds)
        )
        return dataclasses.replace(self, parts=tuple(part for part in parts if part.items))


def walk(items: tuple[Item, ...]) -> Iterator[Item]:
    """The items and all below them, each group before what it holds."""
    for item in items:
        yield item
        if isinstance(item, Group):
            yield from walk(item.items)


def _is_for(item: Item | Part, kinds: frozenset[str]) -> bool:
    return not item.stakeholders or bool(item.stakeholders & kinds)


def _for(items: tuple[Item, ...], kinds: frozenset[str]) -> tuple[Item, ...]:
    left: list[Item] = []
    for item in items:
        if not _is_for(item, kinds):
            continue
        if isinstance(item, Group):
            item = dataclasses.replace(item, items=_for(item.items, kinds))
            if not item.items:
                continue
        left.append(item)
    return tuple(left)


def _placed_part(part: Part) -> Part:
    path = f"/{part.name}" if part.name else ""
    items = _placed(part.items, path)
    same = part.path == path and all(old is new for old, new in zip(part.items, items, strict=True))
    return part if same else dataclasses.replace(part, path=path, items=items)


def _placed(items: tuple[Item, ...], above: str) -> tuple[Item, ...]:
    return tuple(_placed_item(item, above) for item in items)


def _placed_item(item: Item, above: str) -> Item:
    path = f"{above}/{item.name}"
    if isinstance(item, Question):
        return item if item.path == path else dataclasses.replace(item, path=path)
    items = _placed(item.items, path)
    same = item.path == path and all(old is new for old, new in zip(item.items, items, strict=True))
    return item if same else dataclasses.replace(item, path=path, items=items)


def to_json(form: Form) -> dict[str, Any]:
    """The form as JSON takes it, without what is as usual; `from_json` reads it back to an equal form."""
    return {
        "id": form.id,
        "title": form.title,
        "default_language": form.default_language,
        "languages": list(form.languages),
        "parts": [_kept(part) for part in form.parts],
        "xform": form.xform,
    }


def _kept(of: Any) -> dict[str, Any]:
    return {
        one.name: _plain(getattr(of, one.name))
        for one in dataclasses.fields(of)
        if one.name != "path" and not _usual(one, getattr(of, one.name))
    }


def _usual(one: Any, value: Any) -> bool:
    if one.default_factory is not dataclasses.MISSING:
        return bool(value == one.default_factory())
    return one.default is not dataclasses.MISSING and bool(value == one.default)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_kept(one) for one in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, enum.Enum):
        return value.value
    return dict(value) if isinstance(value, Mapping) else value


def from_json(kept: Mapping[str, Any]) -> Form:
    """The form that `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    return Form(
        id=kept["id"],
        title=kept["title"],
        default_language=kept["default_language"],
        languages=tuple(kept["languages"]),
        parts=tuple(Part(**_read({**part})) for part in kept["parts"]),
        xform=kept.get("xform", ""),
    )


def _read(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a part, a group or a question as their dataclass takes them."""
    if "items" in values:
        values["items"] = tuple(
            Group(**_read({**item})) if "items" in item else Question(**_read({**item})) for item in values["items"]
        )
    if "type" in values:
        values["type"] = QuestionType(values["type"])
    if "choices" in values:
        values["choices"] = tuple(Choice(**choice) for choice in values["choices"])
    if "stakeholders" in values:
        values["stakeholders"] = frozenset(values["stakeholders"])
    if "publish" in values:
        values["publish"] = Publish(values["publish"])
    return values
