"""Calendar days that stand in texts of the six languages, and whether the words beside one call it a deadline."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from outreach.dates import month_names

_BEFORE, _AFTER = 45, 18
"""So many characters beside a date are read for words that call it a deadline."""

_DEADLINE = {
    "en": r"no(?:t)? later than|deadline|\bby\b|before|until|at the latest|on or before|due",
    "fr": r"au plus tard|avant le|d.ici (?:au|le)|jusqu.au|date limite|délai|échéance",
    "es": r"a más tardar|antes del|hasta el|plazo|fecha límite|fecha tope",
    "ru": r"не позднее|не позже|\bдо\b|срок|к\s*$",
    "ar": r"أقصاه|في موعد|قبل|حتى|الموعد النهائي|بحلول|أجل",
    "zh": r"截止|不迟于|最迟|期限",
}
_DEADLINE_AFTER = {"zh": r"^\s*(?:之前|以前|前)|截止", "en": r"^,?\s*at the latest", "fr": r"^,?\s*au plus tard"}


@dataclass(frozen=True)
class WrittenDate:
    """A day as a text writes it; `as_deadline` where the words beside it say "no later than" or the like."""

    day: date
    words: str
    as_deadline: bool


def find_dates(text: str, language: str) -> list[WrittenDate]:
    """The days that a text in `language` names, in their order. Days that no calendar has are left out."""
    plain = _plain(text)
    found = []
    for match in _pattern(language).finditer(plain):
        day = _day(match, language)
        if day is not None:
            found.append(WrittenDate(day, match[0], _is_deadline(plain, match, language)))
    return found


def _plain(text: str) -> str:
    """Latin digits, no vowel signs of Arabic, no direction marks, one kind of space."""
    letters = (
        c for c in unicodedata.normalize("NFC", text) if not ("\u064b" <= c <= "\u0652" or "\u200e" <= c <= "\u200f")
    )
    return re.sub(r"\s", " ", "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in letters))


def _months(language: str) -> dict[str, int]:
    names: dict[str, int] = {}
    for number, name in enumerate(month_names(language), 1):
        # Arabic writes the month of the Levant, of the West, or both.
        for form in (name, *(part for part in name.split("/") if "/" in name)):
            names[form.lower()] = number
    return names


def _pattern(language: str) -> re.Pattern[str]:
    numbers = (
        r"(?P<y3>\d{4})-(?P<m3>\d{2})-(?P<d3>\d{2})|(?<!\d)(?P<d4>\d{1,2})[./](?P<m4>\d{1,2})[./](?P<y4>\d{4})(?!\d)"
    )
    if language == "zh":
        return re.compile(rf"(?P<y>\d{{4}}) ?年 ?(?P<m>\d{{1,2}}) ?月 ?(?P<d>\d{{1,2}}) ?[日号]|{numbers}")
    month = "|".join(re.escape(name) for name in sorted(_months(language), key=len, reverse=True))
    of = {"es": r"(?: de| del)?"}.get(language, "")
    forward = rf"(?P<d>\d{{1,2}})(?:er|st|nd|rd|th)?{of} +(?P<m>{month}){of},? +(?P<y>\d{{4}})"
    backward = rf"(?P<m2>{month}) +(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,? +(?P<y2>\d{{4}})"
    return re.compile(rf"(?<!\d)(?:{forward})|{backward}|{numbers}", re.IGNORECASE)


def _day(match: re.Match[str], language: str) -> date | None:
    found = match.groupdict()
    months = _months(language) if language != "zh" else {}
    for suffix in ("", "2", "3", "4"):
        year, month, day = (found.get(f"{part}{suffix}") for part in "ymd")
        if year and month and day:
            try:
                return date(int(year), months.get(month.lower()) or int(month), int(day))
            except ValueError:
                return None
    return None


def _is_deadline(text: str, match: re.Match[str], language: str) -> bool:
    before = text[max(0, match.start() - _BEFORE) : match.start()]
    # Words of another sentence say nothing about this date.
    before = re.split(r"[.;!?。；]\s", before)[-1]
    after = text[match.end() : match.end() + _AFTER]
    said_after = _DEADLINE_AFTER.get(language)
    return bool(
        re.search(_DEADLINE[language], before, re.IGNORECASE)
        or (said_after and re.search(said_after, after, re.IGNORECASE))
    )
