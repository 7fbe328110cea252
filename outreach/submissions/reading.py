"""Answers as people read them: part by part, question by question, choices in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from outreach.dates import un_date
from outreach.i18n import _, speaking
from outreach.i18n import language as spoken_now
from outreach.questionnaires import answers as shapes
from outreach.questionnaires import places, rules
from outreach.questionnaires.form import (
    FILES,
    SELECTS,
    Choice,
    Form,
    Part,
    Picture,
    Publish,
    Question,
    QuestionType,
    Said,
)
from outreach.questionnaires.places import Place
from outreach.questionnaires.rules import Outcome
from outreach.submissions.files import FileLine


@dataclass(frozen=True)
class Heading:
    """A group, or (`number`, from 1) an instance of a repeat."""

    key: str
    code: str
    label: Said
    number: int
    picture: Picture | None = None


@dataclass(frozen=True)
class AnswerLine:
    """One question with its answer; `name` is its key. `chosen` are the labels of choices, `text` what was typed; both empty: no
    answer; `ordered` is whether their order says something. `headings` are the groups around it, the outermost first; `instance` says
    in which instances of repeats it stands ("1", "2.1"). `picture` stands with its label, `pictures` with those of `chosen`;
    `never_published` is what the questionnaire promised to whoever answered.
    """

    name: str
    code: str
    label: Said
    text: str
    chosen: tuple[Said, ...]
    files: tuple[FileLine, ...]
    asked: bool
    required: bool
    ordered: bool = False
    headings: tuple[Heading, ...] = ()
    instance: str = ""
    picture: Picture | None = None
    pictures: tuple[Picture | None, ...] = ()
    never_published: bool = False

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return bool(self.text or self.chosen or self.files)

    def begins(self, former: "AnswerLine | None") -> tuple[Heading, ...]:
        """The groups that begin between the line that was shown before it and this one."""
        before = former.headings if former is not None else ()
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, self.headings, strict=False)))
        return self.headings[same:]

    @property
    def worded(self) -> bool:
        """Whether the text has letters, and so a direction of its own; numbers and dates follow the page."""
        return any(character.isalpha() for character in self.text)


@dataclass(frozen=True)
class PartLines:
    """One part; `number` counts from 1. `done` of `asked` questions have an answer; `shown` is whether anything of it is asked now."""

    number: int
    code: str
    label: Said
    lines: tuple[AnswerLine, ...]
    done: int
    asked: int
    shown: bool = True
    picture: Picture | None = None


def parts(form: Form, answers: Mapping[str, Any], files: Iterable[FileLine], language: str) -> list[PartLines]:
    """All parts of a form with their answers, labels in `language` where the form has it."""
    listed = list(files)
    with speaking(language):
        return _parts(form, answers, listed)


def whole_documents(files: Iterable[FileLine]) -> list[FileLine]:
    """The documents that are a reply by themselves, as staff record them."""
    return [line for line in files if line.question is None]


def _parts(form: Form, answers: Mapping[str, Any], files: list[FileLine]) -> list[PartLines]:
    having = {line.question for line in files if line.question}
    found = rules.outcome(form, answers, having, submitting=False)
    progress = rules.progress(form, answers, having, found)
    read = []
    for number, part in enumerate(form.pages, start=1):
        done, asked = progress[part.items[0].path]
        lines = tuple(_lines(form, part, answers, files, found))
        shown = any(found.asked.get(place.key, True) for place in places.of_part(part, found.size) if place.question)
        label, picture = form.say(part.label, spoken_now()), form.picture_of(part, spoken_now())
        read.append(PartLines(number, part.code, label, lines, done, asked, shown, picture))
    return read


def _lines(
    form: Form, part: Part, answers: Mapping[str, Any], files: list[FileLine], found: Outcome
) -> Iterable[AnswerLine]:
    groups: dict[str, Heading] = {}

    def size(place: Place) -> int:
        # What was answered is read also where the rules would have fewer instances now.
        return max(found.size(place), places.size_in(answers)(place))

    for place in places.of_part(part, size):
        question = place.question
        if question is None:
            if not place.item.repeat or place.instance:  # type: ignore[union-attr] # a place without a question is a group's
                picture = None if place.instance else form.picture_of(place.item, spoken_now())
                groups[place.key] = Heading(place.key, place.item.code, found.say(form, place), place.instance, picture)
            continue
        if not (question.answerable or (question.label and found.calculated.get(place.key))):
            continue
        value = places.value(answers, place) if question.answerable else found.calculated[place.key]
        chosen = _chosen(found, place, value)
        yield AnswerLine(
            name=place.key,
            code=question.code,
            label=found.say(form, place),
            text=_text(question, value),
            chosen=tuple(form.say(choice.label, spoken_now()) for choice in chosen),
            files=tuple(line for line in files if line.question == place.key),
            asked=found.asked.get(place.key, True),
            required=question.required,
            ordered=question.type is QuestionType.RANK,
            headings=tuple(groups[key] for key in place.within if key in groups),
            instance=".".join(str(number) for _name, number in place.around),
            picture=form.picture_of(question, spoken_now()),
            pictures=tuple(form.picture(choice.image, spoken_now()) for choice in chosen),
            never_published=question.publish is Publish.NEVER,
        )


def _text(question: Question, value: Any) -> str:
    if not isinstance(value, str) or question.type in SELECTS | FILES:
        return ""
    spoken = spoken_now()
    if question.type is QuestionType.DATE and (day := shapes.day_of(value)) is not None:
        return un_date(day, spoken)
    if question.type is QuestionType.DATE_TIME and (moment := shapes.moment_of(value)) is not None:
        return f"{un_date(moment.date(), spoken)} {moment:%H:%M}"
    if question.type is QuestionType.ACKNOWLEDGE:
        return _("Confirmed") if value else ""
    return value


def _chosen(found: Outcome, place: Place, value: Any) -> tuple[Choice, ...]:
    question = place.question
    if question is None or question.type not in SELECTS or not value:
        return ()
    names = value if isinstance(value, list) else [value]
    known = {choice.name: choice for choice in (*found.offered(place), *question.choices)}
    if question.type is not QuestionType.RANK:
        names = [name for name in known if name in names]
    return tuple(known[name] for name in names if name in known)
