"""Loops and names that stand twice: what an author meant is asked, under names that are there once."""

from collections.abc import Sequence
from typing import Any

import pytest

from outreach.errors import Invalid
from outreach.questionnaires import rows, rules, xlsform
from outreach.questionnaires.engine.workbooks import from_bytes
from outreach.questionnaires.form import Form
from outreach.questionnaires.xlsform import Imported
from outreach.questionnaires.xlsform_out import workbook as written
from tests.questionnaires.workbooks import YES_NO, workbook

pytestmark = pytest.mark.usefixtures("english")

HEAD = ("type", "name", "label::English (en)", "label::Français (fr)", "relevant", "calculation", "constraint")
KINDS = [("kinds", "ngo", "NGO", "ONG"), ("kinds", "10k", "Town", "Ville"), ("kinds", "none", "None", "Aucun")]
WHICH = ("select_multiple kinds", "which", "Which?", "Lesquelles ?")
LOOP = ("begin loop over kinds", "each", "For each", "Pour chacune")
END = ("end group",)


def read(survey: Sequence[Sequence[Any]], choices: Sequence[Sequence[Any]] = (*KINDS, *YES_NO)) -> Imported:
    return xlsform.read_with_remarks(workbook(survey, choices, survey_head=HEAD))


def faults(survey: Sequence[Sequence[Any]]) -> str:
    with pytest.raises(Invalid) as refused:
        read(survey)
    return "\n".join(refused.value.faults)


def names(form: Form) -> list[str]:
    return [item.path for item in form.items()]


def test_a_loop_is_asked_once_for_each_choice() -> None:
    survey = [
        WHICH,
        LOOP,
        ("integer", "number", "How many %(label)s?", "Combien de %(label)s ?", "selected(${which}, '%(name)s')"),
        ("text", "why", "100%% of %(label)s?", "Tous ?", "${number} > 1", None, "../number < 9"),
        ("end loop",),
        *[()] * 3,
        ("text", "why", "Why?", "Pourquoi ?"),
        *[()] * 61,
        ("nonsense", "far"),
    ]
    read_in = read(survey)
    form = read_in.form
    assert names(form) == [
        "/which",
        *("/each/ngo", "/each/ngo/ngo_number", "/each/ngo/ngo_why"),
        *("/each/_10k", "/each/_10k/_10k_number", "/each/_10k/_10k_why"),
        "/why",
    ]
    town, why = form.question("_10k_number"), form.question("_10k_why")
    assert town is not None and why is not None
    assert town.label == {"en": "How many Town?", "fr": "Combien de Ville ?"}
    assert town.relevant == "selected(${which}, '10k')" and why.relevant == "${_10k_number} > 1"
    assert why.label["en"] == "100% of Town?" and why.constraint == "../_10k_number < 9"
    assert [group.label["fr"] for group in form.parts[1].items] == ["ONG", "Ville"]
    assert read_in.remarks == (
        "Sheet “survey”, row 72: Below very many empty rows, this row and those after it are not read.",
        "Sheet “survey”, row 3: The loop is asked as a group for each choice of “kinds”; the names in it begin with the name of the choice.",
    )
    asked = rules.outcome(form, {"which": ["ngo"], "ngo_number": "2"}, submitting=False).asked
    assert asked["ngo_why"] and not asked["_10k_number"]


def test_what_was_unfolded_is_edited_and_written_out_as_it_is_asked() -> None:
    content = workbook([WHICH, LOOP, ("text", "why", "Why?", "Pourquoi ?"), ("end loop",)], KINDS, survey_head=HEAD)
    form = xlsform.read(content)
    assert xlsform.read(rows.to_workbook(rows.from_workbook(content))) == form == xlsform.read(written(form))
    assert rows.from_workbook(content).row("ngo_why") is not None


def test_loops_stand_in_loops_and_have_notes_without_names_and_what_else_there_is() -> None:
    survey = [
        ("select_multiple kinds or_other", "which", "Which?", "Lesquelles ?"),
        LOOP,
        ("note", None, "%(label)s", "%(label)s"),
        ("begin_loop yn", "again", "Again", "Encore"),
        ("text", "why", "%(label)s?", "%(label)s ?"),
        ("end_loop",),
        ("end_loop",),
    ]
    form = read(survey, [KINDS[0], *YES_NO]).form
    found = names(form)
    assert len(found) == len(set(found)) == 2 + 2 * (2 + 1 + 2 * 2)
    assert "/each/other/other_again/other_again_yes/other_again_yes_why" in found
    assert form.parts[1].items[1].label == {"en": "Other", "fr": "Autre"}


def test_pyxform_makes_the_same_questions_of_a_loop() -> None:
    survey = [WHICH, LOOP, ("integer", "number", "%(label)s?", "%(label)s ?", "selected(${which}, '%(name)s')"), ("end loop",)]  # fmt: skip
    choices = [("kinds", "ngo", "NGO", "ONG"), ("kinds", "town", "Town", "Ville")]
    content = workbook(survey, choices, survey_head=HEAD)
    theirs, ours = from_bytes(content), rules.rule_form(xlsform.read(content), "fr")
    said = [sorted("".join(map(str, text)) for text in form.texts.values()) for form in (theirs, ours)]
    assert "ONG ?" in said[1] and [len(words) for words in said] == [len(said[0])] * 2
    assert [one.name for one in theirs.root.children[1].children] == ["ngo", "town"]
    assert [one.name for one in ours.root.children[1].children] == ["ngo", "town"]


def test_a_loop_that_cannot_be_unfolded_is_refused_with_all_else() -> None:
    said = faults(
        [
            ("begin loop over nowhere", "one", "A", "B"),
            ("text", "a", "A", "B"),
            ("end loop",),
            ("begin loop", "two", "A", "B"),
            ("text", "b", "A", "B"),
            ("end loop",),
            LOOP,
            ("text", "c", "A", "B"),
            ("end loop",),
            ("text", "d", "A ${c}", "B"),
            ("end loop",),
            ("begin loop over yn", "five", "A", "B"),
        ]
    )
    assert "row 2: The list of choices “nowhere” is not on the sheet “choices”." in said
    assert "row 5: The loop does not say which list it goes through" in said
    assert "row 11: “c” can mean several questions" in said
    assert "row 12: This end of a group ends no group." in said and "row 13: This group is never ended." in said


def test_a_loop_of_loops_of_loops_is_not_unfolded_without_end() -> None:
    many = [("kinds", f"k{number}", "A", "B") for number in range(80)]
    survey = [*[LOOP] * 3, ("text", "why", "A", "B"), *[("end loop",)] * 3]
    with pytest.raises(Invalid) as refused:
        read(survey, many)
    assert "The loop makes more than 5000 rows." in "\n".join(refused.value.faults)


def test_a_name_that_stands_in_two_groups_is_made_one_of_its_own() -> None:
    read_in = read(
        [
            ("text", "name", "Your name", "Votre nom"),
            ("begin repeat", "child", "Child", "Enfant"),
            ("text", "name", "Name", "Nom"),
            ("integer", "age", "Age", "Âge", "string-length(../name) > 0"),
            ("begin group", "child", "More", "Plus"),
            ("text", "child_name", "Nickname", "Surnom", "${age} > 3"),
            END,
            ("end repeat",),
            ("begin group", "child_child2", "Other", "Autre"),
            ("text", "name", "Name", "Nom"),
            END,
        ]
    )
    assert names(read_in.form) == [
        "/name",
        *("/child", "/child/child_name_2", "/child/age", "/child/child_child", "/child/child_child/child_name"),
        "/child_child2/child_child2_name",
    ]
    age = read_in.form.question("age")
    assert age is not None and age.relevant == "string-length(../child_name_2) > 0"
    assert "row 4: The name “name” was given before, in another group; here it is “child_name_2”." in read_in.remarks[0]


def test_what_can_mean_two_questions_is_refused_and_so_is_a_name_twice_in_a_group() -> None:
    said = faults(
        [
            ("text", "name", "A", "B"),
            ("text", "name", "A", "B"),
            ("begin group", "g", "A", "B"),
            ("text", "name", "A", "B"),
            ("note", "n", "Dear ${name}", "B"),
            ("note", "m", "A", "B", "/data/g/name = 'x'"),
            END,
        ]
    )
    assert "row 3: The name “name” was given before." in said
    assert "row 6: “name” can mean several questions" in said and "row 7: “name” can mean several questions" in said


def test_choices_of_one_name_are_told_apart_by_filters_where_their_author_says_so() -> None:
    head = ("list_name", "name", "label", "state")
    choices = [("states", "wa", "Washington"), ("states", "tx", "Texas")]
    choices += [("counties", "king", "King", "wa"), ("counties", "king", "King", "tx"), ("counties", "bell", "Bell", "tx")]  # fmt: skip
    survey = [
        ("select_one states", "state", "State"),
        ("select_one counties", "county", "County", "state = ${state}"),
        ("select_one counties", "any", "Any county"),
    ]
    settings = [("allow_choice_duplicates",), ("yes",)]

    def made(*more: Sequence[str]) -> bytes:
        return workbook(
            survey, [*choices, *more], survey_head=("type", "name", "label", "choice_filter"), choices_head=head, settings=settings
        )  # fmt: skip

    form = xlsform.read(made())
    offered = rules.outcome(form, {"state": "tx"}).choices["county"]
    assert [choice.name for choice in offered] == ["king", "bell"]
    anywhere = form.question("any")
    assert anywhere is not None and [choice.name for choice in anywhere.distinct] == ["king", "bell"]
    assert xlsform.read(written(form)) == form
    with pytest.raises(Invalid) as refused:
        xlsform.read(made(("counties", "king", "Kong", "tx")))
    assert "twice, with other words" in refused.value.faults[0]
