"""Answers are read as typed, and checked in sentences."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from outreach.i18n import speaking
from outreach.questionnaires import answers, rules, xlsform
from outreach.questionnaires.form import Form
from tests.questionnaires.workbooks import END, GROUP, PLAN, YES_NO, workbook


@pytest.fixture(scope="module")
def form() -> Form:
    with speaking("en"):
        return xlsform.read(
            workbook(
                [
                    GROUP,
                    PLAN,
                    ("text", "why", "1.1.a", "Please explain", "Veuillez expliquer", "yes", "${plan} = 'yes'", None, 3),
                    ("integer", "staff", "1.2", "Staff", "Effectif", None, None, ". >= 0"),
                    ("date", "day", "1.3", "Day", "Jour"),
                    ("select_multiple yn", "many", "1.4", "Many", "Plusieurs"),
                    ("file", "paper", "1.5", "Document", "Document"),
                    END,
                ],
                YES_NO,
            )
        )


def test_a_part_is_read_as_it_was_typed(form: Form) -> None:
    sent = MultiDict(
        [
            ("q-plan", "no"),
            ("q-why", "  a\r\nb\x00 "),
            ("q-staff", "twelve"),
            ("q-many", "yes"),
            ("q-many", "no"),
            ("q-many", "yes"),
            ("other", "x"),
        ]
    )
    read = answers.read_part(form.parts[0], sent, {"day": "2026-01-01"}, {"plan", "day"}).values
    assert read == {"plan": "no", "why": "a\nb", "staff": "twelve", "day": "", "many": ["yes", "no"]}
    assert "day" not in answers.read_part(form.parts[0], sent, {}, {"plan"}).values


def check(form: Form, given_: Mapping[str, Any], files: Collection[str] = (), **how: bool) -> dict[str, str]:
    with speaking("en"):
        return dict(rules.outcome(form, given_, files, **how).faults)


def test_required_only_where_it_is_asked_and_only_at_submission(form: Form) -> None:
    assert set(check(form, {})) == {"plan"}
    assert set(check(form, {"plan": "yes"})) == {"why"}
    assert check(form, {"plan": "no"}) == {}
    assert check(form, {}, submitting=False) == {}


@pytest.mark.parametrize(
    ("given_", "question"),
    [
        ({"plan": "maybe"}, "plan"),
        ({"plan": "yes", "why": "one two three four"}, "why"),
        ({"staff": "twelve"}, "staff"),
        ({"staff": "1.5"}, "staff"),
        ({"staff": "-1"}, "staff"),
        ({"day": "31/07/2024"}, "day"),
        ({"day": "2024-02-30"}, "day"),
        ({"many": ["yes", "perhaps"]}, "many"),
        ({"many": "yes"}, "many"),
    ],
)
def test_each_fault_has_its_sentence(form: Form, given_: dict[str, object], question: str) -> None:
    faults = check(form, given_, submitting=False)
    assert set(faults) == {question}
    assert faults[question].endswith(".")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", "12"),
        (" 1 200 ", "1200"),
        ("2,5", "2.5"),
        ("2.5", "2.5"),
        ("٢٫٥", "2.5"),
        ("۱۲", "12"),
        ("−3", "-3"),
        ("1,200", None),
        ("1.200,5", None),
        ("1e5", None),
        ("²", None),
        ("NaN", None),
        ("", None),
    ],
)
def test_numbers_of_many_hands(typed: str, number: str | None) -> None:
    assert answers.number_of(typed) == (None if number is None else Decimal(number))


def test_words_are_counted_and_characters_in_chinese() -> None:
    assert answers.words("The plan, adopted in 2023 – and kept.") == 7
    assert answers.words("国家卫生战略2023年通过。") == 10
    assert answers.words("خطة وطنية") == 2


def test_progress_leaves_out_what_is_not_asked(form: Form) -> None:
    def progress(given_: dict[str, Any], files: set[str]) -> tuple[int, int]:
        with speaking("en"):
            (counted,) = rules.progress(form, given_, files, rules.outcome(form, given_, files)).values()
        return counted

    assert progress({"plan": "no"}, {"paper"}) == (2, 5)
    assert progress({"plan": "yes"}, set()) == (1, 6)


def settled(form: Form, given_: Mapping[str, Any]) -> dict[str, Any]:
    with speaking("en"):
        return rules.settled(form, given_, rules.outcome(form, given_))


def test_settled_answers_have_one_spelling_and_leave_out_what_is_not_asked(form: Form) -> None:
    assert settled(form, {"staff": "1 200", "day": "2024-7-1", "why": "kept in the draft", "ghost": "x"}) == {
        "staff": "1200",
        "day": "2024-07-01",
    }


@given(
    st.dictionaries(
        st.sampled_from(["plan", "why", "staff", "day", "many", "paper"]),
        st.text() | st.lists(st.text()) | st.none() | st.integers(),
    )
)
def test_no_answers_whatever_break_the_check(form: Form, given_: dict[str, object]) -> None:
    settled(form, given_)
    with speaking("en"):
        rules.with_defaults(form, given_)
