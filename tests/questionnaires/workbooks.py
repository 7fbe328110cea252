"""Small XLSForm workbooks, made with openpyxl."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

SURVEY = (
    "type",
    "name",
    "outreach::code",
    "label::English (en)",
    "label::Français (fr)",
    "required",
    "relevant",
    "constraint",
    "outreach::word_limit",
)
CHOICES = ("list_name", "name", "label::English (en)", "label::Français (fr)")

Rows = Sequence[Sequence[Any]]

YES_NO: Rows = [("yn", "yes", "Yes", "Oui"), ("yn", "no", "No", "Non")]
GROUP = ("begin_group", "one", "1", "Your institution", "Votre institution")
END = ("end_group",)
PLAN = ("select_one yn", "plan", "1.1", "Is there a plan?", "Existe-t-il un plan ?", "yes")


def workbook(
    survey: Rows, choices: Rows = YES_NO, *, survey_head: Sequence[str] = SURVEY, choices_head: Sequence[str] = CHOICES
) -> bytes:
    """The bytes of an .xlsx with these rows below the headings; row 1 of each sheet is the heading."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    for row in (survey_head, *survey):
        sheet.append(list(row))
    sheet = book.create_sheet("choices")
    for row in (choices_head, *choices):
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


PICTURED = ("part.png", "only.png", "media/plan.png", "plan.fr.png", "yes.png", "no.png")
"""The pictures that `pictured_workbook` names, in the order in which its form has them."""


def pictured_workbook() -> bytes:
    """A part, a note without words, and a choice, with pictures; one of them in French too."""
    media = ("media::image::English (en)", "media::image::Français (fr)")
    return workbook(
        [
            (*GROUP, *[""] * 4, "part.png"),
            ("note", "look", *[""] * 7, "only.png"),
            (*PLAN, *[""] * 3, "media/plan.png", "plan.fr.png"),
            END,
        ],
        [(*YES_NO[0], "yes.png"), (*YES_NO[1], "no.png")],
        survey_head=(*SURVEY, *media),
        choices_head=(*CHOICES, "media::image"),
    )
