"""The check of rules from outside: a workbook and sets of answers in, a line for each out."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from outreach.cli.questionnaire import questionnaire
from outreach.errors import Invalid
from outreach.i18n import speaking
from outreach.questionnaires.checking import Checker
from outreach.questionnaires.engine import workbooks
from tests.questionnaires.engine.forms import CHOICES, CHOICES_HEAD, HEAD, row
from tests.questionnaires.workbooks import workbook


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", workbook([("no such type", "a", None, "A")])])
def test_a_workbook_that_is_none_is_refused_in_a_sentence(content: bytes) -> None:
    with speaking("en"), pytest.raises(Invalid, match=r"\."):
        workbooks.from_bytes(content)


def test_what_pyxform_says_or_breaks_at_is_said_in_a_sentence() -> None:
    rows = [row("select_one yn", "plan"), row("calculate", "c")]
    with speaking("en"):
        with pytest.raises(Invalid, match=r"^Sheet “survey”, row 3: .*Missing calculation\.$"):
            workbooks.from_bytes(workbook(rows, CHOICES, survey_head=HEAD, choices_head=CHOICES_HEAD))
        with pytest.raises(Invalid, match=r"^Sheet “survey”, row 3: .*Question with no type\.$"):
            workbooks.from_bytes(workbook([rows[0], row("", label="Section")], survey_head=HEAD))
        attribute = [("form_title", "attribute::a:b"), ("A form", "c")]
        with pytest.raises(Invalid, match="can't say in which row"):
            workbooks.from_bytes(
                workbook(rows[:1], CHOICES, survey_head=HEAD, choices_head=CHOICES_HEAD, settings=attribute)
            )
        # Columns of an author's own that can be no names stop nothing: no filter can name them.
        head = (*CHOICES_HEAD[:3], "media", "a::b", "1st")
        workbooks.from_bytes(
            workbook(rows[:1], [("yn", "yes", "Yes", "a", "b", "c")], survey_head=HEAD, choices_head=head)
        )


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
        for day, name in enumerate(("one", "other"), start=1):
            path.write_bytes(workbook([row("text", name)], CHOICES, survey_head=HEAD, choices_head=CHOICES_HEAD))
            os.utime(path, (day * 86_400, day * 86_400))
            assert list(checker.check({"form": str(path)})["relevant"]) == [f"/{name}"]
