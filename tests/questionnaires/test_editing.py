"""The editor's acts on rows: nothing is lost, groups stay well nested, numbers and names stay single, conditions read back as written."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from outreach.i18n import LANGUAGES
from outreach.questionnaires import checking_cells, editing, reading_rows, rows, stakeholders
from outreach.questionnaires.blocks import blocks
from outreach.questionnaires.rows import Rows, kind_of
from outreach.questionnaires.written_rules import (
    Condition,
    Limits,
    Term,
    Times,
    may_count,
    may_depend_on,
    naming_choice,
    picked_condition,
    read_condition,
    read_limits,
    read_times,
    write_condition,
    write_limits,
    write_times,
)
from tests.questionnaires.sections import SECTIONS

pytestmark = pytest.mark.usefixtures("english")

NAMES = [line.row["name"] for line in editing.lines(SECTIONS)]


def _nested(of: Rows) -> bool:
    depth = 0
    for row in of.survey:
        kind = kind_of(row)
        depth += kind.startswith("begin_") - kind.startswith("end_")
        if depth < 0:
            return False
    return depth == 0


def _codes(of: Rows) -> list[str]:
    return [row["outreach::code"] for row in of.survey if row.get("outreach::code")]


def test_a_workbook_comes_out_as_it_went_in() -> None:
    assert rows.from_workbook(rows.to_workbook(SECTIONS)) == SECTIONS
    assert rows.from_json(rows.to_json(SECTIONS)) == SECTIONS


def test_headings_of_other_tools_have_one_spelling() -> None:
    told = Rows(
        survey=({"type": "text", "name": "a", "label::fr": "Où ?", "media::image::fr": "x.png", "mine": "kept"},),
        settings={"default_language": "French (fr)"},
    )
    assert rows.from_workbook(rows.to_workbook(told)).survey == told.survey


def test_a_text_that_begins_like_a_formula_is_a_text() -> None:
    told = Rows(survey=({"type": "note", "name": "a", "label::en": '=HYPERLINK("https://x.example")'},))
    assert rows.from_workbook(rows.to_workbook(told)).survey == told.survey


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.booleans()), max_size=40))
def test_moving_loses_nothing_and_keeps_groups_whole(acts: list[tuple[str, bool]]) -> None:
    moved = SECTIONS
    for name, up in acts:
        moved = editing.move(moved, name, up=up)
        assert _nested(moved)
    assert sorted(map(repr, moved.survey)) == sorted(map(repr, SECTIONS.survey))


def test_a_question_at_the_end_of_a_section_moves_into_the_next_one() -> None:
    moved = editing.move(SECTIONS, "fields", up=False)
    names = [row.get("name", row["type"]) for row in moved.survey]
    assert names[3:7] == ["end_group", "present", "fields", "strategy"]
    assert editing.move(moved, "fields", up=True) == SECTIONS


def test_blocks_speak_six_languages_and_come_in_with_fresh_names_and_numbers() -> None:
    made = SECTIONS
    for block in [*blocks(), *blocks()]:
        assert set(block.title) == set(LANGUAGES)
        made, first = editing.insert(made, "needs", block.rows)
        assert made.row(first)
    assert _nested(made)
    names = [row["name"] for row in made.survey if row.get("name")]
    assert len(set(names)) == len(names)
    assert len(set(_codes(made))) == len(_codes(made))
    assert made.row("measures_explained_1")["relevant"] == "${measures_1} = 'yes' or ${measures_1} = 'partly'"  # type: ignore[index]
    assert [
        row
        for row in made.survey
        if row.get("name") and set(LANGUAGES) > {c for c in LANGUAGES if row.get(f"label::{c}")}
    ] == []
    convert(io.BytesIO(rows.to_workbook(made)), file_type=".xlsx", form_name="data")


def test_questions_are_numbered_by_section_and_by_what_they_depend_on() -> None:
    made, _name = editing.add(SECTIONS, "strategy", "text")
    assert made.row("q1")["outreach::code"] == "2.5"  # type: ignore[index]
    anew = editing.number_anew(made)
    assert _codes(anew)[:8] == ["1", "1.1", "1.2", "2", "2.1", "2.2", "2.3", "2.4"]
    assert _codes(editing.number_anew(SECTIONS))[4:7] == ["2.1", "2.1.a", "2.1.b"]


def test_a_questionnaire_whose_questions_have_letters_keeps_them() -> None:
    lettered = editing.change(SECTIONS, "institution_name", {"outreach::code": "1.a"})
    assert _codes(editing.number_anew(lettered))[:6] == ["1", "1.a", "1.b", "2", "2.a", "2.b"]


def test_a_list_of_choices_goes_with_the_last_question_that_uses_it() -> None:
    without = editing.remove(SECTIONS, "rights")
    assert without.choices_of(SECTIONS.row("rights") or {}) == ()
    assert without.choices_of(SECTIONS.row("strategy") or {}) != ()
    asked = editing.change(SECTIONS, "remarks", {"type": "select_one"})
    assert [choice["name"] for choice in asked.choices_of(asked.row("remarks") or {})] == ["c1", "c2"]
    # The name of a choice that was taken out is not given to another: answers may hold it.
    kept = editing.set_choices(asked, "remarks", [{"name": "c2", "label::en": "Two"}, {"label::en": "Three"}])
    assert [(c["name"], c["label::en"]) for c in kept.choices_of(kept.row("remarks") or {})] == [
        ("c2", "Two"),
        ("c3", "Three"),
    ]
    assert editing.change(kept, "remarks", {"type": "text"}).choices == SECTIONS.choices


def test_choices_keep_their_other_columns_also_where_two_have_one_name() -> None:
    towns = ({"name": "a", "label::en": "A", "region": "n"}, {"name": "a", "label::en": "A", "region": "s"})
    made = editing.set_choices(SECTIONS, "rights", towns)
    stored = made.choices_of(made.row("rights") or {})
    typed = [{"name": "a", "label::en": "Up"}, {"name": "a", "label::en": "Down"}, {"name": "b", "label::en": "New"}]
    over = editing.written_over(stored, typed)
    assert [(one.get("label::en"), one.get("region")) for one in over] == [("Up", "n"), ("Down", "s"), ("New", None)]
    again = editing.set_choices(made, "rights", over)
    assert [one["name"] for one in again.choices_of(again.row("rights") or {})] == ["a", "a", "c1"]
    assert editing.set_choices(made, "rights", stored) == made


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("", Condition()),
        ("${a} = 'x'", Condition((Term("a", "x"),))),
        ("${a}!='x' and not(selected(${b}, \"y\"))", Condition((Term("a", "x", False), Term("b", "y", False)), "and")),
        ("selected(${b},'y') or ${a} = 'x'", Condition((Term("b", "y"), Term("a", "x")), "or")),
        ("${a} = 'x' or ${b} = 'y' and ${c} = 'z'", None),
        ("count-selected(${b}) > 2", None),
    ],
)
def test_conditions_that_the_editor_knows_read_back_as_they_were_written(
    text: str, condition: Condition | None
) -> None:
    assert read_condition(text) == condition
    if condition:
        several = Rows(survey=({"type": "select_multiple l", "name": "b"},))
        assert read_condition(write_condition(condition, several)) == condition


@pytest.mark.parametrize(
    ("text", "times"),
    [("", Times()), ("3", Times("3")), ("${staff}", Times("", "staff")), ("${staff} + 1", None)],
)
def test_a_number_of_repetitions_reads_back_as_it_was_written(text: str, times: Times | None) -> None:
    assert read_times(text) == times
    if times:
        assert write_times(times) == text


def test_a_condition_that_no_list_holds_is_its_authors_own() -> None:
    for rule, picked in (("${strategy} = 'yes'", True), ("${staff} = '3'", False), ("${strategy} = 'other'", False)):
        told = editing.change(SECTIONS, "document", {"relevant": rule})
        assert (picked_condition(told, told.row("document") or {}) is not None) is picked
    strategy = SECTIONS.row("strategy") or {}
    assert [row["name"] for row in naming_choice(SECTIONS, strategy, "partly")] == [
        "strategy_explained",
        "strategy_adopted",
    ]


def test_a_section_to_be_repeated_stands_where_it_was_added() -> None:
    made, name = editing.add_within(SECTIONS, "present", repeat=True)
    assert _nested(made)
    place = [row.get("name") for row in made.survey].index(name)
    assert [row["type"] for row in made.survey[place : place + 3]] == ["begin_repeat", "end_repeat", "end_group"]
    assert (made.survey[place]["outreach::code"], [row["name"] for row in may_count(made, name)]) == ("2.5", ["staff"])


def _faults(before: Rows, name: str, cells: dict[str, str]) -> dict[str, str]:
    return checking_cells.faults(before, editing.change(before, name, cells), name)


def test_what_is_written_is_looked_at_as_an_import_does() -> None:
    good = {"constraint": "regex(., '[a-z]+')", "calculation": "concat(${institution_name}, '.')"}
    assert _faults(SECTIONS, "remarks", good) == {}
    bad = {"relevant": "${nothing} = 1", "required": "${nothing} = 2", "default": "3", "hint::fr": "Voir ${nichts}"}
    faults = _faults(SECTIONS, "remarks", bad)
    assert set(faults) == {"relevant", "required", "hint::fr"}
    assert "${nothing}" in faults["relevant"] and not any("Sheet" in sentence for sentence in faults.values())
    # What only the whole form shows, also while another question is at fault, which is nobody's here.
    unknown = {"calculation": "no-such-function(1)"}
    assert set(_faults(SECTIONS, "staff", unknown)) == {"calculation"}
    elsewhere = editing.change(SECTIONS, "budget_share", {"label::en": "${nothing}"})
    assert set(_faults(elsewhere, "staff", unknown)) == {"calculation"}
    assert _faults(elsewhere, "remarks", {"constraint": ". != ''"}) == {}


def test_a_rule_that_is_emptied_is_looked_at_too() -> None:
    worked_out, name = editing.add(SECTIONS, "staff", "calculate")
    before = editing.change(worked_out, name, {"calculation": "${staff} + 1"})
    assert set(_faults(before, name, {"calculation": ""})) == {"calculation"}
    # A questionnaire that asks nothing yet is no fault of its first section.
    assert _faults(editing.add_section(Rows())[0], "section1", {"relevant": "1 = 1"}) == {}


def test_every_word_for_who_is_asked_stands_on_the_page_once() -> None:
    shown = [word for wide, kinds in stakeholders.FAMILIES for word in (wide, *(kind.value for kind in kinds))]
    assert sorted(shown) == sorted(stakeholders.WORDS)
    for wide, kinds in stakeholders.FAMILIES:
        assert all(wide in stakeholders.words_of(kind) for kind in kinds)
    assert stakeholders.write(stakeholders.read("ministry, state")) == "state ministry"


def test_a_condition_names_questions_that_come_before() -> None:
    assert [row["name"] for row in may_depend_on(SECTIONS, "staff")] == ["fields", "strategy"]


@pytest.mark.parametrize(
    ("row", "limits"),
    [
        ({"type": "integer", "constraint": ". >= 0 and . <= 100"}, Limits("0", "100")),
        ({"type": "select_multiple a", "constraint": "count-selected(.) <= 3"}, Limits("", "3")),
        ({"type": "range", "parameters": "start=1 end=5 step=1"}, Limits("1", "5", "1")),
        ({"type": "text", "constraint": "regex(., '[a-z]+')"}, None),
    ],
)
def test_limits_read_back_as_they_were_written(row: dict[str, str], limits: Limits | None) -> None:
    assert read_limits(row) == limits
    if limits:
        assert read_limits({**row, **write_limits(row, limits)}) == limits


def test_lines_fill_the_choices_that_say_nothing_before_they_are_added() -> None:
    begun = [{"name": "c1", "label::en": ""}, {"name": "c2", "label::fr": "Non"}]
    made = editing.with_lines(begun, ["Yes", "Partly"], "en")
    assert made == [{"name": "c1", "label::en": "Yes"}, begun[1], {"label::en": "Partly"}]


def test_what_is_taken_out_can_be_put_back() -> None:
    taken = editing.remove(SECTIONS, "needs")
    assert taken.row("rights") is None and len(taken.choices) < len(SECTIONS.choices)
    kept = rows.from_json(rows.to_json(taken))
    assert editing.put_back(kept) == SECTIONS == editing.put_back(SECTIONS)


def test_what_an_author_should_know_is_said_by_question() -> None:
    added, name = editing.add(SECTIONS, "staff", "select_one")
    noted = reading_rows.remarks(editing.change(added, name, {"label::en": "Which?", "parameters": "randomize=true"}))
    assert any("2.5" in one and "randomize=true" in one for one in noted)
    assert any("2.5" in one and "the name is shown" in one for one in noted)
    assert not any("Sheet" in one for one in noted)


def test_a_section_comes_after_the_one_that_it_was_asked_for_in() -> None:
    inner, group = editing.add_within(SECTIONS, "strategy", repeat=False)
    made, _name = editing.add(inner, group, "text")
    made, section = editing.add_section(made, "q1")
    assert _nested(made)
    tops = [line.row["name"] for line in editing.lines(made) if line.group and line.depth == 0]
    assert tops == ["institution", "present", section, "needs"]
    assert [line.depth for line in editing.lines(made) if line.row["name"] in (group, "q1")] == [1, 2]


def test_a_copy_asks_the_same_from_the_same_list_under_its_own_name() -> None:
    made, name = editing.copy(SECTIONS, "strategy")
    row, former = made.row(name), SECTIONS.row("strategy")
    assert row and former and name not in NAMES and made.choices == SECTIONS.choices
    assert {key: row[key] for key in row if key not in ("name", "outreach::code")} == {
        key: former[key] for key in former if key not in ("name", "outreach::code")
    }
    assert len(set(_codes(made))) == len(_codes(made))


def test_other_is_offered_and_taken_back() -> None:
    made = editing.offer_other(SECTIONS, "fields", offered=True)
    assert made.row("fields")["type"] == "select_multiple field or_other"  # type: ignore[index]
    assert reading_rows.form_of(made).question("fields_other") is not None
    assert (
        editing.offer_other(made, "fields", offered=False)
        == SECTIONS
        == editing.offer_other(SECTIONS, "staff", offered=True)
    )


def test_a_question_or_a_section_goes_to_any_place() -> None:
    made = editing.place(SECTIONS, "remarks", "staff")
    names = [line.row["name"] for line in editing.lines(made)]
    assert names.index("remarks") == names.index("staff") + 1 and _nested(made)
    assert [line.row["name"] for line in editing.lines(editing.place(made, "remarks", "needs"))] == NAMES
    turned = editing.place(SECTIONS, "institution", "staff")
    assert [line.row["name"] for line in editing.lines(turned) if line.depth == 0] == [
        "present",
        "institution",
        "needs",
    ]
    assert editing.place(SECTIONS, "needs", "rights") == SECTIONS
    assert "rights" not in [spot.value for spot in editing.spots(SECTIONS, "needs")]
    # Behind a section that stands in another one.
    inner, group = editing.add_within(SECTIONS, "budget_share", repeat=True)
    assert [(spot.value, spot.depth) for spot in editing.spots(inner)][10:12] == [(group, 1), (f"/{group}", 1)]
    within = editing.place(inner, "staff", group)
    depths = {line.row["name"]: line.depth for line in editing.lines(within)}
    outside = {line.row["name"]: line.depth for line in editing.lines(editing.place(within, "staff", f"/{group}"))}
    assert (depths["staff"], outside["staff"]) == (2, 1) and list(outside)[10] == "staff"


def test_a_table_of_questions_from_several_lists_is_plain_for_other_tools() -> None:
    made = editing.change(SECTIONS, "needs", {"appearance": "table-list field-list"})
    assert any("no table" in one for one in reading_rows.remarks(made))
    plain = rows.for_other_tools(made)
    assert plain.row("needs")["appearance"] == "field-list"  # type: ignore[index]
    convert(io.BytesIO(rows.to_workbook(plain)), file_type=".xlsx", form_name="data")
    table = next(one.rows for one in blocks() if one.name == "likert")
    assert rows.for_other_tools(table) == table
