"""Dates and times of rules: ISO texts, and days since 1970. A text without an offset is in UTC."""

import math
import re
from datetime import UTC, date, datetime, time, timedelta

_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:T(\d{2})(?::(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?(Z|[-+]\d{2}:\d{2})?)?", re.ASCII
)
_OFFSET = re.compile(r"[+-](0\d|1[0-4]):[0-5]\d|Z")
_UNPADDED = re.compile(r"(\d{4})-([1-9]|\d{2})-([1-9]|\d{2})(T.*)?", re.ASCII)
_TIME = re.compile(r"(\d{2}):(\d{2})(?::([0-5]\d))?(?:\.(\d+))?(Z|[-+]\d{2}:\d{2})?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def instant(said: str) -> datetime | None:
    """The instant of an ISO date, or date and time; None where the text is none."""
    found = _ISO.fullmatch(said)
    if not found:
        return None
    day, hour, minute, second, fraction, offset = found.groups()
    if offset and not _OFFSET.fullmatch(offset):
        return None
    try:
        micro = int(((fraction or "") + "000000")[:6])
        made = datetime.combine(
            date.fromisoformat(day), time(int(hour or 0), int(minute or 0), int(second or 0), micro), UTC
        )
        return made - _shift(offset)
    except (ValueError, OverflowError):
        return None


def _shift(offset: str | None) -> timedelta:
    if not offset or offset == "Z":
        return timedelta()
    away = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6]))
    return away if offset[0] == "+" else -away


def loose(said: str) -> datetime | None:
    """The instant of an ISO text, or of one whose month and day lack their zeros."""
    found = _UNPADDED.fullmatch(said)
    if found:
        year, month, day, rest = found.groups()
        said = f"{year}-{month:0>2}-{day:0>2}{rest or ''}"
    return instant(said)


def days(said: str) -> float | None:
    """An ISO date or date and time as days since 1970; None where the text is none."""
    # A quick look spares most texts the pattern.
    if len(said) < 10 or said[4] != "-":
        return None
    made = instant(said)
    return None if made is None else days_of(made)


def days_of(moment: datetime) -> float:
    """An instant as days since 1970, to the millisecond."""
    return ((moment - _EPOCH) // timedelta(milliseconds=1)) / 86_400_000


def of_days(count: float) -> datetime | None:
    """The instant of so many days since 1970; None where there is none."""
    if math.isnan(count) or math.isinf(count):
        return None
    try:
        return _EPOCH + timedelta(milliseconds=round(count * 86_400_000))
    except OverflowError:
        return None


def text(moment: datetime) -> str:
    """An instant as ISO text; midnight is only its date."""
    if moment.time() == time():
        return moment.date().isoformat()
    return f"{moment.date().isoformat()}T{moment:%H:%M:%S}.{moment.microsecond // 1000:03}+00:00"


def time_of_day(said: str) -> float:
    """A time such as 14:30:00.000+02:00 as a part of the day in UTC; NaN where the text is none, or ends in Z."""
    found = None if said.endswith("Z") else _TIME.fullmatch(said)  # as ODK Web Forms do; our own pages write no Z
    made = found and instant(f"1970-01-01T{said}")
    return math.nan if not made else ((made - _EPOCH) % _DAY) / _DAY


def formatted(moment: datetime, pattern: str) -> str:
    """An instant by a pattern of ODK: %Y %y %m %n %b %d %e %a %H %h %M %S %3."""
    parts = {
        "%Y": f"{moment.year:04}",
        "%y": f"{moment.year:04}"[2:],
        "%m": f"{moment.month:02}",
        "%n": str(moment.month),
        "%b": _MONTHS[moment.month],
        "%d": f"{moment.day:02}",
        "%e": str(moment.day),
        "%a": _WEEKDAYS[moment.weekday()],
        "%H": f"{moment.hour:02}",
        "%h": str(moment.hour),
        "%M": f"{moment.minute:02}",
        "%S": f"{moment.second:02}",
        "%3": f"{moment.microsecond // 1000:03}",
    }
    return re.sub("%[YymnbdeaHhMS3]", lambda found: parts[found[0]], pattern)
