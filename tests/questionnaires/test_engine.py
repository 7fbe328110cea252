"""The rules of XLSForms: each function as ODK XForms defines it, and whole forms under sets of answers."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from outreach import clock
from outreach.cli.questionnaire import questionnaire
from outreach.errors import Invalid
from outreach.i18n import speaking
from outreach.questionnaires.checking import Checker
from outreach.questionnaires.engine import values, workbooks
from outreach.questionnaires.engine.definitions import RuleForm
from outreach.questionnaires.engine.faults import Endless, RuleFault
from outreach.questionnaires.engine.grammar import Rule
from outreach.questionnaires.engine.nodes import Steps
from outreach.questionnaires.engine.results import Results, results
from outreach.questionnaires.engine.session import Session
from tests.questionnaires.workbooks import Rows, workbook

HEAD = (
    "type",
    "name",
    "label",
    "required",
    "relevant",
    "constraint",
    "calculation",
    "default",
    "choice_filter",
    "repeat_count",
    "parameters",
    "trigger",
    "readonly",
)
CHOICES_HEAD = ("list_name", "name", "label", "area", "outreach::code")
CHOICES: Rows = [
    ("yn", "yes", "Yes", None, "A"),
    ("yn", "no", "No"),
    ("town", "a1", "Alpha", "a"),
    ("town", "a2", "Beta", "a"),
    ("town", "b1", "Gamma", "b"),
]


def row(kind: str, name: str = "", **cells: str) -> tuple[Any, ...]:
    """A row of the survey sheet; a label is made of the name."""
    given_ = {"type": kind, "name": name, "label": name, **cells}
    return tuple(given_.get(heading) for heading in HEAD)


def form_of(*rows: tuple[Any, ...], choices: Rows = CHOICES) -> RuleForm:
    with speaking("en"):
        return workbooks.from_bytes(workbook(rows, choices, survey_head=HEAD, choices_head=CHOICES_HEAD))


def outcome(form: RuleForm, answers: dict[str, Any] | None = None, **counts: int) -> Results:
    return results(form, answers or {}, {f"/{path}": count for path, count in counts.items()})


@pytest.fixture(scope="module")
def session() -> Session:
    form = form_of(
        row("text", "t"),
        row("integer", "n"),
        row("select_multiple town", "m"),
        row("select_one town", "o"),
        row("date", "d"),
        row("text", "blank"),
        row("begin_repeat", "r"),
        row("integer", "x"),
        row("end_repeat"),
    )
    answers = {"/t": "Ünï’s", "/n": "7", "/m": ["b1", "a1"], "/o": "a2", "/d": "2026-01-31"}
    return Session(form, {**answers, "/r[1]/x": "1", "/r[2]/x": "2", "/r[3]/x": "4"}, {"/r": 3})


@pytest.mark.parametrize(
    ("said", "comes_to"),
    [
        ("/data/n + 1", "8"),
        ("/data/n div 2", "3.5"),
        ("-7 mod 3", "-1"),
        ("1 div 0", "Infinity"),
        ("0 <= /data/n <= 5", "true"),
        ("1 = 2 < 3", "true"),
        ("/data/n>=0and.!=''", "true"),
        ("/data/n = 1or /data/n = 7", "true"),
        ("concat('1or 2', '3and.')", "1or 23and."),
        ("date('x') + 1", ""),
        ("12345678901234567890 * 1", "12345678901234567000"),
        ("/data/blank + 1", ""),
        ("/data/n = 7 and /data/t != ''", "true"),
        ("/data/blank = ''", "true"),
        ("/data/nowhere = ''", "false"),
        ("/data/blank < 1", "false"),
        ("/data/d > '2025-12-31'", "true"),
        ("/data/d + 1 = date('2026-02-01')", "true"),
        ("today() - /data/d", "28"),
        ("today()", "2026-02-28"),
        ("date(/data/d + 1)", "2026-02-01"),
        ("date('2026-2-3')", "2026-02-03"),
        ("format-date(/data/d, '%e/%n/%y %a %b')", "31/1/26 Sat Jan"),
        ("decimal-date-time('1970-01-02T12:00:00.000Z')", "1.5"),
        ("decimal-time('06:00:00.000+00:00')", "0.25"),
        ("int(2.9)", "2"),
        ("int('-2.9')", "-2"),
        ("round(2.5)", "3"),
        ("round(-2.345, 2)", "-2.35"),
        ("round(1234, -2)", "1200"),
        ("pow(2, 10)", "1024"),
        ("pow(1, /data/blank)", ""),
        ("distance(/data/blank, '1 2')", ""),
        ("jr:choice-name('a', '/data/nowhere')", ""),
        ("geofence('2 4', '0 1;0 5;5 5;0 1')", "true"),
        ("geofence('4 2', '0 1;0 5;5 5;0 1')", "false"),
        ("geofence('2 4', '0 1;0 5;5 5')", "false"),
        ("sqrt(-1)", ""),
        ("log10(1000)", "3"),
        ("1 div 3", "0.3333333333333333"),
        ("0.0000001", "1e-7"),
        ("number('abc')", ""),
        ("number(true())", "1"),
        ("sum(/data/r/x)", "7"),
        ("sum(/data/nowhere)", ""),
        ("max(/data/r/x)", "4"),
        ("min(3, /data/r/x)", "1"),
        ("max(date('2026-02-01'), /data/d)", "20485"),
        ("count(/data/r[x > 1])", "2"),
        ("count-non-empty(/data/r/x)", "3"),
        ("indexed-repeat(/data/r/x, /data/r, 3)", "4"),
        ("indexed-repeat(/data/r/x, /data/r, 9)", ""),
        ("indexed-repeat(/data/r/x, /data/r, 1 div 0)", ""),
        ("round(1 div 0, 2)", "Infinity"),
        ("round(5, 400)", ""),
        ("position(/data/r[2])", "2"),
        ("join(' ', /data/r/x)", "1 2 4"),
        ("join('-', 'a', 'b')", "a-b"),
        ("concat(/data/r/x, '!')", "124!"),
        ("selected(/data/m, 'b1')", "true"),
        ("selected(/data/m, 'b')", "false"),
        ("count-selected(/data/m)", "2"),
        ("count-selected(/data/blank)", "0"),
        ("selected-at(/data/m, 0)", "a1"),
        ("selected-at(/data/m, 7)", ""),
        ("jr:choice-name(/data/o, ' /data/o ')", "Beta"),
        ("instance('town')/root/item[name = /data/o]/area", "a"),
        ("pulldata('town', 'label', 'name', 'b1')", "Gamma"),
        ("if(/data/n > 5, 'more', 'less')", "more"),
        ("coalesce(/data/blank, 'else')", "else"),
        ("once('a')", "Ünï’s"),
        ("boolean-from-string('1')", "true"),
        ("checklist(1, 2, /data/t, /data/n, /data/blank)", "true"),
        ("checklist(3, -1, /data/t, /data/n, /data/blank)", "false"),
        ("weighted-checklist(5, 9, /data/t, 2, /data/n, 3)", "true"),
        ("string-length(/data/t)", "5"),
        ("substr('abcdef', 1, 3)", "bc"),
        ("substr('abcdef', -2)", "ef"),
        ("substring('abcdef', 2, 3)", "bcd"),
        ("substring-before('a@b@c', '@')", "a"),
        ("substring-after('a::b', '::')", "b"),
        ("translate('abc', 'ab', 'x')", "xc"),
        ("normalize-space('  a   b ')", "a b"),
        ("contains(/data/t, 'nï')", "true"),
        ("ends-with('abc', 'c')", "true"),
        ("regex('ab12', '^[a-z]+\\d{2}$')", "true"),
        ("regex('a_b', 'a\\_b')", "true"),
        ("regex('abc1', '^(?=.*[0-9])(?!.*[)z])[a-z0-9]+$')", "true"),
        ("regex('abcz1', '^(?=.*[0-9])(?!.*[)z])[a-z0-9]+$')", "false"),
        ("regex('123-4', '^\\d{3}(?=-)(?!-0).\\d$')", "true"),
        ("regex('123-0', '^\\d{3}(?=-)(?!-0).\\d$')", "false"),
        ("regex('a test', '^((?!test|x[)]).)*$')", "false"),
        ("regex('a tes', '^((?!test|x[)]).)*$')", "true"),
        ("digest('abc', 'MD5', 'hex')", "900150983cd24fb0d6963f7d28e17f72"),
        ("base64-decode('w4Q=')", "Ä"),
        ("base64-decode('w4 Q')", "Ä"),
        ("string-length(uuid())", "36"),
        ("/data/t | /data/n", "Ünï’s"),
    ],
)
def test_what_rules_come_to(session: Session, said: str, comes_to: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_fixed", datetime(2026, 2, 28, 9, tzinfo=UTC))
    assert Rule(said).text_at(session, session.places["/t"]) == comes_to


def test_the_numbers_of_javascript() -> None:
    written = {1e21: "1e+21", 1.5e-7: "1.5e-7", 100.0: "100", -0.0: "0", 0.1 + 0.2: "0.30000000000000004"}
    assert {number: values.number_text(number) for number in written} == written


@pytest.mark.parametrize("said", ["1 +", "nothing(1)", "/data/t[", "(" * 200 + "1" + ")" * 200, "if(1, 2)"])
def test_what_is_no_rule_is_said(said: str) -> None:
    with pytest.raises(RuleFault):
        Rule(said)


def test_an_endless_rule_and_a_costly_pattern_end(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outreach.questionnaires.engine.nodes.MOST_STEPS", 20_000)
    session.steps = Steps()
    deep = "count(//*[count(//*[count(//*[count(//*) > 0]) > 0]) > 0])"
    with pytest.raises(Endless):
        Rule(deep).text_at(session, session.places["/t"])
    session.steps = Steps()
    assert Rule(f"regex('{'a' * 5000}!', '^(a+)+$')").text_at(session, session.places["/t"]) == "false"


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


def test_repeats_follow_a_count_or_what_was_added() -> None:
    form = form_of(
        row("integer", "wanted"),
        row("begin_repeat", "body", repeat_count="${wanted}"),
        row("text", "name", required="yes"),
        row("calculate", "place", calculation="position(..)"),
        row("end_repeat"),
        row("begin_repeat", "need"),
        row("integer", "weight"),
        row("text", "why", relevant="${weight} > 5"),
        row("end_repeat"),
        row("calculate", "total", calculation="sum(${weight})"),
    )
    asked = outcome(
        form, {"/wanted": "2", "/body[2]/name": "B", "/need[1]/weight": "3", "/need[2]/weight": "7"}, need=2
    )
    assert asked.invalid == {"/body[1]/name": "required"}
    assert {path for path, shown in asked.relevant.items() if shown and path.startswith("/need")} == {
        "/need[1]/weight",
        "/need[2]/weight",
        "/need[2]/why",
    }
    assert asked.calculated["/body[2]/place"] == "2"
    assert asked.calculated["/total"] == "10"
    assert not any(path.startswith("/need") for path in outcome(form, {}, need=0).relevant)


def test_a_count_that_is_no_number_leaves_the_instances_as_they_were() -> None:
    form = form_of(
        row("text", "why"),
        row("begin_group", "g", relevant="${why} = ''"),
        row("begin_repeat", "body"),
        row("begin_repeat", "post", repeat_count="2"),
        row("text", "name"),
        row("end_repeat"),
        row("end_repeat"),
        row("end_group"),
    )
    asked = outcome(form, {"/why": "no"}, **{"g/body": 2}).relevant
    assert [path for path in asked if path.startswith("/g/body[2]")] == [
        "/g/body[2]/post[1]/name",
        "/g/body[2]/post[2]/name",
    ]


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


def test_defaults_are_read_by_the_type_of_their_question() -> None:
    form = form_of(
        row("integer", "n", default="2.7"),
        row("acknowledge", "ok", default="ok"),
        row("range", "scale", default="11", parameters="start=0 end=10 step=1"),
        row("calculate", "c", calculation="concat(${n}, '/', ${ok}, '/', ${scale})"),
    )
    assert outcome(form).calculated == {"/c": "2/OK/"}


def test_rules_that_go_round_in_a_circle_end() -> None:
    form = form_of(
        row("text", "a", relevant="${b} = ''"),
        row("text", "b", relevant="${a} = ''"),
        row("calculate", "c", calculation="${c} + 1"),
    )
    assert set(outcome(form, {"/a": "x", "/b": "y"}).relevant) == {"/a", "/b"}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", workbook([("no such type", "a", None, "A")])])
def test_a_workbook_that_is_none_is_refused_in_a_sentence(content: bytes) -> None:
    with speaking("en"), pytest.raises(Invalid, match=r"\."):
        workbooks.from_bytes(content)


def test_the_command_answers_each_line(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    rows = [row("select_one yn", "plan"), row("integer", "n", relevant="${plan} = 'yes'", required="yes")]
    path.write_bytes(workbook(rows, CHOICES, survey_head=HEAD, choices_head=CHOICES_HEAD))
    asked = [
        json.dumps({"form": str(path), "answers": {"/plan": "yes"}}),
        "{no json",
        json.dumps(["no object"]),
        json.dumps({"form": str(tmp_path / "absent\0.xlsx"), "answers": {}}),
        json.dumps(
            {"form": str(path), "answers": {"/plan": "no", "/n": 3}, "repeats": {"/r": float("inf"), "/s": "x"}}
        ),
    ]
    with speaking("en"):
        said = CliRunner().invoke(questionnaire, ["check"], input="\n".join(asked), catch_exceptions=False).output
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["ok"] for line in lines] == [True, False, False, False, True]
    assert lines[0]["invalid"] == {"/n": "required"}
    assert lines[4]["relevant"] == {"/plan": True, "/n": False}
    assert all(line["error"].endswith((".", ".xlsx")) for line in lines[1:4])


def test_a_workbook_is_read_again_when_it_changed(tmp_path: Path) -> None:
    path, checker = tmp_path / "form.xlsx", Checker()
    with speaking("en"):
        for name in ("one", "other"):
            path.write_bytes(workbook([row("text", name)], CHOICES, survey_head=HEAD, choices_head=CHOICES_HEAD))
            assert list(checker.check({"form": str(path)})["relevant"]) == [f"/{name}"]
