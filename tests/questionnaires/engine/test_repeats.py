"""Repeats under a set of answers: how many instances there are, and what rules see of them."""

from tests.questionnaires.engine.forms import form_of, outcome, row


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
