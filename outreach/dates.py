"""Dates and hours as the United Nations writes them; CLDR differs ("July 31, 2024", "1 août", one Arabic month name of two).

The tables follow the editorial usage of each language section: no leading zero, "1er" in French, "года" in Russian, and in
Arabic the paired month names of the Levant and of the West.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_timezone_location

from outreach import i18n

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ar": (
        "كانون_الثاني/يناير شباط/فبراير آذار/مارس نيسان/أبريل أيار/مايو حزيران/يونيه "
        "تموز/يوليه آب/أغسطس أيلول/سبتمبر تشرين_الأول/أكتوبر تشرين_الثاني/نوفمبر كانون_الأول/ديسمبر"
    ),
}

_CLOCKS = {
    "en": "{hour:02d}:{minute:02d}",
    "fr": "{hour}\u00a0h\u00a0{minute:02d}",
    "es": "{hour:02d}.{minute:02d}\u00a0horas",
    "ru": "{hour}\u00a0ч.\u00a0{minute:02d}\u00a0м.",
    "ar": "الساعة {hour:02d}:{minute:02d}",
    "zh": "{hour}时{minute:02d}分",
}

# The cities where the United Nations has its posts, for the zones whose exemplar city is another one.
_POSTS = {
    "Europe/Zurich": {"ar": "جنيف", "zh": "日内瓦", "en": "Geneva", "fr": "Genève", "ru": "Женева", "es": "Ginebra"},
    "America/New_York": {
        "ar": "نيويورك",
        "zh": "纽约",
        "en": "New York",
        "fr": "New York",
        "ru": "Нью-Йорк",
        "es": "Nueva York",
    },
}


def month_names(language: str) -> tuple[str, ...]:
    """The twelve months as dates of `language` write them; in Arabic both names of each. Chinese writes numbers: its tuple is empty."""
    return tuple(name.replace("_", " ") for name in _MONTHS.get(language, "").split())


def un_date(day: date, language: str | None = None) -> str:
    """A calendar day in UN style, in `language` (default: the one spoken now): 31 July 2024; 1er août 2024; 2024年7月31日."""
    language = language or i18n.language()
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    month = _MONTHS[language].split()[day.month - 1].replace("_", " ")
    if language == "fr":
        return f"{'1er' if day.day == 1 else day.day} {month} {day.year}"
    if language == "es":
        return f"{day.day} de {month} de {day.year}"
    return f"{day.day} {month} {day.year}" + (" года" if language == "ru" else "")


def un_time(instant: datetime, zone: str, language: str | None = None) -> str:
    """The hour that clocks show in `zone` (an IANA name) at the instant, in UN style."""
    local = instant.astimezone(ZoneInfo(zone))
    return _CLOCKS[language or i18n.language()].format(hour=local.hour, minute=local.minute)


def place(zone: str, language: str | None = None) -> str:
    """The city that a zone is named for: Geneva for Europe/Zurich, else CLDR's exemplar city."""
    language = language or i18n.language()
    if zone in _POSTS:
        return _POSTS[zone][language]
    return str(get_timezone_location(ZoneInfo(zone), locale=Locale.parse(language), return_city=True))


def un_day_and_time(instant: datetime, zone: str, language: str | None = None) -> str:
    """Day and hour that are shown in `zone` at the instant, as "31 July 2024, 23:59"."""
    language = language or i18n.language()
    day = un_date(instant.astimezone(ZoneInfo(zone)).date(), language)
    comma = {"ar": "، ", "zh": ""}.get(language, ", ")
    return f"{day}{comma}{un_time(instant, zone, language)}"


def un_instant(instant: datetime, zone: str, language: str | None = None) -> str:
    """Day, hour and city, as "31 July 2024, 23:59 (Geneva)"; the instant is shown in `zone`."""
    language = language or i18n.language()
    opening, closing = ("（", "）") if language == "zh" else (" (", ")")
    return f"{un_day_and_time(instant, zone, language)}{opening}{place(zone, language)}{closing}"
