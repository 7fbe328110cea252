"""Until when somebody is absent, and whom they name for the meantime, where a mail says so in a way that can be read for sure."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from functools import cache

from babel import Locale

from outreach.inbox.understanding.absence_words import BACK, INSTEAD
from outreach.inbox.understanding.reading import ADDRESS, Mail
from outreach.inbox.understanding.reports import tidy

_LANGUAGES = ("en", "fr", "es", "ru", "ar", "de", "pt", "it", "nl", "tr")
_LEVANTINE = [
    "كانون الثاني",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين الأول",
    "تشرين الثاني",
    "كانون الأول",
]
_BACK = re.compile(rf"(?:(?<!\w)(?:{'|'.join(BACK)}))[ \t:,.]{{0,4}}", re.IGNORECASE)
_LONGEST_STEP = 45
_WINDOW = 4_000

_ISO = re.compile(r"(?<!\d)(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_EAST = re.compile(r"(?:(20\d\d)\s?年\s?)?(\d{1,2})\s?月\s?(\d{1,2})\s?[日号號]")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})(?:[./-](20\d\d|\d\d))?(?!\d)")


def until(mail: Mail) -> date | None:
    """The day after "until", "back on", … in one of the languages that are known here."""
    text = mail.said[:_WINDOW].replace("\u2019", "'").replace("\u00a0", " ").replace("\n", " ").lower()
    written = _written(mail)
    for start in (match.end() for match in _BACK.finditer(text)):
        found = first_day(text[start : start + _LONGEST_STEP], written)
        if found is not None:
            return found
    for match in _EAST.finditer(text):
        # Chinese and Japanese say "until" behind the day.
        if (
            text[match.end() : match.end() + 12]
            .lstrip(" （(月火水木金土日)）")
            .startswith(("まで", "止", "返", "回", "前", "に戻"))
        ):
            return _day(match.group(1), match.group(2), match.group(3), written)
    return _turkish(text, written)


def substitute(mail: Mail) -> str:
    """The first address that stands near words like "contact", and is not the sender's."""
    text = mail.said[:_WINDOW]
    lower = text.lower()
    for match in ADDRESS.finditer(text):
        address = tidy(match.group(0))
        if address.lower() == mail.sender or "." not in address.rpartition("@")[2]:
            continue
        near = lower[max(match.start() - 200, 0) : match.end() + 60]
        if any(word in near for word in INSTEAD):
            return address
    return ""


def _written(mail: Mail) -> date | None:
    try:
        return parsedate_to_datetime(mail.header("date")[:200]).date()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def first_day(text: str, written: date | None) -> date | None:
    """The day that comes first in a few words."""
    found: list[tuple[int, date]] = []
    for at, day in _days(text, written):
        found.append((at, day))
    return min(found)[1] if found else None


def _days(text: str, written: date | None) -> Iterator[tuple[int, date]]:
    if match := _ISO.search(text):
        yield from _at(match.start(), _day(match.group(1), match.group(2), match.group(3), written))
    if match := _EAST.search(text):
        yield from _at(match.start(), _day(match.group(1), match.group(2), match.group(3), written))
    if match := _named().search(text):
        one, month, year, other, first, last = match.groups()
        day = one or first
        yield from _at(match.start(), _day(year or last, str(_months()[(month or other)]), day, written))
    if not _ISO.search(text) and (match := _NUMBERS.search(text)):
        day, month, year = match.groups()
        if int(month) > 12 or (int(day) <= 12 and "/" in match.group(0) and day != month):
            return  # day and month, or month and day: nobody knows
        yield from _at(match.start(), _day(year, month, day, written))


def _at(position: int, day: date | None) -> Iterator[tuple[int, date]]:
    if day is not None:
        yield position, day


def _turkish(text: str, written: date | None) -> date | None:
    """Turkish says "until" behind the day."""
    for match in _named().finditer(text):
        one, month, year, _other, _first, _last = match.groups()
        if month and re.match(r"[^.]{0,25}\bkadar\b", text[match.end() : match.end() + 32]):
            return _day(year, str(_months()[month]), one, written)
    return None


def _day(year: str | None, month: str, day: str, written: date | None) -> date | None:
    """A day; without its year the next one after the mail was written."""
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
        if written is None:
            return None
        this = date(written.year, int(month), int(day))
        return this if this >= written - timedelta(days=31) else this.replace(year=written.year + 1)
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    names: dict[str, int] = {name: number for number, name in enumerate(_LEVANTINE, 1)}
    for language in _LANGUAGES:
        months = Locale(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    name = name.lower().strip(".")
                    if (not name.isdigit() and len(name) > 2) or (number == 8 and name == "آب"):
                        names.setdefault(name, int(number))
    return names


@cache
def _named() -> re.Pattern[str]:
    months = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    day = r"(\d{1,2})(?:st|nd|rd|th|er|º|°|-го|\.)?"
    year = r"(?:(?:,| de| del|/|\s)\s?(20\d\d))?"
    between = r"\s{0,2}(?:de |of |d')?"
    return re.compile(
        rf"(?<!\d){day}{between}({months})(?!\w)\.?(?:/\w{{3,12}})?{year}|(?<!\w)({months})\.? {day}(?!\d|:){year}",
        re.IGNORECASE,
    )
