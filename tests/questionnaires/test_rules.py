"""What the rules make of answers: repeats, tables of choices, texts that hold answers, defaults, what is worked out."""

from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from outreach.i18n import speaking
from outreach.questionnaires import answers, rules, xlsform
from outreach.questionnaires.form import Form, Part, Question, QuestionType
from outreach.questionnaires.rules import Outcome
from tests.questionnaires.workbooks import workbook

HEAD = ("type", "name", "label::English (en)", "label::Français (fr)", "required", "relevant", "constraint")
HEAD += ("constraint_message::English (en)", "calculation", "choice_filter", "default", "repeat_count")


def row(kind: str, name: str = "", en: str = "", fr: str = "", **cells: str) -> tuple[str | None, ...]:
    """A row of the sheet “survey”."""
    given = {"type": kind, "name": name, HEAD[2]: en, HEAD[3]: fr or en, **cells}
    given["constraint_message::English (en)"] = cells.get("message", "")
    return tuple(given.get(heading) or None for heading in HEAD)


@pytest.fixture(scope="module")
def form() -> Form:
    choices = [
        ("region", "n", "North", "Nord", None),
        ("region", "s", "South", "Sud", None),
        ("city", "a", "Aville", "Aville", "n"),
        ("city", "b", "Bville", "Bville", "s"),
        ("need", "x", "Training", "Formation", None),
        ("need", "y", "Data", "Données", None),
    ]
    survey = [
        row("begin_group", "one", "One"),
        row("text", "inst", "Institution", required="yes"),
        row("select_one region", "region", "Region"),
        row("select_one city", "city", "City", choice_filter="region=${region}"),
        row("integer", "staff", "Staff of ${inst}", "Effectif de ${inst}"),
        row("integer", "women", "Women", constraint=". <= ${staff}", message="More than ${staff}."),
        row("calculate", "share", "Share", calculation="round(${women} div ${staff} * 100, 0)"),
        row("rank need", "needs", "Needs"),
        row("text", "country", "Country", default="Ruritania"),
        ("end_group",),
        row("begin_repeat", "practice", "Practice", relevant="${region} = 's'"),
        row("text", "title", "Title", required="yes"),
        row("text", "result", "Result of ${title}", relevant="${title} != 'Boats'"),
        row("begin_repeat", "partner", "Partner"),
        row("text", "who", "Who"),
        ("end_repeat",),
        ("end_repeat",),
        row("begin_repeat", "year", "Year", repeat_count="2"),
        row("integer", "sum", "Sum"),
        ("end_repeat",),
        row("calculate", "all", calculation="sum(${sum})"),
    ]
    head = ("list_name", "name", "label::English (en)", "label::Français (fr)", "region")
    with speaking("en"):
        return xlsform.read(workbook(survey, choices, survey_head=HEAD, choices_head=head))


def look(form: Form, given: Mapping[str, Any], *, language: str = "en", submitting: bool = True) -> Outcome:
    with speaking(language):
        return rules.outcome(form, given, submitting=submitting)


GOOD: dict[str, Any] = {"inst": "Sea", "region": "s", "practice": [{"title": "Boats"}]}


def test_each_instance_is_asked_and_checked_for_itself(form: Form) -> None:
    given = {**GOOD, "practice": [{"title": "Boats"}, {"result": "x", "partner": [{"who": "A"}, {}]}]}
    found = look(form, given)
    assert found.asked["practice.1.result"] is False and found.asked["practice.2.result"] is True
    assert found.faults == {"practice.2.title": "An answer to this question is needed."}
    assert found.counts == {"practice": 2, "practice.1.partner": 0, "practice.2.partner": 2, "year": 2}
    assert "practice.2.partner.2.who" in found.asked


def test_what_is_not_asked_stays_in_the_draft_and_out_of_the_version(form: Form) -> None:
    given = {**GOOD, "region": "n", "year": [{"sum": "1 200"}, {"sum": "3"}, {"sum": "7"}]}
    found = look(form, given)
    assert found.asked["practice"] is False and found.faults == {}
    with speaking("en"):
        kept = rules.settled(form, given, found)
    assert kept == {"inst": "Sea", "region": "n", "year": [{"sum": "1200"}, {"sum": "3"}], "all": "1203"}


def test_messages_and_labels_hold_answers_in_the_readers_language(form: Form) -> None:
    given = {**GOOD, "staff": "40", "women": "90"}
    assert look(form, given).faults == {"women": "More than 40."}
    assert look(form, given).texts["staff", "label"] == "Staff of Sea"
    assert look(form, given, language="fr").texts["staff", "label"] == "Effectif de Sea"
    assert look(form, given, language="ru").texts["staff", "label"] == "Staff of Sea"
    assert look(form, {}).texts["staff", "label"] == "Staff of …"
    assert look(form, given).calculated["share"] == "225"


def test_choices_follow_another_answer(form: Form) -> None:
    found = look(form, {**GOOD, "city": "a"})
    assert [choice.name for choice in found.choices["city"]] == ["b"]
    assert set(found.faults) == {"city"}
    assert "city" not in look(form, {**GOOD, "city": "b"}).faults


def test_an_order_may_end_early(form: Form) -> None:
    given = {**GOOD, "needs": ["y"]}
    assert look(form, given).faults == {}
    assert set(look(form, {**GOOD, "needs": ["z"]}).faults) == {"needs"}
    part = next(part for part in form.parts if part.name == "one")
    typed = answers.read_part(part, MultiDict([("q-needs", "y"), ("q-needs", "y"), ("q-needs", "")]), {}, ()).values
    assert typed == {"needs": ["y", "y"]}
    assert "twice" in look(form, {**GOOD, **typed}).faults["needs"]
    with speaking("en"):
        assert rules.settled(form, given, look(form, given))["needs"] == ["y"]


def test_a_default_is_shown_and_is_no_answer_before_it_was_saved(form: Form) -> None:
    with speaking("en"):
        assert rules.with_defaults(form, {})["country"] == "Ruritania"
        assert rules.with_defaults(form, {"country": ""})["country"] == ""
        assert "country" not in rules.settled(form, GOOD, look(form, GOOD))


def test_instances_are_read_moved_and_taken_out(form: Form) -> None:
    part = next(part for part in form.parts if not part.name)
    fields = [("q-practice", "1"), ("q-practice", "2"), ("q-practice", "3"), ("q-practice", "4")]
    fields += [("q-practice.1", "title"), ("q-practice.1.title", "Boats"), ("q-practice.2", "title result")]
    fields += [("q-practice.2.title", ""), ("q-practice.3.title", "Nets"), ("q-practice.4.title", "Sails")]
    kept = {"practice": [{"title": "old", "result": "kept, as it was not shown"}, {"result": "emptied"}]}
    read = answers.read_part(part, MultiDict(fields), kept, {"practice"}, without="practice.4")
    first = {"title": "Boats", "result": "kept, as it was not shown"}
    assert read.values["practice"] == [first, {"title": "Nets"}]
    places = [f"practice.{number}" for number in (1, 2, 3, 4)]
    assert [read.moved[place] for place in places] == ["practice.1", None, "practice.2", None]
    # While somebody types, nothing moves under their hands.
    live = answers.read_part(part, MultiDict(fields), kept, {"practice"}, whole=False)
    assert live.values["practice"] == [first, {}, {"title": "Nets"}, {"title": "Sails"}]
    # An instance that holds only a file is one.
    file = answers.read_part(part, MultiDict(fields), kept, {"practice"}, {"practice.2.paper"})
    assert file.moved["practice.2"] == "practice.2"


def test_what_a_page_sends_is_read_to_the_same_answers(form: Form) -> None:
    given = {**GOOD, "needs": ["y", "x"], "practice": [{"title": "B", "partner": [{"who": "A"}, {"who": "C"}]}]}
    for part in form.parts:
        sent = MultiDict(list(answers.sent_of(part.items, given)))
        read = answers.read_part(part, sent, {}, ())
        assert read.values == {name: given[name] for name in read.values}
        assert set(read.values) == {name for name in given if any(i.name == name for i in part.items)}


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (QuestionType.TIME, "9:05", "09:05"),
        (QuestionType.TIME, "24:00", None),
        (QuestionType.DATE_TIME, "2027-02-26T14:30", "2027-02-26T14:30"),
        (QuestionType.DATE_TIME, "2027-02-26", None),
        (QuestionType.RANGE, "٣", "3"),
    ],
)
def test_times_and_steps_have_one_spelling(kind: QuestionType, typed: str, kept: str | None) -> None:
    question = Question("q", kind, {"en": "Q"})
    with speaking("en"):
        assert (answers.fault(question, typed) is None) is (kept is not None)
    assert kept is None or answers.settled_text(question, typed) == kept


def test_rules_that_fail_at_last_stop_nobody(form: Form) -> None:
    broken = Form(
        "x", "x", "en", ("en",), (Part("", {}, (Question("q", QuestionType.TEXT, {"en": "Q"}, required=True),)),)
    )
    wrong = Form("x", "x", "en", ("en",), broken.parts, xform="<none/>")
    assert look(broken, {}).faults == look(wrong, {}).faults == {"q": "An answer to this question is needed."}
    assert look(wrong, {"q": "a"}).asked == {"q": True}
