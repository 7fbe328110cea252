"""XLSForm in: what is read, and that every fault of a workbook is told at once, by sheet and row."""

import io
import zipfile

import pytest

from outreach.errors import Invalid
from outreach.paths import PACKAGE
from outreach.questionnaires import types, xlsform
from outreach.questionnaires.form import Group, Question, QuestionType, from_json, to_json
from outreach.questionnaires.rules import outcome
from outreach.questionnaires.xlsform_out import workbook as written
from tests.questionnaires.workbooks import CHOICES, END, GROUP, PLAN, SURVEY, workbook

pytestmark = pytest.mark.usefixtures("english")


def faults(content: bytes) -> tuple[str, ...]:
    with pytest.raises(Invalid) as refused:
        xlsform.read(content)
    return refused.value.faults or (refused.value.message,)


def test_the_sample_has_every_type_in_six_languages() -> None:
    form = xlsform.read((PACKAGE / "campaigns/sample/questionnaire.xlsx").read_bytes())
    assert form.missing_languages() == ()
    asked = {q.type for part in form.parts for q in part.questions}
    assert asked >= {QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE, QuestionType.TEXT, QuestionType.FILE}
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
    assert (why.word_limit, why.multiline, why.relevant) == (
        250,
        True,
        "${plan} = 'yes' or selected(${plan}, 'no')",
    )
    assert share.constraint == ". >= 0 and . <= 100"
    assert form.languages == ("en", "fr")
    assert form.missing_languages() == ("ar", "zh", "ru", "es")
    assert form.say(plan.label, "fr").text == "Existe-t-il un plan ?"
    assert form.say(plan.label, "ru") == form.say(plan.label, "en")


def test_all_faults_are_told_at_once() -> None:
    said = faults(
        workbook(
            [
                GROUP,
                ("csv-external", "where", "1.0", "Where?", "Où ?"),
                ("select_one nowhere", "list", "1.1", "Which?", "Lequel ?"),
                ("text", "gone", "1.2", "In English only", None),
                ("text", "two words", "1.3", "A", "B"),
                ("text", "later", "1.4", "A", "B", None, "${nowhere} = 'maybe'"),
                ("text", "odd", "1.5", "A", "B", None, "pulldata('a', 'b', 'c', 'd')"),
                ("text", "gone", "1.6", "A", "B", None, None, None, "many"),
                ("integer", "n", "1.7", "A", "B", None, None, "regex(., "),
            ],
            [("yn", "yes", "Yes", "Oui"), ("yn", "yes", "Again", "Encore")],
        )
    )
    told = "\n".join(said)
    for row in (3, 4, 6, 7, 8, 9, 10):
        assert f"“survey”, row {row}:" in told, row
    assert "“choices”, row 3:" in told
    assert "csv-external" in told and "nowhere" in told and "pulldata" in told


def test_what_is_not_used_or_asked_otherwise_is_remarked_and_does_no_harm() -> None:
    content = workbook(
        [
            (*GROUP, None, "x"),
            (*PLAN, "x"),
            ("geopoint", "where", "1.2", "Where?", "Où ?"),
            ("start", "begun"),
            ("audio", "sound", "1.3", "In English only", None),
            END,
        ],
        [("yn", "yes", "Yes", "Oui", "see para. 4"), ("yn", "no", "No", "Non", None)],
        survey_head=(*SURVEY[:6], "my notes"),
        choices_head=(*CHOICES, "outreach::remark"),
    )
    read = xlsform.read_with_remarks(content)
    told = "\n".join(read.remarks)
    assert "“survey”: this service does not use these columns: my notes" in told
    assert "“choices”: this service does not use these columns: outreach::remark" in told
    assert "row 4: The type “geopoint” is asked as “text” here." in told
    assert "row 5: The type “start” is not asked here." in told
    assert "row 6: The label is missing in Français." in told
    assert [(q.name, q.type.value) for q in read.form.questions()] == [
        ("plan", "select_one"),
        ("where", "text"),
        ("sound", "file"),
    ]


def test_groups_repeats_tables_and_others_are_read_as_a_tree() -> None:
    content = workbook(
        [
            ("today", "now"),
            GROUP,
            ("begin_repeat", "practice", "1.1", "Good practice", "Bonne pratique"),
            ("text", "title", "1.1.a", "Title of ${plan}", "Titre de ${plan}", "yes"),
            ("begin_group", "scale", "1.1.b", "How useful?", "Utile ?", None, None, None, None, "table-list"),
            ("select_one yn", "law", None, "Law", "Droit"),
            ("select_one yn", "money", None, "Money", "Argent"),
            END,
            ("end_repeat",),
            (*PLAN[:1], "plan", *PLAN[2:]),
            ("select_multiple yn or_other", "more", "1.3", "More", "Encore"),
            END,
        ],
        survey_head=(*SURVEY, "appearance"),
    )
    form = xlsform.read(content)
    assert from_json(to_json(form)) == form and from_json(to_json(form)).xform == form.xform
    assert [(part.name, len(part.questions)) for part in form.parts] == [("", 1), ("one", 6)]
    assert [part.name for part in form.pages] == ["one"]
    (repeat, plan, more, specified) = form.parts[1].items
    assert isinstance(repeat, Group) and repeat.repeat and repeat.path == "/one/practice"
    table = repeat.items[1]
    assert isinstance(table, Group) and table.matrix and table.items[0].path == "/one/practice/scale/law"
    assert isinstance(more, Question) and [choice.name for choice in more.choices] == ["yes", "no", "other"]
    assert more.choices[-1].label["fr"] not in {"", "Other"}
    assert isinstance(specified, Question) and specified.relevant == "selected(${more}, 'other')"
    assert form.say(repeat.items[0].label, "fr").text == "Titre de [1.1]"
    assert plan == form.question("plan")


def test_the_older_way_of_a_table_reads_back_as_one() -> None:
    head = (*SURVEY, "appearance")
    looks = [("select_one yn", name, None, name, name, *[None] * 4, look) for name, look in (("how", "label"), ("law", "list-nolabel"))]  # fmt: skip
    form = xlsform.read(workbook([GROUP, ("begin group", "scale"), *looks, END, END], survey_head=head))
    (table,) = form.parts[0].items
    assert isinstance(table, Group) and table.matrix and [item.name for item in table.items] == ["how", "law"]
    assert xlsform.read(written(form)) == form


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("q string", "text"),
        ("add integer prompt", "integer"),
        ("q picture", "image"),
        ("get start time", "start"),
        ("osm tags", "osm"),
        ("add select one prompt using yn", "select_one yn"),
        ("add select multiple prompt using yn or specify other", "select_multiple yn or_other"),
    ],
)
def test_types_are_read_as_they_were_written_before_xlsform(old: str, today: str) -> None:
    assert types.read(old) == types.read(today) is not None


def test_groups_must_close() -> None:
    said = "\n".join(faults(workbook([GROUP, ("begin_repeat", "two", "2", "A", "B"), PLAN, END])))
    assert "row 5: This end of a group ends no group." in said
    assert "row 2: This group is never ended." in said and "row 3: This group is never ended." in said


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


def test_who_is_asked_and_what_is_published_is_read() -> None:
    head = (*SURVEY, "outreach::stakeholders", "outreach::publish", "outreach::legal_basis")
    nothing = (None,) * 4
    content = workbook(
        [
            GROUP,
            PLAN,
            ("text", "names", "1.2", "Names", "Noms", *nothing, "trade_union, state", "never", "A/RES/78/1"),
            END,
        ],
        survey_head=head,
    )
    form = xlsform.read(content)
    names = form.question("names")
    assert names is not None
    assert (names.stakeholders, names.publish.value, names.legal_basis) == (
        {"trade_union", "state"},
        "never",
        "A/RES/78/1",
    )
    assert [q.name for q in form.asked_of(frozenset({"stakeholder", "university"})).questions()] == ["plan"]
    assert form.asked_of(frozenset({"state"})) == form
    wrong = workbook(
        [GROUP, PLAN, ("text", "names", "1.2", "N", "N", *nothing, "martians", "sometimes"), END], survey_head=head
    )
    assert len(faults(wrong)) == 2


def test_a_filter_names_a_column_of_choices_as_it_is_written() -> None:
    head = (*CHOICES, "Region", "1st", "media")
    choices = [("town", "a", "A", "A", "yes", "x", "a.png"), ("town", "b", "B", "B", "no", "y", "b.png")]
    survey = [PLAN, ("select_one town", "town", "2", "Town", "Ville", None, None)]
    rows = [(*row, *(None,) * (len(SURVEY) - len(row)), "Region = ${ plan }" * (row[1] == "town")) for row in survey]
    read = xlsform.read_with_remarks(
        workbook(
            rows, [("yn", "yes", "Yes", "Oui"), *choices], survey_head=(*SURVEY, "choice_filter"), choices_head=head
        )
    )
    assert [one.name for one in outcome(read.form, {"plan": "yes"}).choices["town"]] == ["a"]
    assert any("1st" in remark and "media" in remark for remark in read.remarks), "these can't be names in the XForm"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"type": "calculate"}, "The calculation is missing."),
        ({"type": "note", "label::English (en)": "Of ${plan"}, "with both brackets: Of ${plan"),
        ({"type": "calculate", "calculation": "1", "trigger": "plan"}, "“trigger” names questions"),
        ({"type": "calculate", "calculation": "1", "trigger": "${added}"}, "“trigger” names questions"),
        ({"type": "integer", "default": "once(${plan}, 1)"}, "This rule can't be used: once("),
        ({"type": "integer", "calculation": "indexed-repeat(${plan}, 2, 3)"}, "(nodes are needed here)"),
    ],
)
def test_what_only_the_whole_form_shows_is_said_with_its_row(cells: dict[str, str], said: str) -> None:
    head = (*SURVEY, "calculation", "default", "trigger")
    row = tuple({"name": "added", "label::English (en)": "Added", **cells}.get(heading) for heading in head)
    (fault,) = faults(workbook([PLAN, row], survey_head=head))
    assert fault.startswith("Sheet “survey”, row 3: ") and said in fault


def test_a_choice_that_names_no_question_is_said_at_its_row() -> None:
    (fault,) = faults(workbook([PLAN], [("yn", "yes", "Yes", "Oui"), ("yn", "no", "Not ${nobody}", "Non")]))
    assert fault == "Sheet “choices”, row 3: “${nobody}” is no question of this workbook."


def test_a_range_keeps_what_it_is_asked_by() -> None:
    row = ("range", "scale", "1", "How much?", "Combien ?", None, None, None, None, "start=1; end=5 tick_interval=2")
    read = xlsform.read_with_remarks(workbook([row], survey_head=(*SURVEY, "parameters")))
    (scale,) = read.form.questions()
    assert (scale.lowest, scale.highest, scale.step, scale.parameters) == ("1", "5", "1", "start=1 end=5")
    assert any("tick_interval" in remark for remark in read.remarks)
