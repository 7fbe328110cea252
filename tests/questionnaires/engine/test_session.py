"""Whole forms under a set of answers: what is asked, what is wrong, what is worked out."""

from typing import Any

import pytest

from outreach.questionnaires.engine.results import Results
from tests.questionnaires.engine.forms import form_of, outcome, row


def test_conditions_reach_down_and_blank_what_is_not_asked() -> None:
    form = form_of(
        row("select_one yn", "plan", required="yes"),
        row("begin_group", "g", relevant="${plan} = 'yes'"),
        row("integer", "staff", required="yes", constraint=". >= 0"),
        row("note", "thanks", relevant="${staff} > 10"),
        row("end_group"),
        row("calculate", "twice", calculation="${staff} * 2"),
    )
    assert outcome(form) == Results(
        {"/plan": True, "/g/staff": False, "/g/thanks": False}, {"/plan": "required"}, {"/twice": ""}
    )
    asked = outcome(form, {"/plan": "yes", "/g/staff": "12"})
    assert asked == Results({"/plan": True, "/g/staff": True, "/g/thanks": True}, {}, {"/twice": "24"})
    assert outcome(form, {"/plan": "yes", "/g/staff": "-1"}).invalid == {"/g/staff": "constraint"}
    hidden = outcome(form, {"/plan": "no", "/g/staff": "12"})
    assert hidden == Results({"/plan": True, "/g/staff": False, "/g/thanks": False}, {}, {"/twice": ""})


@pytest.mark.parametrize(
    ("path", "answer", "fault"),
    [
        ("/i", "abc", "type"),
        ("/i", "2.5", "type"),
        ("/i", " 12 ", None),
        ("/c", "1e3", None),
        ("/c", "x", "type"),
        ("/d", "2026-02-30", "type"),
        ("/d", "2024-02-29", None),
        ("/h", "24:00:00", "type"),
        ("/h", "10:30:00.000+02:00", None),
        ("/dt", "2026-01-31T10:30:00.000Z", None),
        ("/dt", "2026-01-31", "type"),
        ("/s", "maybe", "type"),
        ("/many", ["a1", "zz"], "type"),
        ("/order", ["no", "yes"], None),
        ("/order", ["no"], "type"),
        ("/ok", "OK", None),
        ("/ok", "fine", "type"),
        ("/scale", "11", "type"),
        ("/scale", "10", None),
        ("/way", "1 2;3 4", None),
        ("/way", "1 2;3 4;1 2", "type"),
        ("/field", "1 2 0 0; 3 4 0 0; 1 2 0 0;", None),
        ("/field", "1 2;3 4;5 6", "type"),
    ],
)
def test_answers_have_types(path: str, answer: Any, fault: str | None) -> None:
    kinds = [
        ("integer", "i"),
        ("decimal", "c"),
        ("date", "d"),
        ("time", "h"),
        ("dateTime", "dt"),
        ("acknowledge", "ok"),
        ("geotrace", "way"),
        ("geoshape", "field"),
    ]
    lists = [("select_one yn", "s"), ("select_multiple town", "many"), ("rank yn", "order")]
    scale = row("range", "scale", parameters="start=0 end=10 step=1")
    form = form_of(*(row(*one) for one in (*kinds, *lists)), scale)
    assert outcome(form, {path: answer}).invalid == ({path: fault} if fault else {})


def test_filtered_choices_and_defaults() -> None:
    form = form_of(
        row("text", "area", default="a"),
        row("select_one town", "town", choice_filter="area = ${area}", required="yes"),
        row("calculate", "label", calculation="jr:choice-name(${town}, '${town}')"),
        row("date", "since", default="today()"),
        row("text", "copy", default="${area}"),
        row("calculate", "both", calculation="concat(${copy}, '/', ${area})"),
        row("decimal", "share", default="2"),
        row("calculate", "shown", calculation="concat(${share}, '')"),
    )
    assert outcome(form, {"/town": "a2"}).calculated == {"/label": "Beta", "/both": "a/a", "/shown": "2.0"}
    moved = outcome(form, {"/area": "b", "/town": "a2"})
    assert moved.invalid == {"/town": "type"}
    assert moved.calculated["/label"] == "", "a choice that is filtered out is not read by other rules"
    assert moved.calculated["/both"] == "a/b", "a default that was worked out when the form was opened stays"


def test_what_is_worked_out_once_is_what_came_of_it_when_the_form_was_opened() -> None:
    form = form_of(
        row("text", "a"),
        row("calculate", "kept", calculation="once(concat('nr-', ${a}))"),
        row("calculate", "late", calculation="once(${a})"),
    )
    assert outcome(form, {"/a": "x"}).calculated == {"/kept": "nr-", "/late": "x"}


def test_the_name_of_a_choice_has_what_its_label_refers_to() -> None:
    form = form_of(
        row("text", "who"),
        row("select_one person", "o"),
        row("calculate", "c", calculation="jr:choice-name(${o}, '${o}')"),
        choices=[("person", "p", "Of ${who}"), ("person", "q", "Other")],
    )
    assert outcome(form, {"/who": "Ana", "/o": "p"}).calculated["/c"].split() == ["Of", "Ana"]


def test_defaults_are_read_by_the_type_of_their_question() -> None:
    form = form_of(
        row("integer", "n", default="2.7"),
        row("acknowledge", "ok", default="ok"),
        row("range", "scale", default="11", parameters="start=0 end=10 step=1"),
        row("calculate", "c", calculation="concat(${n}, '/', ${ok}, '/', ${scale})"),
    )
    assert outcome(form).calculated == {"/c": "2/OK/"}


def test_what_stands_in_a_group_that_is_read_only_takes_no_answer() -> None:
    form = form_of(
        row("begin_group", "g", readonly="yes"),
        row("text", "a", default="kept"),
        row("text", "b", required="yes"),
        row("end_group"),
        row("calculate", "c", calculation="${a}"),
    )
    closed = outcome(form, {"/g/a": "x", "/g/b": "y"})
    assert (closed.calculated, closed.invalid) == ({"/c": "kept"}, {"/g/b": "required"})


def test_rules_that_go_round_in_a_circle_end() -> None:
    form = form_of(
        row("text", "a", relevant="${b} = ''"),
        row("text", "b", relevant="${a} = ''"),
        row("calculate", "c", calculation="${c} + 1"),
    )
    assert set(outcome(form, {"/a": "x", "/b": "y"}).relevant) == {"/a", "/b"}
