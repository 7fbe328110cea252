"""Dates and hours in UN style: the table that letters, pages and receipts share."""

from datetime import UTC, date, datetime

import pytest

from outreach import i18n
from outreach.dates import place, un_date, un_instant, un_time


@pytest.mark.parametrize(
    ("day", "language", "written"),
    [
        (date(2024, 7, 31), "en", "31 July 2024"),
        (date(2024, 8, 1), "fr", "1er août 2024"),
        (date(2024, 8, 2), "fr", "2 août 2024"),
        (date(2024, 7, 31), "ru", "31 июля 2024 года"),
        (date(2024, 7, 31), "ar", "31 تموز/يوليه 2024"),
        (date(2024, 1, 5), "ar", "5 كانون الثاني/يناير 2024"),
        (date(2024, 7, 31), "zh", "2024年7月31日"),
        (date(2024, 7, 31), "es", "31 de julio de 2024"),
    ],
)
def test_a_day_is_written_as_the_united_nations_writes_it(day: date, language: str, written: str) -> None:
    assert un_date(day, language) == written


def test_every_month_has_its_name_in_every_language() -> None:
    for language in i18n.LANGUAGES:
        assert len({un_date(date(2024, month, 9), language) for month in range(1, 13)}) == 12


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "31 July 2024, 23:59 (Geneva)"),
        ("fr", "31 juillet 2024, 23\u00a0h\u00a059 (Genève)"),
        ("ru", "31 июля 2024 года, 23\u00a0ч.\u00a059\u00a0м. (Женева)"),
        ("es", "31 de julio de 2024, 23.59\u00a0horas (Ginebra)"),
        ("ar", "31 تموز/يوليه 2024، الساعة 23:59 (جنيف)"),
        ("zh", "2024年7月31日23时59分（日内瓦）"),
    ],
)
def test_an_instant_names_its_place(language: str, written: str) -> None:
    instant = datetime(2024, 7, 31, 21, 59, tzinfo=UTC)
    assert un_instant(instant, "Europe/Zurich", language) == written


def test_the_day_is_that_of_the_zone() -> None:
    instant = datetime(2024, 7, 31, 21, 59, tzinfo=UTC)
    assert un_instant(instant, "Asia/Amman", "en") == "1 August 2024, 00:59 (Amman)"
    assert un_time(instant, "America/New_York", "fr") == "17\u00a0h\u00a059"


def test_places_of_the_posts_are_named_in_every_language() -> None:
    assert [place("America/New_York", language) for language in i18n.LANGUAGES] == [
        "نيويورك",
        "纽约",
        "New York",
        "New York",
        "Нью-Йорк",
        "Nueva York",
    ]
