"""The sample's questionnaire: an XLSForm that any ODK tool takes, complete in six languages, and ours without a remark."""

import re
from typing import Any

import openpyxl
import pytest
from pyxform.xls2xform import convert

from outreach import i18n
from outreach.i18n import LANGUAGES
from outreach.paths import PACKAGE
from outreach.questionnaires import counting, rules, xlsform
from outreach.questionnaires.form import Form, Group, QuestionType

WORKBOOK = PACKAGE / "campaigns" / "sample" / "questionnaire.xlsx"


def rows(sheet: str) -> list[dict[str, str]]:
    """The rows of a sheet by column; empty cells and rows left out."""
    head, *body = openpyxl.load_workbook(WORKBOOK)[sheet].iter_rows(values_only=True)
    found = [{str(key): str(cell) for key, cell in zip(head, row, strict=True) if cell is not None} for row in body]
    return [row for row in found if row]


@pytest.fixture(scope="module")
def form() -> Form:
    with i18n.speaking("en"):
        read = xlsform.read_with_remarks(WORKBOOK.read_bytes())
    assert not read.remarks
    return read.form


def languages_of(row: dict[str, str], column: str) -> set[str]:
    named = (re.fullmatch(rf"{column}::.+ \((\w\w)\)", key) for key in row)
    return {found[1] for found in named if found}


def test_pyxform_accepts_it_and_remarks_only_that_other_is_untranslated_elsewhere() -> None:
    result = convert(str(WORKBOOK))
    assert [warning[:34] for warning in result.warnings] == ["This form uses or_other and transl"]
    assert result.xform.count("<translation ") == len(LANGUAGES)


def test_it_asks_thirty_five_questions_of_most_types_in_six_parts(form: Form) -> None:
    numbered = [question for question in form.questions() if question.code]
    # The line that says what “other” is has no number, and is none.
    assert (len(form.pages), len(numbered), counting.questions(form)) == (6, 35, 35)
    types = {item.type for item in form.items() if not isinstance(item, Group)}
    assert set(QuestionType) - types == {QuestionType.TIME, QuestionType.IMAGE, QuestionType.HIDDEN}
    groups = [item for item in form.items() if isinstance(item, Group)]
    assert any(group.repeat for group in groups) and any(group.matrix for group in groups)
    assert form.missing_languages() == ()


def test_printed_codes_and_names_are_used_once() -> None:
    for column in ("outreach::code", "name"):
        used = [row[column] for row in rows("survey") if column in row]
        assert len(used) == len(set(used))


@pytest.mark.parametrize(
    ("sheet", "columns"),
    [
        ("survey", ["label", "hint", "guidance_hint", "required_message", "constraint_message"]),
        ("choices", ["label"]),
    ],
)
def test_every_text_stands_in_six_languages(sheet: str, columns: list[str]) -> None:
    for row in rows(sheet):
        for column in columns:
            assert languages_of(row, column) in (set(), set(LANGUAGES)), (row["name"], column)
        if row.get("type") not in ("end_group", "end_repeat", "calculate"):
            assert languages_of(row, "label") == set(LANGUAGES)
        assert ("constraint" in row) == bool(languages_of(row, "constraint_message"))


def test_every_explanation_has_a_word_limit_and_waits_for_its_answer(form: Form) -> None:
    explained = [question.name for question in form.questions() if question.name.endswith("_explained")]
    assert len(explained) == 3
    assert all((form.question(name) or pytest.fail(name)).word_limit for name in explained)
    with i18n.speaking("en"):
        asked = rules.outcome(form, {"strategy": "no", "assistance": "yes", "practice": "no"}).asked
    assert [asked.get(name, False) for name in explained] == [False, True, False]


@pytest.mark.parametrize(
    ("answers", "faulty"),
    [
        ({"contact_mailbox": "unit at ministry"}, "contact_mailbox"),
        ({"strategy": "yes", "strategy_adopted": "2999-01-01"}, "strategy_adopted"),
        ({"budget_share": "101"}, "budget_share"),
        ({"rights": ["food", "water", "health", "work", "housing"]}, "rights"),
        ({"rights": ["food", "water"], "first_right": "work"}, "first_right"),
        ({"access_limits": ["none", "cost"]}, "access_limits"),
        ({"share_guidance": "60", "share_exchange": "50"}, "share_exchange"),
        ({"practice": "yes", "practice_card": [{"practice_title": "A"}] * 4}, "practice_card.4.practice_title"),
        ({"consultation_at": "2020-01-01T10:00"}, "consultation_at"),
    ],
)
def test_each_rule_finds_what_breaks_it(form: Form, answers: dict[str, Any], faulty: str) -> None:
    with i18n.speaking("fr"):
        assert list(rules.outcome(form, answers, submitting=False).faults) == [faulty]


def test_only_states_and_authorities_are_asked_who_transmits(form: Form) -> None:
    assert form.asked_of(frozenset({"stakeholder"})).question("transmitting_authority") is None
    assert form.asked_of(frozenset({"state"})).question("transmitting_authority") is not None
