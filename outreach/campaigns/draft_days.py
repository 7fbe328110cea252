"""Days and hours of a note: its own date, and the last day for answers."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from outreach.campaigns.draft_findings import Finding, NamedDeadline
from outreach.campaigns.draft_text import NoteText
from outreach.campaigns.draft_words import NoteWords, pattern

_NUMERIC = r"(?<![\d/.-])(?:(?P<day3>\d{1,2})[./](?P<month3>\d{1,2})[./](?P<year3>\d{4})|(?P<year4>\d{4})-(?P<month4>\d{1,2})-(?P<day4>\d{1,2}))(?![\d/-])"
_FIGURES = {sign: number for number, sign in enumerate("〇一二三四五六七八九十")} | {"零": 0, "○": 0}
_ENOUGH = 60
"""So many characters after a day are read for its hour and zone."""


@dataclass(frozen=True)
class DeadlineFound:
    """A day that the note calls the last one, and where it stands. `year_is_said` is False where the note's own year was taken."""

    finding: Finding[NamedDeadline]
    span: tuple[int, int]
    year_is_said: bool = True


def own_date(note: NoteText, words: NoteWords) -> Finding[date] | None:
    """The last date that has a line to itself, after or before a place at most."""
    # Within the line: a space is none of those that `pattern` widens to a line's end.
    day = re.sub(r" (\??)", lambda space: r"[ \t]" + (space[1] or "+"), rf"(?:{words.date}|{_NUMERIC})")
    place = r"[^\W\d_][^\n,،\d]{1,40}"
    before = rf"(?:{place}[,،:][ \t]*)?"
    if words.before_date:
        capital = r"(?-i:[^\W\d_a-zß-ÿа-яё])[^\n,،\d]{1,40}"
        before = rf"(?:{before}(?:{words.before_date})[ \t]+|{capital}[ \t]+(?:{words.before_date})[ \t]+|{before})"
    after = rf"(?:[ \t]*{words.place_after})?" if words.place_after else ""
    last = None
    for found in pattern(rf"^[ \t]*{before}{day}{after}[ \t.]*$", re.I | re.M).finditer(note.plain):
        written_on = day_of(found, words)
        last = note.finding(written_on, *found.span()) if written_on else last
    return last


def deadlines(note: NoteText, words: NoteWords, written_on: date | None) -> Iterator[DeadlineFound]:
    """The days that sentences about replies call the last, in the order of the note."""
    reply = pattern(words.reply)
    for match in _deadline_pattern(words).finditer(note.plain):
        day = day_of(match, words)
        if day is None or not any(match[name] for name in ("included", "open", "closing", "closing_open")):
            continue
        begin, end = note.sentence(*match.span())
        if reply.search(note.plain, begin, end):
            yield _found(note, words, match, day)
    if written_on is not None and words.left:
        yield from _without_year(note, words, written_on, reply)


def unclear_days(note: NoteText, words: NoteWords) -> Iterator[tuple[int, int]]:
    """Where a sentence about replies names a last day that can be read in two ways, as 03/04/2027 can."""
    reply = pattern(words.reply)
    for match in _deadline_pattern(words).finditer(note.plain):
        if (
            match["day3"]
            and int(match["day3"]) <= 12
            and day_of(match, words) is None
            and (match["included"] or match["open"])
        ):
            begin, end = note.sentence(*match.span())
            if reply.search(note.plain, begin, end):
                yield match.span()


def _found(note: NoteText, words: NoteWords, match: re.Match[str], day: date) -> DeadlineFound:
    before = f"{match['between'] or ''} {match['after'] or ''}"
    after = note.rest_of_sentence(match.end(), _ENOUGH)
    # The hour and the zone stand on either side; on the same where both are said.
    hour, zone, end = hour_of(before, words), zone_of(before, words), 0
    if hour is None:
        hour, end = hour_of(after, words), _end_of_hour(after, words)
    if zone is None and (found := _zone(after, words)):
        zone, end = found[0], max(end, found[1])
    span = (match.start(), match.end() + end)
    deadline = NamedDeadline(day, bool(match["included"] or match["closing"]), hour, zone)
    return DeadlineFound(note.finding(deadline, *span), span)


def _deadline_pattern(words: NoteWords, day: str = "") -> re.Pattern[str]:
    gap, clock = words.gap, re.sub(r"\?P<\w+>", "?:", words.clock)
    zones = "|".join(words.zones.values())
    # Only an hour may stand between: "adopted by the Council on 11 October" is no deadline.
    hour = rf"(?:(?:à|at|a las|в|في){gap})?{clock}(?:,?\s*\(?(?:{zones})\)?)?"
    between = rf"(?P<between>{gap}{hour}(?:,?{gap}(?:{words.to_the_day})(?![^\W\d_]))?,?)?"
    after = rf"(?P<after>\s*(?:{words.weekday})?(?:,?\s*{clock}\s*(?:\(?(?:{zones})\)?)?)?)"
    closing = rf"{after},?\s*(?:(?P<closing>{words.closing_included})|(?P<closing_open>{words.closing_open}))"
    return pattern(
        rf"(?:{words.edge}(?:(?P<included>{words.until_included})|(?P<open>{words.until_open})){between}(?:{gap}|(?<=[:\s]))"
        rf"(?:(?:{words.before_day}){gap})?)?"
        rf"(?:(?:{words.weekday}),?{gap})?{day or f'(?:{words.date}|{_NUMERIC})'}(?:{closing})?"
    )


def _without_year(
    note: NoteText, words: NoteWords, written_on: date, reply: re.Pattern[str]
) -> Iterator[DeadlineFound]:
    """Days without a year: the first such day after the date of the note."""
    months = "|".join(sorted(words.months, key=len, reverse=True))
    day = rf"(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)?(?: de)? (?P<month>{months})(?!\w|\s?[/(]|,? ?(?:del? )?\d{{4}})"
    for match in _deadline_pattern(words, day).finditer(note.plain):
        if not (match["included"] or match["open"] or match["closing"]):
            continue
        month, number = _month(match["month"], words), int(match["day"])
        begin, end = note.sentence(*match.span())
        if not reply.search(note.plain, begin, end):
            continue
        for year in (written_on.year, written_on.year + 1):
            if number <= monthrange(year, month)[1] and date(year, month, number) > written_on:
                found = _found(note, words, match, date(year, month, number))
                yield DeadlineFound(found.finding, found.span, year_is_said=False)
                break


def day_of(match: re.Match[str], words: NoteWords) -> date | None:
    """The day of a match; None for one that no calendar has, or that may be read in two ways."""
    groups = match.groupdict()
    for suffix in ("", "2", "3", "4"):
        day, month, year = (groups.get(part + suffix) for part in ("day", "month", "year"))
        if not (day and month and year):
            continue
        if suffix == "3" and "/" in match[0] and int(day) <= 12 and day != month:
            return None
        numeric = suffix in ("3", "4")
        try:
            return date(_number(year), int(month) if numeric else _month(month, words), _number(day))
        except (ValueError, KeyError):
            return None
    return None


def _month(name: str, words: NoteWords) -> int:
    name = " ".join(name.lower().split())
    return words.months[name] if name in words.months else _number(name)


def _number(text: str) -> int:
    """Digits, with what is written after them, or a number in Chinese figures."""
    digits = re.match(r"\d+", text)
    if digits:
        return int(digits[0])
    if text.lower() == "primero" or text.startswith("1"):
        return 1
    if len(text) == 4:
        return int("".join(str(_FIGURES[sign]) for sign in text))
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _FIGURES[text]
    return 10 * (_FIGURES[tens] if tens else 1) + (_FIGURES[ones] if ones else 0)


def hour_of(around: str, words: NoteWords) -> time | None:
    """The hour that is said beside a day; a number alone is none."""
    found = _hour(around, words)
    return found[0] if found else None


def _end_of_hour(around: str, words: NoteWords) -> int:
    found = _hour(around, words)
    return found[1] if found else 0


def _hour(around: str, words: NoteWords) -> tuple[time, int] | None:
    for match in pattern(words.clock).finditer(around):
        groups = match.groupdict()
        if not groups["h"] or not any(groups.get(name) is not None for name in ("m", "pm", "am", "unit", "unit2")):
            continue
        hour, minute = int(groups["h"]), int(groups["m"] or 0)
        if groups.get("pm") or groups.get("am"):
            hour = hour % 12 + (12 if groups.get("pm") else 0) if hour <= 12 else hour
        if hour < 24 and minute < 60:
            return time(hour, minute), match.end()
    return None


def zone_of(around: str, words: NoteWords) -> str | None:
    """The zone that is named beside a day."""
    found = _zone(around, words)
    return found[0] if found else None


def _zone(around: str, words: NoteWords) -> tuple[str, int] | None:
    for zone, name in words.zones.items():
        found = pattern(name).search(around)
        if found:
            # A bracket that was opened before it is closed with it.
            return zone, found.end() + around.startswith(")", found.end())
    return None
