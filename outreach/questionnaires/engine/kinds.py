"""The types of answers: how an answer of each is kept, and which texts are none."""

import math
import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal

from outreach.questionnaires.engine import moments, values

_WHOLE = re.compile(r"\s*[-+]?\d{1,20}\s*", re.ASCII)
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(T(\d{2}:\d{2}:\d{2}(\.\d+)?|\d{2}:\d{2}|\d{2}))?", re.ASCII)
_TIME = re.compile(r"(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?([-+]\d{2}:\d{2}|Z)?", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?([-+]\d{2}:\d{2}|Z)?", re.ASCII)
_OFFSET = re.compile(r"[+-](0\d|1[0-4]):[0-5]\d|Z")
_SMALLEST, _LARGEST = -(2**31), 2**31 - 1
_PLACES = 20


def kept(kind: str, said: str) -> str | None:
    """A text as an answer of this type is kept: numbers and days in one spelling, blank as blank; None where it is none."""
    if said == "" or kind not in _KEPT:
        return said
    return _KEPT[kind](said)


def worked_out(kind: str, said: str) -> str:
    """What a calculation came to as a value of this type; blank where it is none. A fraction is cut from a whole number."""
    if kind == "int":
        number = values.number_of(said)
        # A date is no whole number, though it counts as one in a rule.
        if math.isnan(number) or math.isinf(number) or moments.days(said) is not None:
            return ""
        return str(math.trunc(number)) if _SMALLEST <= math.trunc(number) <= _LARGEST else ""
    return kept(kind, said) or ""


def _whole(said: str) -> str | None:
    if not _WHOLE.fullmatch(said):
        return None
    number = int(said)
    return str(number) if _SMALLEST <= number <= _LARGEST else None


def _decimal(said: str) -> str | None:
    number = values.number_of(said)
    if math.isnan(number) or math.isinf(number) or moments.days(said) is not None:
        return None
    return decimal_text(number)


def decimal_text(number: float) -> str:
    """A decimal as it is kept: always with a point."""
    plain = f"{Decimal(repr(number)):f}"
    whole, _point, fraction = plain.partition(".")
    return f"{whole}.{fraction[:_PLACES].rstrip('0') or '0'}"


def _date(said: str) -> str | None:
    found = _DATE.fullmatch(said)
    try:
        return date.fromisoformat(found[1]).isoformat() if found else None
    except ValueError:
        return None


def _time(said: str) -> str | None:
    found = _TIME.fullmatch(said)
    if not found or (found[4] and not _OFFSET.fullmatch(found[4])):
        return None
    try:
        time(int(found[1]), int(found[2]), min(int(found[3]), 59) if int(found[3]) <= 60 else 99)
    except ValueError:
        return None
    return said


def _date_time(said: str) -> str | None:
    return said if _DATE_TIME.fullmatch(said) and moments.instant(said) else None


def _point(said: str) -> str | None:
    parts = said.split()[:4]
    if len(parts) < 2:
        return None
    found = [values.number_of(part) for part in parts]
    if any(math.isnan(one) for one in found) or abs(found[0]) > 90 or abs(found[1]) > 180 or not any(found[:2]):
        return None
    return " ".join(decimal_text(one) for one in found)


def _points(said: str) -> list[str] | None:
    segments = said.split(";")
    if not segments[-1].strip():
        segments.pop()
    points = [_point(segment) for segment in segments]
    return None if None in points else [point for point in points if point]


def _line(said: str) -> str | None:
    points = _points(said)
    return ";".join(points) if points and len(points) > 1 and not _closed(points) else None


def _shape(said: str) -> str | None:
    points = _points(said)
    return ";".join(points) if points and len(points) > 2 and _closed(points) else None


def _closed(points: list[str]) -> bool:
    return points[0].split()[:2] == points[-1].split()[:2]


_KEPT: dict[str, Callable[[str], str | None]] = {
    "int": _whole,
    "decimal": _decimal,
    "date": _date,
    "time": _time,
    "dateTime": _date_time,
    "geopoint": _point,
    "geotrace": _line,
    "geoshape": _shape,
}
