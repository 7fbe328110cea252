"""Forms whose rules are tried: rows of a workbook, and what comes of answers."""

from typing import Any

from outreach.i18n import speaking
from outreach.questionnaires.engine import workbooks
from outreach.questionnaires.engine.definitions import RuleForm
from outreach.questionnaires.engine.results import Results, results
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
