"""The sample's questionnaire: an XLSForm that any ODK tool takes, complete in six languages."""

import re

import openpyxl
import pytest
from pyxform.xls2xform import convert

from outreach.i18n import LANGUAGES
from outreach.paths import PACKAGE

WORKBOOK = PACKAGE / "campaigns" / "sample" / "questionnaire.xlsx"


def rows(sheet: str) -> list[dict[str, str]]:
    """The rows of a sheet by column; empty cells and rows left out."""
    head, *body = openpyxl.load_workbook(WORKBOOK)[sheet].iter_rows(values_only=True)
    found = [{str(key): str(cell) for key, cell in zip(head, row, strict=True) if cell is not None} for row in body]
    return [row for row in found if row]


def languages_of(row: dict[str, str], column: str) -> set[str]:
    named = (re.fullmatch(rf"{column}::.+ \((\w\w)\)", key) for key in row)
    return {found[1] for found in named if found}


def test_pyxform_accepts_it_without_a_warning() -> None:
    result = convert(str(WORKBOOK))
    assert result.warnings == []
    assert result.xform.count("<translation ") == len(LANGUAGES)


def test_it_uses_each_type_of_question() -> None:
    types = {row["type"].split()[0] for row in rows("survey")}
    assert types == {
        "begin_group", "end_group", "note", "text", "integer", "decimal", "select_one", "select_multiple", "date", "file",
    }  # fmt: skip
    numbered = [
        row["outreach::code"] for row in rows("survey") if re.fullmatch(r"\d\.\d", row.get("outreach::code", ""))
    ]
    assert len(numbered) == 16


def test_printed_codes_and_names_are_used_once() -> None:
    for column in ("outreach::code", "name"):
        used = [row[column] for row in rows("survey") if column in row]
        assert len(used) == len(set(used))


@pytest.mark.parametrize(
    ("sheet", "columns"), [("survey", ["label", "hint", "constraint_message"]), ("choices", ["label"])]
)
def test_every_text_stands_in_six_languages(sheet: str, columns: list[str]) -> None:
    for row in rows(sheet):
        for column in columns:
            assert languages_of(row, column) in (set(), set(LANGUAGES)), (row["name"], column)
        if row.get("type") != "end_group":
            assert languages_of(row, "label") == set(LANGUAGES)


def test_every_explanation_has_a_word_limit_and_waits_for_its_answer() -> None:
    explained = [row for row in rows("survey") if row.get("outreach::code", "").endswith(".a")]
    assert len(explained) == 4
    for row in explained:
        assert int(row["outreach::word_limit"]) > 0
        assert "= 'yes'" in row["relevant"]
