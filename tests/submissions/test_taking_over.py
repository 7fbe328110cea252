"""What was found in a file beside what is there: nothing is lost on either side."""

from typing import Any

from outreach.i18n import speaking
from outreach.questionnaires.documents.read_back import Found
from outreach.submissions.taking_over import Beside, TakingOver
from tests.questionnaires.documents.a_form import FORM


def taking(kept: dict[str, Any], answers: dict[str, Any], *, spare: int = 0, **doubts: str) -> TakingOver:
    return TakingOver(FORM, kept, Found(answers, doubts, (), "", 20, 1, 20), spare=spare)


def test_each_answer_stands_beside_what_is_there() -> None:
    with speaking("en"):
        lines = taking(
            {"office": "A", "plan": "yes", "practice": [{"title": "One"}]},
            {"office": "B", "plan": "yes", "staff": "3", "practice": [{"title": "One"}, {"title": "Two"}]},
            view1="Two ticks.",
        ).lines()
    beside = {line.key: line.beside for line in lines}
    assert [beside[key] for key in ("office", "plan", "staff", "view1", "view2")] == [
        Beside.OTHER, Beside.SAME, Beside.NEW, Beside.NEW, Beside.NOT_FOUND,
    ]  # fmt: skip
    assert (beside["practice.1.title"], beside["practice.2.title"]) == (Beside.SAME, Beside.NEW)


def test_what_was_chosen_is_put_in_its_place_and_the_rest_stays() -> None:
    kept = {"office": "A", "practice": [{"title": "One", "partner": [{"who": "A union"}]}]}
    found = {"practice": [{"title": "First", "partner": [{"who": "A town"}]}, {"title": "Two"}]}
    chosen = {"practice.1.title": "First", "practice.2.title": "Two", "staff": ""}
    changed = taking(kept, found).changed(chosen)
    assert changed == {"practice": [{"title": "First", "partner": [{"who": "A union"}]}, {"title": "Two"}]}
    assert kept["practice"] == [{"title": "One", "partner": [{"who": "A union"}]}], "what is there was not touched"


def test_a_spare_block_left_empty_leaves_no_gap() -> None:
    over = taking({}, {"practice": [{"title": "One"}]}, spare=1)
    assert over.changed({"practice.2.title": "Two", "practice.1.partner.1.who": "A town"}) == {
        "practice": [{"partner": [{"who": "A town"}]}, {"title": "Two"}]
    }
    assert over.changed({"practice.2.title": "Two"}) == {"practice": [{"title": "Two"}]}
