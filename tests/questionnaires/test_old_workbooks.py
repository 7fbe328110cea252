"""Workbooks as Excel wrote them before 2007: read as others are, and as little trusted."""

import struct
from datetime import date

import pytest

from outreach.errors import Invalid
from outreach.questionnaires import old_workbooks, rows, workbook, xlsform
from tests.questionnaires.workbooks import CHOICES, END, GROUP, PLAN, SURVEY, YES_NO, old_workbook
from tests.questionnaires.workbooks import workbook as new_workbook

pytestmark = pytest.mark.usefixtures("english")

SURVEY_ROWS = [
    SURVEY,
    GROUP,
    PLAN,
    (),
    ("text", "why", "1.2", "Why — in Łódź?", "Pourquoi ?", True, None, None, 250),
    END,
]
OLD = old_workbook({"survey": SURVEY_ROWS, "choices": [CHOICES, *YES_NO]})


def test_an_old_workbook_is_imported_and_kept_as_a_new_one() -> None:
    form = xlsform.read(OLD)
    assert form == xlsform.read(new_workbook(SURVEY_ROWS[1:]))
    kept = workbook.in_new_format(OLD)
    assert kept.startswith(b"PK") and workbook.in_new_format(kept) is kept
    # The same rows at the same places: what is said of a row stays true.
    assert [row.number for row in workbook.read(kept)["survey"].rows] == [2, 3, 5, 6]
    assert xlsform.read(kept) == form == xlsform.read(rows.to_workbook(rows.from_workbook(kept)))


def test_its_cells_are_read_as_those_of_a_new_one() -> None:
    found = old_workbooks.cells(old_workbook({"one": [("a", 2, 2.5, True, date(2026, 11, 26))], "two": []}))
    assert found == {"sheets": [("one", [["a", 2.0, 2.5, True, "2026-11-26T00:00:00"]]), ("two", [])]}


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (OLD[:3000], "damaged"),
        (old_workbook({"survey": SURVEY_ROWS}, stream="WordDocument"), "damaged"),
        # Behind this record everything is encrypted.
        (old_workbook({"survey": SURVEY_ROWS}, before=struct.pack("<HHHHH", 0x2F, 6, 1, 1, 1)), "locked"),
        (old_workbook({f"s{number}": [] for number in range(51)}), "much"),
    ],
    ids=["cut", "Word", "password", "sheets"],
)
def test_what_cannot_be_read_is_named(content: bytes, word: str) -> None:
    assert old_workbooks.cells(content) == {"fault": word}


def test_too_large_locked_and_with_macros_is_refused_before_it_is_opened() -> None:
    for content, words in (
        (OLD + bytes(5 * 1024 * 1024), "larger than 5 MB"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "locked by a password"),
        (OLD + "_VBA_PROJECT_CUR".encode("utf-16-le"), "holds macros"),
    ):
        with pytest.raises(Invalid, match=words):
            workbook.read(content)


def test_one_long_text_in_very_many_cells_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_workbooks, "_MOST_TEXT", 60)
    monkeypatch.setattr(workbook, "_MOST_TEXT", 60)
    assert old_workbooks.cells(OLD) == {"fault": "much"}
    with pytest.raises(Invalid, match="unpacks to far more"):
        workbook.read(new_workbook([GROUP, PLAN, END]))


def test_named_formulas_that_double_without_end_are_stopped() -> None:
    with pytest.raises(Invalid, match="more time or memory"):
        workbook.read(old_workbook({"survey": SURVEY_ROWS}, before=_doubling(40)))


def _doubling(names: int) -> bytes:
    """Names of which each is the one before, joined to itself."""
    found = b""
    for number in range(names):
        before = struct.pack("<BHH", 0x43, number, 0)
        formula = before + before + b"\x08" if number else b"\x17\x01\x00x"
        head = struct.pack("<HBBHHHBBBB", 0, 0, 2, len(formula), 0, 0, 0, 0, 0, 0)
        data = head + b"\x00" + f"n{number % 10}".encode() + formula
        found += struct.pack("<HH", 0x18, len(data)) + data
    return found
