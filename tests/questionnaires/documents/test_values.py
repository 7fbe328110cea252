"""What people write by hand as days, times, ticks and places, in the spellings of six languages."""

from datetime import date

import pytest

from outreach.dates import un_date
from outreach.i18n import LANGUAGES
from outreach.questionnaires.documents import values
from outreach.questionnaires.documents.values import plain

YES_NO = [("yes", frozenset({"yes", "oui", "نعم"})), ("no", frozenset({"no", "non", "لا"}))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_as_the_united_nations_write_it(language: str) -> None:
    for day in (date(2027, month, number) for month in range(1, 13) for number in (1, 2, 26)):
        assert values.day(un_date(day, language), language) == day.isoformat()


@pytest.mark.parametrize(
    "text",
    [
        "2027-03-04", "2027/3/4", "2027.03.04", "04.03.2027", "4-3-2027", "4 March 2027", "March 4, 2027", "4th of March 2027",
        "04 Mar 2027", "4 mars 2027", "4 de marzo de 2027", "4 марта 2027 г.", "04.03.2027 г.", "٤ آذار/مارس ٢٠٢٧", "4 مارس 2027",
        "4 آذار 2027", "2027年3月4日", "\u20284 March 2027\u200e", "2027-03-04T00:00:00Z",
    ],
)  # fmt: skip
def test_a_day_in_another_usual_spelling(text: str) -> None:
    assert values.day(text, "en") == "2027-03-04"


@pytest.mark.parametrize(
    "text", ["03/04/2027", "spring 2027", "2027", "31/02/2027", "4 March", "", "12345678901234567890"]
)
def test_what_names_no_day_or_one_of_two_is_none(text: str) -> None:
    assert values.day(text, "en") is None


def test_elsewhere_than_in_english_the_day_comes_first() -> None:
    assert values.day("03/04/2027", "fr") == "2027-04-03"
    assert values.day("28/04/2027", "en") == "2027-04-28"


@pytest.mark.parametrize(
    ("text", "hour"),
    [("14:30", "14:30"), ("14h30", "14:30"), ("14 h 30", "14:30"), ("2.30 pm", "14:30"), ("12:05 a.m.", "00:05"), ("14时30分", "14:30"),
     ("14 ч. 30 м.", "14:30"), ("١٤:٣٠", "14:30"), ("25:00", None), ("half past two", None)],
)  # fmt: skip
def test_a_time_of_day(text: str, hour: str | None) -> None:
    assert values.hour(text) == hour


def test_a_day_with_a_time() -> None:
    assert values.moment("4 March 2027, 14:30", "en") == "2027-03-04T14:30"
    assert values.moment("2027-03-04 2:30 pm", "en") == "2027-03-04T14:30"
    assert values.moment("4 March 2027", "en") is None


@pytest.mark.parametrize(
    ("lines", "picked"),
    [
        (["☒ Yes", "☐ No"], ["yes"]),
        (["☐ Yes", "☒ No"], ["no"]),
        (["[x] Yes", "[ ] No"], ["yes"]),
        (["( ) Oui", "(X) Non"], ["no"]),
        (["X ☐ Yes", "☐ No"], ["yes"]),
        (["☐ Yes", "☐ No X"], ["no"]),
        (["✔ Yes", "No"], ["yes"]),
        (["■نعم", "□لا"], ["yes"]),
        (["Х Yes"], ["yes"]),
        (["v☐ Yes", "☐ No"], ["yes"]),
        (["☐ Yes", "+ ☐ No"], ["no"]),
        (["☐ Yes", "☐ No", "No, not yet"], ["no"]),
        (["☐ Yes", "☐ No", "Yes; no"], []),
        (["no."], ["no"]),
        (["☐ Yes", "☐ No"], []),
        (["Yes", "No"], []),
        (["☐ Yes"], []),
        (["perhaps"], []),
    ],
)
def test_ticks_in_all_their_forms(lines: list[str], picked: list[str]) -> None:
    assert values.chosen(lines, YES_NO)[0] == picked


def test_words_that_begin_like_a_mark_are_words() -> None:
    labels = [("ray", frozenset({plain("X-ray")})), ("xeno", frozenset({plain("Xenophobia")}))]
    assert values.chosen(["☐ X-ray", "☐ Xenophobia"], labels)[0] == []
    assert values.chosen(["☐ X-ray", "X Xenophobia"], labels)[0] == ["xeno"]


def test_what_is_said_beside_a_tick_is_not_lost() -> None:
    assert values.chosen(["☒ Yes, since 2020", "☐ No"], YES_NO)[:2] == (["yes"], ["since 2020"])
    assert values.chosen(["☒ Yes", "☐ No", "No, in the provinces"], YES_NO)[:2] == (["yes"], ["No, in the provinces"])


def test_a_name_that_ends_like_a_mark_is_not_ticked_by_it() -> None:
    labels = [("ix", frozenset({plain("Article IX")})), ("x", frozenset({plain("Article X")}))]
    assert values.chosen(["☐ Article IX", "☐ Article X"], labels)[0] == []
    assert values.chosen(["☐ Article IX", "☐ Article X X"], labels)[0] == ["x"]


def test_several_choices_typed_in_a_line() -> None:
    labels = [("a", frozenset({"apples"})), ("b", frozenset({"pears"})), ("c", frozenset({"plums"}))]
    assert values.chosen(["☐ Apples", "☐ Pears", "☐ Plums", "Apples, plums"], labels)[0] == ["a", "c"]


def test_a_sign_of_per_cent_is_no_part_of_a_number() -> None:
    assert [values.number(text) for text in ("2,5 %", "12.5%", "٤٠٪", "1,200 %")] == ["2,5", "12.5", "٤٠", "1,200 %"]


def test_places_in_an_order() -> None:
    labels = [("a", frozenset({"apples"})), ("b", frozenset({"pears"})), ("c", frozenset({"plums"}))]
    assert values.ranked(["[2] Apples", "1. Pears", "٣ Plums"], labels, {}) == (["b", "a", "c"], True)
    assert values.ranked(["[…] Apples", "[1] Pears"], labels, {"a": "2", "c": "…"}) == (["b", "a"], True)
    assert values.ranked(["1 Apples", "1 Pears"], labels, {})[1] is False
    assert values.ranked(["[…] Apples 2", "[…] Pears – (1)", "[…] Plums"], labels, {}) == (["b", "a"], True)
