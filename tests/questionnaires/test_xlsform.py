"""XLSForm in: what is read, and that every fault of a workbook is told at once, by sheet and row."""

import io
import zipfile

import pytest

from outreach.errors import Invalid
from outreach.paths import PACKAGE
from outreach.questionnaires import xlsform
from outreach.questionnaires.form import Bound, QuestionType, from_json, to_json
from tests.questionnaires.workbooks import CHOICES, END, GROUP, PLAN, SURVEY, workbook

pytestmark = pytest.mark.usefixtures("english")


def faults(content: bytes) -> tuple[str, ...]:
    with pytest.raises(Invalid) as refused:
        xlsform.read(content)
    return refused.value.faults or (refused.value.message,)


def test_the_sample_has_every_type_in_six_languages() -> None:
    form = xlsform.read((PACKAGE / "campaigns/sample/questionnaire.xlsx").read_bytes())
    assert form.missing_languages() == ()
    assert {q.type for part in form.parts for q in part.questions} == set(QuestionType)
    assert len(list(form.questions())) >= 12
    assert from_json(to_json(form)) == form


def test_codes_limits_conditions_and_bounds_are_read() -> None:
    form = xlsform.read(
        workbook(
            [
                GROUP,
                PLAN,
                (
                    "text",
                    "why",
                    "1.1.a",
                    "Please explain",
                    "Veuillez expliquer",
                    None,
                    "${plan} = 'yes' or selected(${plan}, 'no')",
                    None,
                    250,
                ),
                ("decimal", "share", "1.2", "Share", "Part", None, None, ". >= 0 and . <= 100"),
                END,
            ]
        )
    )
    plan, why, share = form.questions()
    assert (plan.code, plan.required, [c.name for c in plan.choices]) == ("1.1", True, ["yes", "no"])
    assert (why.word_limit, why.multiline, why.asked_if) == (250, True, (("plan", "yes"), ("plan", "no")))
    assert share.bounds == (Bound(">=", "0"), Bound("<=", "100"))
    assert form.languages == ("en", "fr")
    assert form.missing_languages() == ("ar", "zh", "ru", "es")
    assert form.say(plan.label, "fr").text == "Existe-t-il un plan ?"
    assert form.say(plan.label, "ru") == form.say(plan.label, "en")


def test_all_faults_are_told_at_once() -> None:
    said = faults(
        workbook(
            [
                GROUP,
                ("geopoint", "where", "1.0", "Where?", "Où ?"),
                ("select_one nowhere", "list", "1.1", "Which?", "Lequel ?"),
                ("text", "gone", "1.2", "In English only", None),
                ("text", "two words", "1.3", "A", "B", "perhaps"),
                ("text", "later", "1.4", "A", "B", None, "${plan} = 'maybe'"),
                ("text", "odd", "1.5", "A", "B", None, "count(${plan}) > 2"),
                ("text", "gone", "1.6", "A", "B", None, None, None, "many"),
                ("integer", "n", "1.7", "A", "B", None, None, "regex(., 'x')"),
            ],
            [("yn", "yes", "Yes", "Oui"), ("yn", "yes", "Again", "Encore")],
        )
    )
    told = "\n".join(said)
    for row in range(2, 11):
        assert f"“survey”, row {row}:" in told, row
    assert "“choices”, row 3:" in told
    assert "geopoint" in told and "nowhere" in told and "Français" in told


def test_a_column_that_is_not_used_is_named_with_its_rows() -> None:
    said = faults(
        workbook(
            [(*GROUP, None), (*PLAN, "1 + 1"), END],
            survey_head=(*SURVEY[:6], "calculation"),
        )
    )
    assert len(said) == 1
    assert "“calculation” (rows 3)" in said[0]


def test_an_empty_unused_column_and_own_columns_on_choices_do_no_harm() -> None:
    content = workbook(
        [GROUP, PLAN, END],
        [("yn", "yes", "Yes", "Oui", "see para. 4"), ("yn", "no", "No", "Non", None)],
        survey_head=(*SURVEY[:6], "calculation"),
        choices_head=(*CHOICES, "outreach::remark"),
    )
    assert [q.name for q in xlsform.read(content).questions()] == ["plan"]


def test_groups_must_close_and_not_nest() -> None:
    said = "\n".join(faults(workbook([GROUP, ("begin_group", "two", "2", "A", "B"), PLAN])))
    assert "row 3: A group within a group" in said
    assert "row 2: This group is never ended" in said


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04" + b"\0" * 100])
def test_what_is_no_workbook_is_refused_in_a_sentence(content: bytes) -> None:
    assert "can't be read" in faults(content)[0]


def _repacked(change: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([GROUP, PLAN, END]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, change.pop(part.filename, None) or old.read(part))
        for name, content in change.items():
            new.writestr(name, content)
    return out.getvalue()


def test_entities_are_refused_before_any_parser_sees_them(tmp_path: object) -> None:
    hostile = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><sst><si><t>&e;</t></si></sst>'
    )
    assert "XML declarations" in faults(_repacked({"xl/sharedStrings.xml": hostile}))[0]
    assert "XML declarations" in faults(_repacked({"xl/sharedStrings.xml": hostile.decode().encode("utf-16")}))[0]


def test_a_workbook_that_unpacks_to_far_more_is_not_opened() -> None:
    assert "unpacks to far more" in faults(_repacked({"xl/media/a.bin": b"\0" * (51 * 1024 * 1024)}))[0]


def test_endless_rows_are_refused() -> None:
    assert "more than 5000 rows" in faults(workbook([GROUP, PLAN, END, *[("note", "n", None, "A", "B")] * 5001]))[0]
