"""Answers: read from a page's form as they were typed, and their shape checked. A draft may hold anything; only a submission must be right.

What is asked, and what the rules say, `rules.outcome` knows.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from outreach.i18n import _, ngettext
from outreach.questionnaires import places
from outreach.questionnaires.form import FILES, LISTS, NUMBERS, Group, Item, Part, Question, QuestionType, walk
from outreach.questionnaires.places import Place

Answers = Mapping[str, Any]
"""Name → text as typed, list of choice names, or of a repeat a list of the answers of each instance. What has no answer is not in it."""

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class FormData(Protocol):
    """What a page sent: several values a name."""

    def getlist(self, key: str) -> list[str]:
        """All values of a field."""
        ...


def field_name(key: str) -> str:
    """The name of a field on a page, of the key of a question (or of a repeat: its instances, by their numbers)."""
    return f"q-{key}"


@dataclass(frozen=True)
class Typed:
    """What was typed on a page. `values` are those that the page had shown; `moved` says of each instance of a repeat (by the key it
    had on the page) where it stands now, None where it was taken out.
    """

    values: dict[str, Any]
    moved: Mapping[str, str | None]


def read_part(
    part: Part,
    sent: FormData,
    kept: Answers,
    seen: Collection[str],
    files: Collection[str] = (),
    *,
    without: str = "",
    whole: bool = True,
) -> Typed:
    """What was typed on the page of a part, but files: text, list of choices, or instances of a repeat; "" and [] where empty.

    `seen` names what the page had shown; what it had not shown, and was not sent, is left out, or as it is in `kept`. An instance in
    which nothing stands (no file either, by the keys in `files`) is taken out, and that with the key `without`; unless `whole` is
    false: then only the last ones are, so that all others stay where they are on the page.
    """
    reading = _Sent(sent, files, without, whole)
    values = reading.read(part.items, "", "", kept, frozenset(seen))
    return Typed(values, reading.moved)


class _Sent:
    def __init__(self, sent: FormData, files: Collection[str], without: str, whole: bool) -> None:
        self.sent = sent
        self.files = files
        self.without = without
        self.whole = whole
        self.moved: dict[str, str | None] = {}

    def read(
        self, items: tuple[Item, ...], prefix: str, now: str, kept: Answers, seen: Collection[str]
    ) -> dict[str, Any]:
        """The answers to these items, whose keys begin with `prefix` on the page, and with `now` from now on."""
        found: dict[str, Any] = {}
        for item in items:
            key = f"{prefix}{item.name}"
            if isinstance(item, Group):
                if not item.repeat:
                    found |= self.read(item.items, prefix, now, kept, seen)
                elif self.sent.getlist(field_name(key)) or item.name in seen:
                    found[item.name] = self._instances(item, key, f"{now}{item.name}", kept)
                continue
            values = [_clean(value) for value in self.sent.getlist(field_name(key))]
            if not item.answerable or item.type in FILES or not (values or item.name in seen):
                continue
            if item.type in LISTS:
                # A choice that stands in an order twice is said at the field; which place was meant nobody else knows.
                once = values if item.type is QuestionType.RANK else dict.fromkeys(values)
                found[item.name] = [value for value in once if value]
            else:
                found[item.name] = values[0] if values else ""
        return found

    def _instances(self, repeat: Group, key: str, now: str, kept: Answers) -> list[dict[str, Any]]:
        """The instances that were sent, in their order; `q-repeat.2` names what was shown of the second."""
        before = places.instances(kept, repeat.name)
        usual = {item.name: item.default for item in walk(repeat.items) if isinstance(item, Question) and item.default}
        read: list[dict[str, Any]] = []
        numbers = [int(one) for one in self.sent.getlist(field_name(key)) if re.fullmatch(r"[1-9]\d{0,3}", one)]
        for number in list(dict.fromkeys(numbers))[: places.MOST_INSTANCES]:
            one, then = f"{key}.{number}", f"{now}.{len(read) + 1}"
            held = before[number - 1] if number <= len(before) else {}
            shown = " ".join(self.sent.getlist(field_name(one))).split()
            typed = {**held, **self.read(repeat.items, f"{one}.", f"{then}.", held, shown)}
            typed = {name: value for name, value in typed.items() if value not in ("", [])}
            filled = any(value != usual.get(name) for name, value in typed.items())
            filled = filled or any(name.startswith(f"{one}.") for name in self.files)
            if one == self.without or not (filled or repeat.count or not self.whole):
                self.moved[one] = None
            else:
                self.moved[one] = then
                read.append(typed if filled else {})
        while read and not read[-1]:
            read.pop()
        return read


def sent_of(items: tuple[Item, ...], values: Answers, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The fields that a page sends for these answers: `read_part` reads them to the same."""
    for item in items:
        key = f"{prefix}{item.name}"
        if isinstance(item, Question):
            value = values.get(item.name)
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str) and one:
                    yield field_name(key), one
        elif not item.repeat:
            yield from sent_of(item.items, values, prefix)
        else:
            for number, one in enumerate(places.instances(values, item.name), start=1):
                yield field_name(key), str(number)
                yield field_name(f"{key}.{number}"), " ".join(one)
                yield from sent_of(item.items, one, f"{key}.{number}.")


def _clean(value: str) -> str:
    # The database takes no NUL; browsers send line ends as CRLF.
    return value.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def given(place: Place, answers: Answers, files: Collection[str] = ()) -> bool:
    """Whether a question has an answer where it stands; `files` are the keys that have a file."""
    if place.question is not None and place.question.type in FILES:
        return place.key in files
    return bool(places.value(answers, place))


def fault(question: Question, value: Any) -> str | None:
    """What is wrong with the shape of an answer that is there, in the language spoken now; None where nothing."""
    if question.type in LISTS:
        names = {choice.name for choice in question.choices}
        listed = isinstance(value, list) and all(isinstance(one, str) for one in value)
        if not listed or (names and any(one not in names for one in value)):
            return _("Please choose from the list.")
        twice = question.type is QuestionType.RANK and len(set(value)) < len(value)
        return _("A choice stands in this order twice. Please give each only one place.") if twice else None
    if not isinstance(value, str):
        return _("This answer can't be read. Please give it again.")
    if question.type is QuestionType.SELECT_ONE:
        offered = not question.choices or value in {choice.name for choice in question.choices}
        return None if offered else _("Please choose one answer from the list.")
    if question.type in NUMBERS:
        return _number_fault(question, value)
    if question.type in _MOMENTS:
        return None if engine_text(question, value) is not None else _MOMENTS[question.type]()
    count = words(value)
    if question.word_limit is not None and count > question.word_limit:
        return ngettext(
            "This is %(count)d words long; at most %(num)d word is possible.",
            "This is %(count)d words long; at most %(num)d words are possible.",
            question.word_limit,
            count=count,
        )
    return None


_MOMENTS: dict[QuestionType, Callable[[], str]] = {
    QuestionType.DATE: lambda: _("Please write the date as year-month-day, such as 2027-02-26."),
    QuestionType.TIME: lambda: _("Please write the time as hours:minutes, such as 14:30."),
    QuestionType.DATE_TIME: lambda: _("Please write the day and the time, such as 2027-02-26 14:30."),
}


def _number_fault(question: Question, value: str) -> str | None:
    number = number_of(value)
    if question.type is QuestionType.INTEGER and (number is None or number != number.to_integral_value()):
        return _("Please write a whole number in digits, without points or commas, such as 1200.")
    if number is None:
        return _("Please write a number in digits, without separators of thousands, such as 1200.5.")
    return None


def engine_text(question: Question, value: str) -> str | None:
    """A typed answer in the spelling that rules and versions have; None where it is no answer of its type."""
    if question.type in NUMBERS:
        number = number_of(value)
        if number is None:
            return None
        return f"{number.to_integral_value():f}" if number == number.to_integral_value() else f"{number:f}"
    if question.type is QuestionType.DATE:
        day = day_of(value)
        return day.isoformat() if day else None
    if question.type is QuestionType.TIME:
        found = time_of(value)
        return f"{found:%H:%M}:00.000" if found else None
    if question.type is QuestionType.DATE_TIME:
        moment = moment_of(value)
        return f"{moment:%Y-%m-%dT%H:%M}:00.000" if moment else None
    return value


def settled_text(question: Question, value: str) -> str:
    """A typed answer in the one spelling that versions keep; as it was typed where it is none of its type."""
    if question.type is QuestionType.TIME:
        found = time_of(value)
        return f"{found:%H:%M}" if found else value
    if question.type is QuestionType.DATE_TIME:
        moment = moment_of(value)
        return f"{moment:%Y-%m-%dT%H:%M}" if moment else value
    if question.type in NUMBERS:
        number = number_of(value)
        return value if number is None else f"{number:f}"
    return engine_text(question, value) or value


def time_of(text: str) -> time | None:
    """The time of day of hours:minutes; None where it is none."""
    found = re.fullmatch(r"(\d{1,2})[:.h](\d{2})(?::\d{2}(?:\.\d+)?)?", text.strip(), re.ASCII)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def moment_of(text: str) -> datetime | None:
    """The day and time of year-month-day hours:minutes; None where it is none."""
    said, _space, clock = text.replace("T", " ").strip().partition(" ")
    day, hour = day_of(said), time_of(clock)
    return datetime.combine(day, hour) if day and hour else None


def number_of(text: str) -> Decimal | None:
    """The number that was typed, in the digits of any script, with a point or a comma before decimals; None where it is none.

    "1,200" is none: it is twelve hundred to some readers, and one and a fifth to others.
    """
    plain = "".join(str(unicodedata.decimal(character, character)) for character in text)
    plain = re.sub(r"[\s\u00a0\u202f\u2009]", "", plain).replace("٫", ".").replace("−", "-")
    if re.fullmatch(r"-?[1-9]\d{0,2},\d{3}", plain) or not re.fullmatch(r"[-+]?\d{1,30}([.,]\d{1,30})?", plain):
        return None
    try:
        return Decimal(plain.replace(",", "."))
    except InvalidOperation:
        return None


def day_of(text: str) -> date | None:
    """The calendar day of year-month-day; None where it is none."""
    if not re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text, re.ASCII):
        return None
    year, month, day = map(int, text.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def words(text: str) -> int:
    """How long a text is: words between spaces; in Chinese, which has none, each character counts as one."""
    return len(_HAN.findall(text)) + len(
        [word for word in _HAN.sub(" ", text).split() if any(c.isalnum() for c in word)]
    )
